import Diagnostics
import JSON
import Storage

/// The weights of a model on disk, checked against its architecture and memory-mapped.
///
/// After opening, every tensor of `names` exists with its shape and a type that widens to Float; only
/// values are still unknown.
package struct Checkpoint: Sendable {
  /// What holds the model's weights, under which names.
  package let names: TensorNames
  /// Tensors that no part of the model reads, for the provenance.
  package let notes: [String]
  /// The files that were opened, in order.
  package let files: [FileBytes]
  /// By bytes: Swift's equality of strings is canonical, and two names may differ in form only.
  private let tensors: [ByteKey: (entry: Safetensors.Entry, file: FileBytes)]
  private let folderName: String

  /// Opens `model.safetensors`, or the shards of `model.safetensors.index.json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data` when there is neither, when a header is not sound, or
  ///   when a weight is missing or has another shape or type.
  package init(folder: Folder, architecture: Architecture) throws {
    let (tensors, files) = try Self.open(folder)
    let names = TensorNames(architecture) { tensors[ByteKey($0)] != nil }
    self.names = names
    self.tensors = tensors
    self.files = files
    folderName = folder.name
    notes = Self.extras(tensors, names: names)
    for spec in names.all { _ = try tensor(spec) }
  }

  /// The tensor of that name, which must have that shape.
  ///
  /// - Throws: `Diagnostic` of kind `.data` with both shapes.
  package func tensor(_ name: String, shape: [Int]) throws -> TensorView {
    guard let (entry, file) = tensors[ByteKey(name)] else {
      throw Diagnostic(
        .data, file: files.count == 1 ? files[0].name : folderName, field: name,
        expected: "a tensor of the shape \(shape)", found: "no tensor of this name",
        advice: "The checkpoint does not belong to this config.json, or is not a whole model.")
    }
    guard entry.shape == shape else {
      let transposed = entry.shape == shape.reversed() ? ", the transposed shape" : ""
      throw Diagnostic(
        .data, file: file.name, field: name, expected: "the shape \(shape) by config.json",
        found: "\(entry.shape)\(transposed)",
        advice: "The checkpoint does not belong to this config.json.")
    }
    return try TensorView(entry, in: file)
  }

  package func tensor(_ spec: TensorSpec) throws -> TensorView {
    try tensor(spec.name, shape: spec.shape)
  }

  /// Bytes of all weights once widened to Float, a tied unembedding counted for itself.
  ///
  /// Known from the headers alone.
  package var estimatedBytes: Int {
    names.all.reduce(0) { $0 + $1.count * MemoryLayout<Float>.stride }
  }

  /// Refuses a checkpoint whose files changed since they were opened.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package func checkUnchanged() throws {
    for file in files { try file.checkUnchanged() }
  }

  /// Lets the files' pages go that are in memory, once the weights have been widened.
  package func releasePages() {
    for file in files { file.releasePages() }
  }
}

extension Checkpoint {
  static let fileName = "model.safetensors"
  static let pickles = ["pytorch_model.bin", "pytorch_model.bin.index.json"]

  static func conversionAdvice(folder: String) -> String {
    """
    Nothing is unpickled here; convert it where you trust it: python -c "from transformers import \
    AutoModelForCausalLM as M; M.from_pretrained('\(folder)').save_pretrained('\(folder)')"
    """
  }

  private typealias Tensors = [ByteKey: (entry: Safetensors.Entry, file: FileBytes)]

  private static func open(_ folder: Folder) throws -> (Tensors, [FileBytes]) {
    if let file = try folder.file(fileName, mapped: true) {
      let entries = try Safetensors(file).entries
      // The parser has refused equal keys.
      return (
        Dictionary(uniqueKeysWithValues: entries.map { (ByteKey($0.name), ($0, file)) }), [file]
      )
    }
    if let file = try folder.file(ShardIndex.fileName) {
      return try open(ShardIndex(file), in: folder)
    }
    let pickle = try pickles.first { try folder.file($0, mapped: true) != nil }
    throw Diagnostic(
      .data, file: folder.name, expected: "\(fileName) or \(ShardIndex.fileName)",
      found: pickle.map { "only \($0), a pickle" } ?? "neither",
      advice: pickle.map { _ in conversionAdvice(folder: folder.name) }
        ?? "Name the folder that holds the model's weights.")
  }

  private static func open(
    _ index: ShardIndex, in folder: Folder
  ) throws -> (Tensors, [FileBytes]) {
    var files: [FileBytes] = []
    var byShard: [ByteKey: [ByteKey: (entry: Safetensors.Entry, file: FileBytes)]] = [:]
    for shard in index.shards {
      guard let file = try folder.file(shard, mapped: true) else {
        throw ShardIndex.fault(index.file, "weight_map", "the shard \(shard)", "no such file")
      }
      files.append(file)
      byShard[ByteKey(shard)] = Dictionary(
        uniqueKeysWithValues: try Safetensors(file).entries.map { (ByteKey($0.name), ($0, file)) })
    }
    var tensors: Tensors = [:]
    for (name, shard) in index.members {
      guard let tensor = byShard[ByteKey(shard)]?[ByteKey(name)] else {
        throw ShardIndex.fault(
          index.file, "weight_map: \(name)", "this tensor in \(shard)", "none of this name there")
      }
      tensors[ByteKey(name)] = tensor
    }
    return (tensors, files)
  }

  /// One note that names the tensors no part of the model reads.
  private static func extras(_ tensors: Tensors, names: TensorNames) -> [String] {
    let needed = Set(names.all.map { ByteKey($0.name) })
    let extra = tensors.keys.filter { !needed.contains($0) && !TensorNames.isBuffer($0.text) }
      .map(\.text).sorted()
    if extra.isEmpty { return [] }
    let shown = extra.prefix(5).joined(separator: ", ") + (extra.count > 5 ? ", …" : "")
    return ["Tensors that the model does not use (\(extra.count)): \(shown)."]
  }
}
