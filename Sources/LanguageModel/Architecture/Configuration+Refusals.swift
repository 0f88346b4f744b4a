import Diagnostics
import JSON

/// Fields that change the arithmetic in a way that is not implemented: refused by name, never run
/// wrongly.
extension Configuration {
  /// Refuses a truth value other than the one that is implemented; absence means `standard`.
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

  /// Refuses weights that are stored as small integers with scales beside them.
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
