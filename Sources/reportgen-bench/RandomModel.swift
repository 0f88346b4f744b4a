import Foundation
import Statistics
import Storage

/// A GPT-NeoX model of random weights on disk, so that a benchmark takes the same way as a study.
struct RandomModel {
  let folder: String

  /// Writes `config.json` and `model.safetensors` (F16) of a shape, and copies a tokenizer beside
  /// them.
  init(_ shape: PythiaShape, tokenizer: FileBytes, folder: String) throws {
    self.folder = folder
    let (layers, dModel, heads) = shape.sizes
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let config = """
      {"model_type": "gpt_neox", "hidden_size": \(dModel), "num_hidden_layers": \(layers),
       "num_attention_heads": \(heads), "intermediate_size": \(4 * dModel), "vocab_size":
       \(PythiaShape.vocabulary), "max_position_embeddings": 2048, "rotary_pct": 0.25,
       "rotary_emb_base": 10000, "layer_norm_eps": 1e-05, "hidden_act": "gelu",
       "use_parallel_residual": true, "tie_word_embeddings": false}
      """
    try Data(config.utf8).write(to: URL(filePath: folder + "/config.json"))
    try tokenizer.withBytes { try Data($0).write(to: URL(filePath: folder + "/tokenizer.json")) }
    try Self.write(
      Self.tensors(layers: layers, dModel: dModel), to: folder + "/model.safetensors")
  }

  private typealias Tensor = (name: String, shape: [Int])

  private static func tensors(layers: Int, dModel: Int) -> [Tensor] {
    func linear(_ name: String, _ rows: Int, _ columns: Int) -> [Tensor] {
      [(name + ".weight", [rows, columns]), (name + ".bias", [rows])]
    }
    func norm(_ name: String) -> [Tensor] {
      [(name + ".weight", [dModel]), (name + ".bias", [dModel])]
    }
    let blocks = (0..<layers).flatMap { layer -> [Tensor] in
      let prefix = "gpt_neox.layers.\(layer)."
      return norm(prefix + "input_layernorm") + norm(prefix + "post_attention_layernorm")
        + linear(prefix + "attention.query_key_value", 3 * dModel, dModel)
        + linear(prefix + "attention.dense", dModel, dModel)
        + linear(prefix + "mlp.dense_h_to_4h", 4 * dModel, dModel)
        + linear(prefix + "mlp.dense_4h_to_h", dModel, 4 * dModel)
    }
    return [("gpt_neox.embed_in.weight", [PythiaShape.vocabulary, dModel])] + blocks
      + norm("gpt_neox.final_layer_norm")
      + [("embed_out.weight", [PythiaShape.vocabulary, dModel])]
  }

  private static func write(_ tensors: [Tensor], to path: String) throws {
    var header: [String] = []
    var end = 0
    for (name, shape) in tensors {
      let start = end
      end += 2 * shape.reduce(1, *)
      header.append(
        "\"\(name)\":{\"dtype\":\"F16\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}")
    }
    var text = Array("{\(header.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    bytes.reserveCapacity(bytes.count + end)
    var generator = MersenneTwister(seed: 0)
    for (name, shape) in tensors {
      let isScale = name.hasSuffix("norm.weight")
      let width = isScale ? 0.1 : 1.7 / Double(shape.count > 1 ? shape[1] : 64).squareRoot()
      for _ in 0..<shape.reduce(1, *) {
        let spread = Float((generator.uniform() * 2 - 1) * width) + (isScale ? 1 : 0)
        let pattern = halfBits(spread)
        bytes.append(UInt8(truncatingIfNeeded: pattern))
        bytes.append(UInt8(truncatingIfNeeded: pattern >> 8))
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// Truncates to binary16; the numbers written here are normal in it, or close enough to zero.
  private static func halfBits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let exponent = Int(bits >> 23 & 0xFF) - 112
    guard exponent > 0 else { return 0 }
    return UInt16(bits >> 16 & 0x8000) | UInt16(exponent << 10) | UInt16(bits >> 13 & 0x3FF)
  }
}
