import Diagnostics
import JSON
import Storage

/// The file `model.safetensors.index.json`, which says which of a model's files holds each tensor.
struct ShardIndex {
  static let fileName = "model.safetensors.index.json"

  let file: FileBytes
  /// The tensors and their shards, in the order of the file.
  let members: [(tensor: String, shard: String)]

  /// - Throws: `Diagnostic` of kind `.data` that names the tensor whose shard is not the name of a
  ///   file in the same folder.
  init(_ file: FileBytes) throws {
    try Lookalike.refuse(file, expected: "an index of shards as JSON")
    guard let map = try JSON(parsing: file)["weight_map"]?.object else {
      throw Self.fault(file, "weight_map", "an object from tensors to files", "none")
    }
    self.file = file
    members = try map.map { member in
      guard let shard = member.value.string, Self.isPlainName(shard) else {
        throw Self.fault(
          file, "weight_map: \(member.key)", "the name of a file beside the index",
          member.value.summary)
      }
      return (member.key, shard)
    }
  }

  /// The shards without duplicates, in the order in which the index first names them.
  var shards: [String] {
    var seen = Set<ByteKey>()
    return members.map(\.shard).filter { seen.insert(ByteKey($0)).inserted }
  }

  /// Whether a name cannot leave its folder: it has no separator and no NUL, and is not `.` or
  /// `..`.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.utf8.contains { [UInt8(ascii: "/"), UInt8(ascii: "\\"), 0].contains($0) }
  }

  static func fault(
    _ file: FileBytes, _ field: String, _ expected: String, _ found: String
  ) -> Diagnostic {
    Diagnostic(
      .data, file: file.name, field: field, expected: expected, found: found,
      advice: "Get the model's files again; an index and its shards belong together.")
  }
}
