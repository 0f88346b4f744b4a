import Foundation
import LanguageModel
import Storage

/// A model of random weights on disk, so that a benchmark reads a model as a study does.
struct RandomModel {
  let folder: String

  /// Writes `config.json` and `model.safetensors` for a shape, and copies a tokenizer beside them.
  init(_ shape: BenchShape, tokenizer: FileBytes, folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(shape.configuration.utf8).write(to: URL(filePath: folder + "/config.json"))
    try tokenizer.withBytes { try Data($0).write(to: URL(filePath: folder + "/tokenizer.json")) }
    let tensors = WeightSources(try shape.architecture) { _ in false }.tensors
    try Self.write(tensors, type: shape.type, to: folder + "/model.safetensors")
  }

  /// Writes one tensor after the other, so that a model larger than memory can be made.
  private static func write(_ tensors: [Source], type: String, to path: String) throws {
    var header: [String] = []
    var end = 0
    for tensor in tensors {
      let start = end
      end += 2 * tensor.shape.reduce(1, *)
      header.append(
        "\"\(tensor.tensor)\":{\"dtype\":\"\(type)\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    var text = Array("{\(header.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.write(contentsOf: withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) })
    try file.write(contentsOf: Data(text))
    var random = Generator()
    for tensor in tensors {
      let isScale = tensor.tensor.contains("norm") || tensor.tensor.contains("ln_")
      let columns = tensor.shape.count > 1 ? tensor.shape[1] : 64
      let width = isScale ? 0.1 : 1.7 / Float(columns).squareRoot()
      let middle: Float = isScale && tensor.tensor.hasSuffix("weight") ? 1 : 0
      let count = tensor.shape.reduce(1, *)
      for start in stride(from: 0, to: count, by: 1 << 20) {
        let part = (start..<min(start + 1 << 20, count)).map { _ in
          bits(middle + random.next() * width, type: type).littleEndian
        }
        try part.withUnsafeBytes { try file.write(contentsOf: Data($0)) }
      }
    }
    try file.close()
  }

  /// Uniform numbers from −1 to 1 (Knuth's linear congruential generator).
  private struct Generator {
    private var state: UInt64 = 1

    mutating func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  /// Truncates to BF16 or binary16. The numbers written here are normal in both types, or so close
  /// to zero that binary16 rounds them to zero.
  private static func bits(_ value: Float, type: String) -> UInt16 {
    let bits = value.bitPattern
    if type == "BF16" { return UInt16(bits >> 16) }
    let exponent = Int(bits >> 23 & 0xFF) - 112
    guard exponent > 0 else { return 0 }
    return UInt16(bits >> 16 & 0x8000) | UInt16(exponent << 10) | UInt16(bits >> 13 & 0x3FF)
  }
}
