import Analyses
import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import Storage
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
    }
    let sum = result.direct.value + result.indirect.value + result.remainder.value
    #expect(abs(sum - result.total.value) < 1e-12)
    let section = try #require(
      Effects().section(result, in: try VerdictSamples.study()))
    #expect(section.figures.map(\.id) == ["effects", "effects-components"])
    #expect(section.figures[0].caption.contains("Direct is 67.0 % of the total"))
  }

  /// The residual stream is a sum, so its changes add up but for float32 rounding.
  @Test(arguments: [0, 3, 5]) func changesOfTheFinalStreamAddUp(layer: Int) throws {
    let model = try Self.demo()
    let ids: [Int32] = [0] + (5..<60).map { $0 * 7 }
    var paths = PathPatching(
      of: ids, edit: NeuronEdit(layer: layer, neuron: 436, value: 3, from: 1), in: model)
    let clean = paths.finalResidual(neuron: .clean, later: .clean)
    let total = paths.finalResidual(neuron: .ablated, later: .ablated)
    let direct = paths.finalResidual(neuron: .ablated, later: .clean)
    let indirect = paths.finalResidual(neuron: .clean, later: .ablated)
    var worst: Float = 0
    var largest: Float = 0
    for index in clean.elements.indices {
      let sum =
        direct.elements[index] + indirect.elements[index] - 2 * clean.elements[index]
      worst = max(worst, abs(sum - (total.elements[index] - clean.elements[index])))
      largest = max(largest, abs(total.elements[index] - clean.elements[index]))
    }
    #expect(worst < 1e-4)
    #expect(largest > 0.1)
  }

  /// Both ends are the model's own: a replayed run loses what a real one does.
  @Test func replayedRunsAreTheRealOnes() throws {
    let model = try Self.demo()
    let ids: [Int32] = [0] + (5..<60).map { $0 * 7 }
    let edit = NeuronEdit(layer: 3, neuron: 436, value: 3, from: 1)
    var paths = PathPatching(of: ids, edit: edit, in: model)
    let runs = try EditedRuns(of: [ids], after: 3, in: model)
    let edited = try runs.losses(of: [.init(neuron: 436, .constant(3))])[0][0]
    let replayed = paths.losses(neuron: .ablated, later: .ablated)
    #expect(zip(edited, replayed).allSatisfy { abs($0 - $1) < 1e-4 })
    let clean = paths.losses(neuron: .clean, later: .clean)
    #expect(zip(runs.clean[0], clean).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// In the last layer nothing comes later, so direct is total and indirect nothing.
  @Test func inTheLastLayerAllIsDirect() throws {
    var paths = PathPatching(
      of: [0, 9, 80, 7, 6], edit: NeuronEdit(layer: 5, neuron: 4, value: 2, from: 1),
      in: try Self.demo())
    #expect(
      paths.losses(neuron: .ablated, later: .clean)
        == paths.losses(neuron: .ablated, later: .ablated))
    #expect(
      paths.losses(neuron: .clean, later: .ablated)
        == paths.losses(neuron: .clean, later: .clean))
    #expect(PathPatching.components(after: 5, of: try Self.demo().architecture).isEmpty)
  }

  @Test func withLaterWeightsZeroedDirectIsTotal() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "effects-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = try Self.silenced(after: 0, in: folder)
    #expect(model.architecture.layers > 1)
    var paths = PathPatching(
      of: [0, 9, 8, 7, 6, 5], edit: NeuronEdit(layer: 0, neuron: 4, value: 2, from: 1), in: model)
    let clean = paths.losses(neuron: .clean, later: .clean)
    #expect(paths.losses(neuron: .clean, later: .ablated) == clean)
    let direct = paths.losses(neuron: .ablated, later: .clean)
    #expect(direct == paths.losses(neuron: .ablated, later: .ablated))
    #expect(direct != clean)
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
