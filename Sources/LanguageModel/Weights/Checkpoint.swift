import Diagnostics
import JSON
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The weights of a model on disk, checked against its architecture and memory-mapped.
///
/// Once it is open, every tensor of `sources` exists, with the right shape and a type that converts
/// to Float. Only the values are not checked.
package struct Checkpoint: Sendable {
  /// Which tensors hold the model's weights.
  package let sources: WeightSources
  /// Differences between files and configuration, and tensors that the model does not use, for the
  /// provenance.
  package let notes: [String]
  /// The files that were opened, in order.
  package var files: [FileBytes] { store.files }
  private let store: any TensorStore
  /// The tensors, keyed by bytes: Swift's strings are equal by canonical equivalence, but names
  /// that differ only in Unicode form are different tensors.
  private let tensors: [ByteKey: StoredTensor]

  /// Opens the weights of a folder.
  ///
  /// - Throws: the errors of `init(store:architecture:)` and `SafetensorsStore.init(folder:)`.
  package init(folder: Folder, architecture: Architecture) throws {
    try self.init(store: SafetensorsStore(folder: folder), architecture: architecture)
  }

  /// Checks the tensors of an open store against an architecture.
  ///
  /// - Throws: `Diagnostic` of kind `.data` if a weight is missing or has the wrong shape or type.
  package init(store: some TensorStore, architecture: Architecture) throws {
    let tensors = Dictionary(
      store.tensors.map { (ByteKey($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    sources = WeightSources(architecture, naming: store.naming) { tensors[ByteKey($0)] != nil }
    self.store = store
    self.tensors = tensors
    var notes: [String] = []
    if let untied = try Self.untied(sources, tensors) { notes.append(untied) }
    if let quantised = Self.quantised(store.tensors) { notes.append(quantised) }
    let extras = Self.extras(store.tensors, sources: sources)
    if store.naming == .gguf, let tensor = extras.first {
      throw Self.unknown(tensor, of: architecture, file: store.name)
    }
    self.notes = notes + Self.note(extras)
    for (_, source) in sources.all { _ = try tensor(source) }
  }

  /// The tensor with a name, which must have the given shape.
  ///
  /// - Throws: `Diagnostic` of kind `.data` with both shapes.
  package func tensor(_ name: String, shape: [Int]) throws -> TensorView {
    guard let tensor = tensors[ByteKey(name)] else {
      throw Diagnostic(
        .data, file: store.name, field: name,
        expected: "a tensor of the shape \(shape)", found: "no tensor of this name",
        advice: "The checkpoint does not belong to this config.json, or is not a whole model.")
    }
    guard tensor.shape == shape else {
      let transposed = tensor.shape == shape.reversed() ? ", the transposed shape" : ""
      throw Diagnostic(
        .data, file: tensor.file.name, field: name,
        expected: "the shape \(shape) by config.json",
        found: "\(tensor.shape)\(transposed)",
        advice: "The checkpoint does not belong to this config.json.")
    }
    return try TensorView(tensor)
  }

  /// The tensor that a source names, which must have the source's shape.
  package func tensor(_ source: Source) throws -> TensorView {
    try tensor(source.tensor, shape: source.shape)
  }

  /// The bytes of all weights as Float; a tied unembedding counts separately.
  ///
  /// Only the headers are needed for this.
  package var estimatedBytes: Int {
    sources.all.reduce(0) { $0 + $1.source.count * MemoryLayout<Float>.stride }
  }

  /// The bytes of the weights that are in memory at once.
  ///
  /// Layerwise, these are a layer that runs and one that is being made with its temporary copies, a
  /// block of rows of the vocabulary for each of two workers, the biases and W_pos.
  package func bytes(_ residency: Residency) -> Int {
    guard residency == .layerwise else { return estimatedBytes }
    var layers: [Int: Int] = [:]
    var others = 0
    for (weight, source) in sources.all {
      switch weight {
      case .map(let layer, _), .bias(let layer, _), .norm(let layer, _, _):
        layers[layer, default: 0] += source.count
      case .embedding, .unembedding: break
      default: others += source.count
      }
    }
    let shape = sources.architecture
    let blocks = 4 * VocabularyMatrix.blockRows * shape.dModel + 2 * shape.vocabulary
    let largest = (layers.values.max() ?? 0) * 5 / 2
    return MemoryLayout<Float>.stride * (largest + others + blocks)
  }

  /// The most bytes of its files that are in memory at once while weights are converted.
  package var mappedBytes: Int { tensors.values.map(\.bytes.count).max() ?? 0 }

  /// Refuses a checkpoint whose files have changed since they were opened.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package func checkUnchanged() throws {
    for file in files { try file.checkUnchanged() }
  }

  /// Releases the memory of the files' pages, after the weights have been converted.
  package func releasePages() {
    for file in files { file.releasePages() }
  }
}

extension Checkpoint {
  /// A note for a file that holds its own unembedding, although the configuration says it is tied
  /// to the embedding; the file's is used.
  private static func untied(
    _ sources: WeightSources, _ tensors: [ByteKey: StoredTensor]
  ) throws -> String? {
    guard sources.architecture.tiesEmbeddings, let embedding = sources[.embedding],
      let unembedding = sources[.unembedding], embedding.tensor != unembedding.tensor,
      let tied = tensors[ByteKey(embedding.tensor)], let own = tensors[ByteKey(unembedding.tensor)],
      tied.type != own.type || tied.shape != own.shape || !tied.hasBytes(of: own)
    else { return nil }
    return "The configuration ties the unembedding to \(embedding.tensor), but \(own.file.name) "
      + "holds another \(unembedding.tensor); the file's is used, as transformers 5 does."
  }

  /// A note that says how the weights are quantised, if any are.
  private static func quantised(_ tensors: [StoredTensor]) -> String? {
    guard tensors.contains(where: { $0.encoding?.isQuantised ?? false }) else { return nil }
    let counts = Dictionary(grouping: tensors, by: \.type).mapValues(\.count)
    let shown = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return "The weights are quantised (tensors by type: \(shown)); they are used as they widen to "
      + "float32, and the findings hold for these weights, not for the ones they were made from."
  }

  /// The names of the tensors that no part of the model reads, in order.
  private static func extras(_ tensors: [StoredTensor], sources: WeightSources) -> [String] {
    let needed = Set(sources.all.map { ByteKey($0.source.tensor) })
    let buffers =
      (Families.family(of: sources.architecture.family)?.buffers ?? []) + GGUFNames.buffers
    return tensors.map(\.name).filter { !needed.contains(ByteKey($0)) }
      .filter { name in !buffers.contains { name.hasSuffix($0) } }.sorted()
  }

  /// One note that names extra tensors; none if there are none.
  private static func note(_ extra: [String]) -> [String] {
    if extra.isEmpty { return [] }
    let shown = extra.prefix(5).joined(separator: ", ") + (extra.count > 5 ? ", …" : "")
    return ["Tensors that the model does not use (\(extra.count)): \(shown)."]
  }

  /// The error for a tensor that the family's file does not know. A GGUF file has no `config.json`
  /// that would say whether a bias or a norm counts: llama.cpp uses each tensor that is there.
  private static func unknown(
    _ tensor: String, of architecture: Architecture, file: String
  ) -> Diagnostic {
    Diagnostic(
      .data, file: file, field: tensor, expected: "the tensors of a \(architecture.family) model",
      found: "one more", advice: "Without it this would be another model; it is not supported.")
  }
}

extension StoredTensor {
  /// Whether two tensors have the same bytes.
  fileprivate func hasBytes(of other: StoredTensor) -> Bool {
    bytes.count == other.bytes.count
      && file.withBytes { mine in
        other.file.withBytes { theirs in
          guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
          return memcmp(a + bytes.lowerBound, b + other.bytes.lowerBound, bytes.count) == 0
        }
      }
  }
}
