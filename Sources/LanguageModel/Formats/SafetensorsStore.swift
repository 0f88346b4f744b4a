import Diagnostics
import JSON
import Storage

/// The file `model.safetensors` of a folder, or the shards that `model.safetensors.index.json`
/// lists.
package struct SafetensorsStore: TensorStore {
  package let name: String
  package let files: [FileBytes]
  package let tensors: [StoredTensor]
  package var naming: TensorNaming { .huggingFace }

  static let fileName = "model.safetensors"
  static let pickles = ["pytorch_model.bin", "pytorch_model.bin.index.json"]

  /// Opens the weights of a folder.
  ///
  /// - Throws: `Diagnostic` of kind `.data` if the folder has neither, or if a header is damaged.
  package init(folder: Folder) throws {
    if let file = try folder.file(Self.fileName, mapped: true) {
      name = file.name
      files = [file]
      tensors = try Safetensors(file).tensors
    } else if let file = try folder.file(ShardIndex.fileName) {
      name = folder.name
      (files, tensors) = try Self.open(ShardIndex(file), in: folder)
    } else {
      let pickle = try Self.pickles.first { try folder.file($0, mapped: true) != nil }
      throw Diagnostic(
        .data, file: folder.name, expected: "\(Self.fileName) or \(ShardIndex.fileName)",
        found: pickle.map { "only \($0), a pickle" } ?? "neither",
        advice: pickle.map { _ in Self.conversionAdvice(folder: folder.name) }
          ?? "Name the folder that holds the model's weights.")
    }
  }

  static func conversionAdvice(folder: String) -> String {
    """
    Nothing is unpickled here; convert it where you trust it: python -c "from transformers import \
    AutoModelForCausalLM as M; M.from_pretrained('\(folder)').save_pretrained('\(folder)')"
    """
  }

  private static func open(
    _ index: ShardIndex, in folder: Folder
  ) throws -> ([FileBytes], [StoredTensor]) {
    var files: [FileBytes] = []
    var byShard: [ByteKey: [ByteKey: StoredTensor]] = [:]
    for shard in index.shards {
      guard let file = try folder.file(shard, mapped: true) else {
        throw ShardIndex.fault(index.file, "weight_map", "the shard \(shard)", "no such file")
      }
      files.append(file)
      // The keys are unique, because the JSON parser refuses equal keys.
      byShard[ByteKey(shard)] = Dictionary(
        uniqueKeysWithValues: try Safetensors(file).tensors.map { (ByteKey($0.name), $0) })
    }
    let tensors = try index.members.map { name, shard in
      guard let tensor = byShard[ByteKey(shard)]?[ByteKey(name)] else {
        throw ShardIndex.fault(
          index.file, "weight_map: \(name)", "this tensor in \(shard)", "none of this name there")
      }
      return tensor
    }
    return (files, tensors)
  }
}
