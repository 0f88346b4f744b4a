import Diagnostics
import JSON

/// Refuses fields that change the arithmetic in ways that are not implemented, by their name.
extension Configuration {
  /// Refuses a boolean that differs from the implemented one; a missing field means `standard`.
  func require(_ path: String, _ expected: Bool, absent standard: Bool) throws {
    let value = try field(path)
    guard value?.bool ?? (value == nil ? standard : !expected) == expected else {
      throw fault(path, "\(expected)", value, advice: Self.advice)
    }
  }

  /// Refuses any value but null.
  func requireNothing(_ path: String) throws {
    if let value = try field(path) {
      throw fault(path, "null", value, advice: Self.advice)
    }
  }

  /// Refuses quantised weights, which are small integers with scales.
  func refuseQuantization() throws {
    guard let value = try field("quantization_config") else { return }
    let method = value["quant_method"]?.string.map { "weights quantised by \($0)" }
    throw fault(
      "quantization_config", "weights of F32, F16 or BF16", found: method ?? value.summary,
      advice: "Get the checkpoint that it was made from, or a GGUF file of the model.")
  }

  private static let advice =
    "Models of this family that need another value are not supported; name another model."
}
