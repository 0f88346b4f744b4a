import Analyses
import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import Storage
import StudyFile
import Testing

struct EffectsTests {
  /// Means over 700 tokens of float32 losses: rounding stays below 1e-5.
  @Test func equalsPatchingWithTransformerLensHooks() throws {
    let golden = try PatchingGolden()
    let result = try Effects().run(golden.evidence)
    let expected = golden.expected["effects"]
    PatchingGolden.close(result.total, expected?["total"], 1e-5, "total")
    PatchingGolden.close(result.direct, expected?["direct"], 1e-5, "direct")
    PatchingGolden.close(result.indirect, expected?["indirect"], 1e-5, "indirect")
    #expect(result.components.count == 10)
    for part in result.components {
      PatchingGolden.close(part.effect, expected?[part.label], 1e-5, part.label)
      // Holm's correction of Student's p values, to a tenth of themselves.
      let p = expected?["holm"]?[part.label]?.double ?? .nan
      #expect(abs((part.pValue ?? .nan) - p) < 0.1 * p + 1e-9, "\(part.label)")
    }
    let sum = result.direct.value + result.indirect.value + result.remainder.value
    #expect(abs(sum - result.total.value) < 1e-12)
    let section = try #require(
      Effects().section(result, in: try VerdictSamples.study()))
    #expect(section.figures.map(\.id) == ["effects", "effects-components"])
    #expect(section.figures[0].caption.contains("are direct and"))
    let clear = result.components.count(where: \.isClear)
    #expect(
      section.figures[1].caption.contains(
        clear == 0
          ? "no change of the loss on Dutch differs from zero after Holm's correction"
          : "after Holm's correction \(clear) of 10 differ from zero"))
  }

  /// The residual stream is a sum, so its changes add up but for float32 rounding.
  @Test(arguments: [0, 3, 5]) func changesOfTheFinalStreamAddUp(layer: Int) throws {
    let model = try Self.demo()
    let ids: [Int32] = [0] + (5..<60).map { $0 * 7 }
    let size = ids.count * model.architecture.dModel
    var forward = ForwardPass(model: model, rows: 2 * ids.count, longest: ids.count)
    forward.embed(Pack([ids]))
    for layer in 0...layer { forward.run(layer: layer) }
    let start = Array(forward.residual.elements[..<size])
    let move = StreamMove(
      change: (0..<ids.count).map {
        $0 == 0 ? 0 : 3 - forward.hidden[$0, forward.postBlock.column + 436]
      }, direction: model.outputDirection(layer: layer, neuron: 436))
    for layer in layer + 1..<max(layer + 1, model.architecture.layers) {
      forward.run(layer: layer)
    }
    let clean = Matrix(
      rows: ids.count, columns: model.architecture.dModel,
      elements: Array(forward.residual.elements[..<size]))
    forward.resume(Pack([ids, ids]))
    forward.residual.elements.replaceSubrange(0..<2 * size, with: start + start)
    move.apply(to: &forward.residual, at: ids.count, kernels: forward.kernels)
    var patched = 0
    let runs = PathRuns(&forward, after: layer, clean: clean, moves: [move]) { _, _, _ in
      patched += 1
    }
    #expect(patched == 5 * (model.architecture.layers - layer - 1))
    var worst: Float = 0
    var largest: Float = 0
    for index in clean.elements.indices {
      let sum =
        runs.direct.elements[index] + runs.indirect.elements[index] - 2 * clean.elements[index]
      let total = runs.total.elements[index] - clean.elements[index]
      worst = max(worst, abs(sum - total))
      largest = max(largest, abs(total))
    }
    #expect(worst < 1e-4)
    #expect(largest > 0.1)
  }

  /// Sums over a document: total, direct and indirect, and the clean run's.
  private static func sums(
    _ ids: [Int32], layer: Int, neuron: Int, value: Float, in model: Transformer
  ) throws -> (clean: Double, paths: [Double], edited: Double) {
    let engine = Engine(running: model, temporaryFolder: NSTemporaryDirectory())
    let documents = DocumentSet([ids])
    let edit = Intervention(
      NeuronAddress(layer: layer, neuron: neuron), to: .number(value), from: 1)
    func sum(_ outcome: Outcome) -> Double {
      outcome.tokens(.loss)[0].reduce(0.0) { $0 + Double($1) }
    }
    return (
      sum(try engine.outcome(of: Pass(documents, reading: [.loss]))),
      try engine.outcome(of: Pass(documents, interventions: [edit], reading: [.paths]))
        .documents(.paths)[0],
      sum(try engine.outcome(of: Pass(documents, interventions: [edit], reading: [.loss])))
    )
  }

  /// The total effect is that of a real run.
  @Test func theTotalIsARealRun() throws {
    let ids: [Int32] = [0] + (5..<60).map { $0 * 7 }
    let sums = try Self.sums(ids, layer: 3, neuron: 436, value: 3, in: try Self.demo())
    // A sum over 54 tokens of losses that are right to 1e-5 each.
    #expect(abs(sums.paths[0] - sums.edited) < 1e-3)
    #expect(abs(sums.paths[0] - sums.clean) > 0.01)
    #expect(sums.paths.count == 3 + 10)
  }

  /// In the last layer nothing comes later, so direct is total and indirect nothing.
  @Test func inTheLastLayerAllIsDirect() throws {
    let sums = try Self.sums(
      [0, 9, 80, 7, 6], layer: 5, neuron: 4, value: 2, in: try Self.demo())
    #expect(sums.paths.count == 3)
    #expect(sums.paths[0] == sums.paths[1])
    #expect(sums.paths[2] == sums.clean)
  }

  @Test func withLaterWeightsZeroedDirectIsTotal() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "effects-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = try Self.silenced(after: 0, in: folder)
    #expect(model.architecture.layers > 1)
    let sums = try Self.sums([0, 9, 8, 7, 6, 5], layer: 0, neuron: 4, value: 2, in: model)
    #expect(sums.paths[2] == sums.clean)
    #expect(sums.paths[1] == sums.paths[0])
    #expect(sums.paths[1] != sums.clean)
  }

  private static func demo() throws -> Transformer {
    let study = try DemoStudy.resolved()
    return try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
  }

  /// A small golden model whose layers after `layer` write nothing: the bytes of the weights and
  /// biases that write the residual stream are zero.
  private static func silenced(after layer: Int, in folder: URL) throws -> Transformer {
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "LanguageModelTests/Goldens/narrow-f32")
    try FileManager.default.copyItem(at: source, to: folder)
    let path = folder.appending(path: "model.safetensors")
    var data = [UInt8](try Data(contentsOf: path))
    let length = data[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(data[8..<8 + length])) as? [String: Any])
    for (name, entry) in header {
      let parts = name.split(separator: ".")
      guard parts.count > 4, let number = Int(parts[2]), number > layer,
        name.contains("attention.dense") || name.contains("mlp.dense_4h_to_h"),
        let offsets = (entry as? [String: Any])?["data_offsets"] as? [Int]
      else { continue }
      let range = 8 + length + offsets[0]..<8 + length + offsets[1]
      data.replaceSubrange(range, with: repeatElement(0, count: range.count))
    }
    try Data(data).write(to: path)
    let files = Folder(path: folder.path)
    let architecture = try Architecture(folder: files)
    return try Transformer(
      architecture: architecture,
      checkpoint: try Checkpoint(folder: files, architecture: architecture))
  }
}
