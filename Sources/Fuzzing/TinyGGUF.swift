import JSON

/// A sound GGUF file of a few kilobytes, as trees that can be damaged one by one.
struct TinyGGUF {
  /// Keys and values.
  let metadata: JSON
  /// Each with `name`, `type`, `shape` and `offset`.
  let tensors: JSON
  let data: [UInt8]

  private static let alignment = 32

  /// A Llama of one layer with Q8_0 matrices.
  init() {
    let (dModel, dMLP, vocabulary) = (32, 64, 40)
    let tokens = ["<unk>", "<s>", "▁", "a", "b", "ab", "▁a"] + (7..<vocabulary).map { "t\($0)" }
    func numbers(_ values: [String]) -> JSON { .array(values.map { .number($0) }) }
    metadata = .object([
      .init(key: "general.architecture", value: .string("llama")),
      .init(key: "general.alignment", value: .number("\(Self.alignment)")),
      .init(key: "llama.block_count", value: .number("1")),
      .init(key: "llama.context_length", value: .number("48")),
      .init(key: "llama.embedding_length", value: .number("\(dModel)")),
      .init(key: "llama.feed_forward_length", value: .number("\(dMLP)")),
      .init(key: "llama.attention.head_count", value: .number("2")),
      .init(key: "llama.attention.head_count_kv", value: .number("1")),
      .init(key: "llama.attention.layer_norm_rms_epsilon", value: .number("1e-05")),
      .init(key: "llama.rope.freq_base", value: .number("10000.0")),
      .init(key: "llama.rope.dimension_count", value: .number("16")),
      .init(key: "tokenizer.ggml.model", value: .string("llama")),
      .init(key: "tokenizer.ggml.tokens", value: .array(tokens.map { .string($0) })),
      .init(
        key: "tokenizer.ggml.scores", value: numbers(tokens.indices.map { "-\($0).5" })),
      .init(
        key: "tokenizer.ggml.token_type",
        value: numbers(["2", "3"] + tokens.dropFirst(2).map { _ in "1" })),
      .init(key: "tokenizer.ggml.bos_token_id", value: .number("1")),
      .init(key: "tokenizer.ggml.add_bos_token", value: .bool(true)),
      .init(key: "tokenizer.ggml.add_space_prefix", value: .bool(true)),
    ])
    let shapes: KeyValuePairs<String, [Int]> = [
      "token_embd": [dModel, vocabulary], "blk.0.attn_norm": [dModel],
      "blk.0.attn_q": [dModel, dModel], "blk.0.attn_k": [dModel, dModel / 2],
      "blk.0.attn_v": [dModel, dModel / 2], "blk.0.attn_output": [dModel, dModel],
      "blk.0.ffn_norm": [dModel], "blk.0.ffn_gate": [dModel, dMLP], "blk.0.ffn_up": [dModel, dMLP],
      "blk.0.ffn_down": [dMLP, dModel], "output_norm": [dModel],
    ]
    var random = FuzzRandom(seed: 3)
    var bytes: [UInt8] = []
    var infos: [JSON] = []
    for (name, shape) in shapes {
      while !bytes.count.isMultiple(of: Self.alignment) { bytes.append(0) }
      infos.append(
        .object([
          .init(key: "name", value: .string(name + ".weight")),
          .init(key: "type", value: .number(shape.count == 1 ? "0" : "8")),
          .init(key: "shape", value: numbers(shape.map { "\($0)" })),
          .init(key: "offset", value: .number("\(bytes.count)")),
        ]))
      let count = shape.reduce(1, *)
      if shape.count == 1 {
        for _ in 0..<count { Self.append(Float(1).bitPattern, to: &bytes) }
      } else {
        for _ in 0..<count / 32 {
          // 2⁻⁸ in half precision.
          Self.append(UInt16(0x1C00), to: &bytes)
          for _ in 0..<32 { bytes.append(UInt8(random.below(256))) }
        }
      }
    }
    tensors = .array(infos)
    data = bytes
  }

  /// The bytes of a file; trees that say what a file cannot are written as well as they go.
  static func file(_ metadata: JSON, _ tensors: JSON, _ data: [UInt8]) -> [UInt8] {
    var bytes = Array("GGUF".utf8)
    let keys = metadata.object ?? []
    let infos = tensors.array ?? []
    append(UInt32(3), to: &bytes)
    append(UInt64(infos.count), to: &bytes)
    append(UInt64(keys.count), to: &bytes)
    for member in keys {
      append(member.key, to: &bytes)
      appendTyped(member.value, to: &bytes)
    }
    for info in infos {
      append(info["name"]?.string ?? "", to: &bytes)
      let shape = info["shape"]?.array ?? []
      append(UInt32(truncatingIfNeeded: shape.count), to: &bytes)
      for size in shape { append(integer(size), to: &bytes) }
      append(UInt32(truncatingIfNeeded: integer(info["type"])), to: &bytes)
      append(integer(info["offset"]), to: &bytes)
    }
    while !bytes.count.isMultiple(of: alignment) { bytes.append(0) }
    return bytes + data
  }

  private static func integer(_ value: JSON?) -> UInt64 {
    UInt64(bitPattern: Int64(value?.integer ?? Int(value?.string?.utf8.count ?? 0)))
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    append(UInt64(text.utf8.count), to: &bytes)
    bytes += text.utf8
  }

  /// The number of the type, then the value; an array has the type of its first member.
  private static func appendTyped(_ value: JSON, to bytes: inout [UInt8]) {
    append(type(value), to: &bytes)
    guard let items = value.array else { return append(value, as: type(value), to: &bytes) }
    let element = items.first.map(type) ?? 4
    append(element, to: &bytes)
    append(UInt64(items.count), to: &bytes)
    for item in items { append(item, as: element, to: &bytes) }
  }

  private static func type(_ value: JSON) -> UInt32 {
    switch value {
    case .bool: 7
    case .string, .null, .object: 8
    case .array: 9
    case .number(let digits): Int(digits) == nil ? 6 : Int32(digits) == nil ? 11 : 5
    }
  }

  private static func append(_ value: JSON, as type: UInt32, to bytes: inout [UInt8]) {
    switch type {
    case 7: bytes.append(value.bool == true ? 1 : 0)
    case 5: append(Int32(truncatingIfNeeded: value.integer ?? 0), to: &bytes)
    case 6: append(Float(value.double ?? 0).bitPattern, to: &bytes)
    case 11: append(Int64(value.integer ?? 0), to: &bytes)
    case 9: appendTyped(value, to: &bytes)
    default: append(value.string ?? "", to: &bytes)
    }
  }
}
