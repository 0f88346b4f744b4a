import JSON
import LanguageModel
import Storage

/// A valid model of a few kilobytes, whose parts can be damaged one by one.
package struct TinyModel: Sendable {
  /// The content of `config.json`.
  let config: JSON
  /// The header of the safetensors file, and below it the data.
  let header: JSON
  let data: [UInt8]
  /// The content of `tokenizer.json`: the demo's tokenizer with fewer tokens.
  let tokenizer: JSON
  let vocabulary: Int

  package init() throws {
    vocabulary = 300
    let config = JSON.object([
      .init(key: "model_type", value: .string("gpt_neox")),
      .init(key: "hidden_size", value: .number("8")),
      .init(key: "num_attention_heads", value: .number("2")),
      .init(key: "num_hidden_layers", value: .number("3")),
      .init(key: "intermediate_size", value: .number("16")),
      .init(key: "vocab_size", value: .number("\(vocabulary)")),
      .init(key: "max_position_embeddings", value: .number("48")),
      .init(key: "hidden_act", value: .string("gelu")),
      .init(key: "layer_norm_eps", value: .number("1e-05")),
      .init(key: "rotary_pct", value: .number("0.5")),
      .init(key: "rotary_emb_base", value: .number("10000")),
      .init(
        key: "rope_parameters",
        value: .object([.init(key: "rope_type", value: .string("default"))])),
      .init(key: "use_parallel_residual", value: .bool(true)),
      .init(key: "attention_bias", value: .bool(true)),
      .init(key: "tie_word_embeddings", value: .bool(false)),
    ])
    self.config = config
    (header, data) = Self.weights(try Architecture(config: config, file: "config.json"))
    tokenizer = try Self.cutTokenizer(to: vocabulary)
  }

  /// Random weights for an architecture: the safetensors header and the data.
  static func weights(_ architecture: Architecture) -> (header: JSON, data: [UInt8]) {
    var random = FuzzRandom(seed: 1)
    var data: [UInt8] = []
    let members = WeightSources(architecture) { _ in false }.tensors.map { source in
      let start = data.count
      for _ in 0..<source.shape.reduce(1, *) {
        let value = Float.random(in: -0.5...0.5, using: &random)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 }
      }
      return JSON.Member(
        key: source.tensor,
        value: .object([
          .init(key: "dtype", value: .string("F32")),
          .init(key: "shape", value: .array(source.shape.map { .number("\($0)") })),
          .init(
            key: "data_offsets",
            value: .array([.number("\(start)"), .number("\(data.count)")])),
        ]))
    }
    return (.object(members), data)
  }

  /// The bytes of a safetensors file.
  static func safetensors(header: [UInt8], data: [UInt8], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.count)
    return withUnsafeBytes(of: length.littleEndian, Array.init) + header + data
  }

  var safetensors: [UInt8] { Self.safetensors(header: Array(header.compact.utf8), data: data) }

  /// The demo's tokenizer with the tokens below `limit` and the merges among them.
  private static func cutTokenizer(to limit: Int) throws -> JSON {
    guard let file = try Folder.embedded.file("demo/tokenizer.json"),
      case .object(let members) = try JSON(parsing: file)
    else { throw FuzzSetupFault(what: "no built-in tokenizer") }
    return .object(
      members.map { member in
        guard member.key == "model", case .object(let fields) = member.value else { return member }
        let cut = fields.map { field -> JSON.Member in
          switch field.value {
          case .object(let vocabulary) where field.key == "vocab":
            let kept = vocabulary.filter { ($0.value.integer ?? limit) < limit }
            return .init(key: field.key, value: .object(kept))
          case .array(let merges) where field.key == "merges":
            // Merges are in the order of their tokens, which follow <|endoftext|> and the 256
            // bytes.
            return .init(key: field.key, value: .array(Array(merges.prefix(limit - 257))))
          default: return field
          }
        }
        return .init(key: member.key, value: .object(cut))
      })
  }

  /// A folder of the model's files, in which `changes` replace valid files.
  func folder(_ changes: [String: [UInt8]] = [:], without: String? = nil) -> Folder {
    var files = [
      "config.json": Array(config.compact.utf8), "model.safetensors": safetensors,
      "tokenizer.json": Array(tokenizer.compact.utf8),
    ]
    files.merge(changes) { $1 }
    if let without { files[without] = nil }
    return Folder(
      name: "model",
      files: Dictionary(
        uniqueKeysWithValues: files.map { ($0, FileBytes($1, name: "model/" + $0)) }))
  }
}

/// An error of the fuzz program itself, not of the readers.
struct FuzzSetupFault: Error {
  let what: String
}
