import Diagnostics
import Foundation
import JSON
import LanguageModel
import LinearAlgebra
import Storage
import Synchronization
import Testing

/// Every family against transformers, on small random models whose texts are longer than their
/// windows; see `Tests/reference/goldens_families.py`.
struct FamilyTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "FamilyGoldens")

  static let models =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []

  @Test func everyFamilyHasAModel() throws {
    let families = try Self.models.map {
      try Architecture(folder: Folder(path: Self.folder.appending(path: $0).path)).family
    }
    #expect(Set(families) == Set(Families.all.map { $0.modelType }))
  }

  /// Float32 over a few layers stays below 2e-5 of 1 + |expected|, as with GPT-NeoX; where
  /// transformers itself computes norms and angles in float32, the two roundings add up.
  @Test(arguments: models) func equalsTransformers(name: String) throws {
    try holdAgainstTransformers(ModelFiles(folder: files(name)), name)
  }

  /// The models that llama.cpp knows as files of its own: it reorders rows, adds 1 to Gemma's norms
  /// and keeps Llama 3's positions as factors; see `Tests/reference/gguf_families.py`.
  @Test(arguments: ggufModels) func ggufFilesEqualTransformers(name: String) throws {
    try holdAgainstTransformers(ModelFiles(gguf: "model.gguf", in: files(name)), name)
  }

  /// Qwen 2's file under Llama's name has biases that Llama does not know; without them it would run
  /// as another model.
  @Test func aTensorThatTheFamilyDoesNotKnowIsRefused() throws {
    let bytes = try FileBytes(reading: files("qwen2").name + "/model.gguf").withBytes { Array($0) }
    let renamed = Data(bytes).replacing(Data("qwen2".utf8), with: Data("llama".utf8))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try renamed.write(to: folder.appending(path: "model.gguf"))
    let fault = #expect(throws: Diagnostic.self) {
      try ModelFiles(gguf: "model.gguf", in: Folder(path: folder.path))
    }
    #expect(fault?.message.contains("blk.0.attn_k.bias") == true, "\(fault?.message ?? "")")
  }

  static let ggufModels = models.filter {
    FileManager.default.fileExists(atPath: folder.appending(path: $0 + "/model.gguf").path)
  }

  private func files(_ name: String) -> Folder {
    Folder(path: Self.folder.appending(path: name).path)
  }

  private func holdAgainstTransformers(_ files: ModelFiles, _ name: String) throws {
    let architecture = files.architecture
    let model = try Transformer(architecture: architecture, checkpoint: files.checkpoint)
    let path = Self.folder.appending(path: name).path
    let expected = try JSON(parsing: FileBytes(reading: path + "/expected.json"))
    let sequences = (expected["sequences"]?.array ?? []).map { $0.numbers.map { Int32($0) } }
    let neurons = expected["neurons"]?.numbers.map { Int($0) } ?? []
    for (ids, run) in zip(sequences, expected["runs"]?.array ?? []) {
      var pass = ForwardPass(model: model, rows: ids.count, longest: ids.count)
      pass.embed(Pack([ids]))
      for layer in 0..<architecture.layers {
        pass.run(layer: layer)
        for (index, row) in (run["rows"]?.numbers ?? []).enumerated() {
          let found = neurons.map { pass.hidden[Int(row), architecture.column(of: $0)] }
          close(
            found, run["hook_post"]?.array?[layer].array?[index].numbers,
            "\(name): hook_post \(layer) at \(row) of \(ids.count)")
        }
      }
      if ids.count > 1 {
        let losses = pass.losses(
          rows: (0..<Int32(ids.count - 1)).map { $0 }, targets: Array(ids.dropFirst()))
        close(losses, run["losses"]?.numbers, "\(name): losses of \(ids.count)")
      }
      let logits = pass.logits(row: ids.count - 1).map(Double.init)
      let top = logits.max() ?? 0
      let sum = top + log(logits.reduce(0) { $0 + exp($1 - top) })
      close(
        logits.map { Float($0 - sum) }, run["last"]?.numbers,
        "\(name): log probabilities of \(ids.count)")
    }
  }

  /// A model that is widened layer by layer gives the same bytes, whatever its family, and several
  /// workers share its layers.
  @Test(arguments: models) func layerwiseGivesTheSameBytes(name: String) throws {
    let files = Folder(path: Self.folder.appending(path: name).path)
    let architecture = try Architecture(folder: files)
    let checkpoint = try Checkpoint(folder: files, architecture: architecture)
    let whole = try Transformer(architecture: architecture, checkpoint: checkpoint)
    let layered = try Transformer(
      architecture: architecture, checkpoint: checkpoint, residency: .layerwise)
    #expect(checkpoint.bytes(.whole) == checkpoint.estimatedBytes)
    let documents = (0..<6).map { document in
      (0..<30 + document).map { Int32(($0 * 7 + document) % 80) }
    }
    func losses(_ model: Transformer) -> [[UInt32]] {
      let found = Mutex([[UInt32]](repeating: [], count: documents.count))
      ParallelLoop.forEach(documents.count, workers: 3) { index in
        let ids = documents[index]
        var pass = ForwardPass(model: model, rows: ids.count, longest: ids.count)
        pass.embed(Pack([ids]))
        for layer in 0..<architecture.layers { pass.run(layer: layer) }
        let losses = pass.losses(
          rows: (0..<Int32(ids.count - 1)).map { $0 }, targets: Array(ids.dropFirst()))
        let bits = (losses + pass.logits(row: 3)).map(\.bitPattern)
        found.withLock { $0[index] = bits }
      }
      return found.withLock { $0 }
    }
    #expect(losses(whole) == losses(layered))
  }

  private func close(_ found: [Float], _ expected: [Double]?, _ what: String) {
    guard let expected, expected.count == found.count, !found.isEmpty else {
      Issue.record("\(what): \(found.count) numbers of \(expected?.count ?? 0)")
      return
    }
    let worst = zip(found, expected).map { abs(Double($0) - $1) / (1 + abs($1)) }.max() ?? 0
    #expect(worst < 5e-5, "\(what)")
  }
}

extension JSON {
  fileprivate var numbers: [Double] { array?.compactMap(\.double) ?? [] }
}
