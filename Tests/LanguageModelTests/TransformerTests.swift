import Foundation
import JSON
import LanguageModel
import LinearAlgebra
import Storage
import Testing

/// The forward pass against TransformerLens on small random models of many shapes; see
/// `Tests/reference/goldens_models.py`.
struct TransformerTests {
  static let goldens = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens")

  static let models =
    (try? FileManager.default.contentsOfDirectory(atPath: goldens.path))?.sorted() ?? []

  private struct Golden {
    let model: Transformer
    let expected: JSON

    init(_ name: String) throws {
      let path = TransformerTests.goldens.appending(path: name).path
      let folder = Folder(path: path)
      let architecture = try Architecture(folder: folder)
      let checkpoint = try Checkpoint(folder: folder, architecture: architecture)
      model = try Transformer(architecture: architecture, checkpoint: checkpoint)
      expected = try JSON(parsing: FileBytes(reading: path + "/expected.json"))
    }

    var sequences: [[Int32]] { expected["sequences"]!.matrix.map { $0.map { Int32($0) } } }
    var neurons: [Int] { expected["neurons"]!.vector.map { Int($0) } }
    var runs: [JSON] { expected["float64"]!["runs"]!.array! }
  }

  /// The largest difference, relative to 1 + |expected|: float32 against float64 over a few layers
  /// stays below 2e-5 (each golden's `largest_difference` says how far TransformerLens's own float32
  /// is from its float64).
  private func expectClose(
    _ found: [Float], _ expected: JSON?, _ what: String, tolerance: Double = 2e-5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let expected = expected?.vector, expected.count == found.count else {
      Issue.record("\(what): \(found.count) numbers", sourceLocation: sourceLocation)
      return
    }
    let worst = zip(found, expected).map { abs(Double($0) - $1) / (1 + abs($1)) }.max() ?? 0
    #expect(worst < tolerance, "\(what)", sourceLocation: sourceLocation)
  }

  @Test func goldensAreThere() { #expect(Self.models.count >= 6) }

  @Test(arguments: models) func everyStageEqualsTransformerLens(name: String) throws {
    let golden = try Golden(name)
    let shape = golden.model.architecture
    for (ids, run) in zip(golden.sequences, golden.runs) {
      var pass = ForwardPass(model: golden.model, rows: ids.count, longest: ids.count)
      pass.embed(Pack([ids]))
      for layer in 0..<shape.layers {
        for (index, row) in run["rows"]!.vector.enumerated() {
          expectClose(
            pass.residual.row(Int(row)), run["hook_resid_pre"]?.array?[layer].array?[index],
            "\(name): hook_resid_pre \(layer) at \(row) of \(ids.count)")
        }
        pass.run(layer: layer)
        for (index, row) in run["rows"]!.vector.enumerated() {
          let found = golden.neurons.map { pass.hidden[Int(row), shape.column(of: $0)] }
          expectClose(
            found, run["hook_post"]?.array?[layer].array?[index],
            "\(name): hook_post \(layer) at \(row) of \(ids.count)")
        }
      }
      if ids.count > 1 {
        let rows = (0..<Int32(ids.count - 1)).map { $0 }
        let losses = pass.losses(rows: rows, targets: Array(ids.dropFirst()))
        expectClose(losses, run["losses"], "\(name): losses of \(ids.count)")
      }
      expectClose(
        pass.logits(row: ids.count - 1), run["logits_last"], "\(name): logits of \(ids.count)",
        tolerance: 5e-5)
    }
  }

  @Test(arguments: models) func tracesEqualTransformerLens(name: String) throws {
    let golden = try Golden(name)
    for (ids, run) in zip(golden.sequences, golden.runs) {
      let trace = Trace(of: ids, in: golden.model, layer: 0)
      expectClose(trace.logits, run["logits_last"], "\(name): trace logits", tolerance: 5e-5)
      for (layer, expected) in (run["attn_out"]?.array ?? []).enumerated() {
        expectClose(trace.components[1 + 2 * layer].output, expected, "\(name): attn_out \(layer)")
      }
      for (layer, expected) in (run["mlp_out"]?.array ?? []).enumerated() {
        expectClose(trace.components[2 + 2 * layer].output, expected, "\(name): mlp_out \(layer)")
      }
      if let scale = run["hook_scale"]?.double {
        #expect(abs(Double(trace.scale) - scale) < 1e-5 * (1 + scale))
      }
      for (edit, expected) in zip(
        golden.expected["edits"]!.array!, run["edited"]?.array ?? [])
      {
        let ablated = Trace(
          of: ids, in: golden.model, layer: 0,
          edit: NeuronEdit(
            layer: edit["layer"]!.integer!, neuron: edit["neuron"]!.integer!,
            value: Float(edit["value"]!.double!), from: edit["from"]!.integer!))
        expectClose(
          ablated.logits, expected["logits_last"], "\(name): edited logits", tolerance: 5e-5)
      }
    }
  }

  /// Documents in one pack must not see each other.
  @Test(arguments: models) func packingChangesNothing(name: String) throws {
    let golden = try Golden(name)
    let documents = golden.sequences
    let rows = documents.map(\.count).reduce(0, +)
    var packed = ForwardPass(model: golden.model, rows: rows, longest: 64)
    let pack = Pack(documents)
    packed.embed(pack)
    for layer in 0..<golden.model.architecture.layers { packed.run(layer: layer) }
    for (ids, range) in zip(documents, pack.documents) {
      var alone = ForwardPass(model: golden.model, rows: ids.count, longest: ids.count)
      alone.embed(Pack([ids]))
      for layer in 0..<golden.model.architecture.layers { alone.run(layer: layer) }
      for row in range {
        let (a, b) = (packed.residual.row(row), alone.residual.row(row - range.lowerBound))
        // BLAS may split a product of other height differently; nothing else may differ.
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 2e-5 * (1 + abs($1)) })
      }
    }
  }
}

extension JSON {
  fileprivate var vector: [Double] { array?.compactMap(\.double) ?? [] }
  fileprivate var matrix: [[Double]] { array?.map(\.vector) ?? [] }
}
