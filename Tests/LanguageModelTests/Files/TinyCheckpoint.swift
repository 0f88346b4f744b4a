import Diagnostics
import Foundation
import LanguageModel
import Storage
import Testing

/// Builds small model files, sound or broken, in memory.
enum TinyCheckpoint {
  struct Tensor {
    var name: String
    var type = "F32"
    var shape: [Int]
    var bytes: [UInt8]

    init(_ name: String, _ type: String, _ shape: [Int], bytes: [UInt8]? = nil) {
      let size = ["F64": 8, "I64": 8, "F32": 4, "I32": 4, "BOOL": 1, "U8": 1][type] ?? 2
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes ?? Array(repeating: 0, count: shape.reduce(size, *))
    }
  }

  /// A sound safetensors file.
  static func safetensors(_ tensors: [Tensor], padding: Int = 0) -> [UInt8] {
    var start = 0
    let members = tensors.map { tensor in
      defer { start += tensor.bytes.count }
      let end = start + tensor.bytes.count
      return #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"#
        + #""data_offsets":[\#(start),\#(end)]}"#
    }
    let header = "{\(members.joined(separator: ","))}" + String(repeating: " ", count: padding)
    return file(header: header, data: tensors.flatMap(\.bytes))
  }

  /// A file of any header, with its true length or another in front.
  static func file(header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return withUnsafeBytes(of: length.littleEndian, Array.init) + Array(header.utf8) + data
  }

  /// Every tensor that the architecture asks for, all zero.
  static func tensors(
    _ architecture: Architecture, type: String = "F32", prefixed: Bool = true
  ) -> [Tensor] {
    WeightSources(architecture) { $0 == "embed_in.weight" && !prefixed }.tensors
      .map { Tensor($0.tensor, type, $0.shape) }
  }

  static func folder(_ files: [String: [UInt8]], name: String = "tiny") -> Folder {
    Folder(
      name: name,
      files: Dictionary(
        uniqueKeysWithValues: files.map { ($0, FileBytes($1, name: "\(name)/\($0)")) }))
  }

  /// A GPT-NeoX configuration; fields of `changes` replace, add or (as nil) remove fields.
  static func config(_ changes: [String: String?] = [:]) -> String {
    var fields: [String: String?] = [
      "model_type": #""gpt_neox""#, "hidden_size": "8", "num_attention_heads": "2",
      "num_hidden_layers": "2", "intermediate_size": "32", "vocab_size": "10",
      "max_position_embeddings": "16", "hidden_act": #""gelu""#, "layer_norm_eps": "1e-05",
      "rotary_pct": "0.5", "rotary_emb_base": "10000", "use_parallel_residual": "true",
      "tie_word_embeddings": "false",
    ]
    fields.merge(changes) { $1 }
    return "{"
      + fields.compactMapValues(\.self).sorted { $0.key < $1.key }
      .map { #""\#($0)": \#($1)"# }.joined(separator: ", ") + "}"
  }

  static func architecture(_ changes: [String: String?] = [:]) throws -> Architecture {
    try Architecture(folder: folder(["config.json": Array(config(changes).utf8)]))
  }
}

/// The message of the diagnostic that `body` throws; nil, and a failed test, when it throws none.
func message(
  kind: Diagnostic.Kind = .data, sourceLocation: SourceLocation = #_sourceLocation,
  of body: () throws -> Void
) -> String? {
  let error = #expect(throws: Diagnostic.self, sourceLocation: sourceLocation) { try body() }
  #expect(error?.kind == kind, sourceLocation: sourceLocation)
  return error?.message
}

/// A folder on disk that goes away with the test.
final class ScratchFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "tiny-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to file: String) throws {
    let url = URL(filePath: path).appending(path: file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func link(_ file: String, to target: String) throws {
    let url = URL(filePath: path).appending(path: file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: url.path, withDestinationPath: target)
  }
}
