import Diagnostics
import Foundation
import LanguageModel
import Storage
import Testing

struct WideningTests {
  /// A number of sign, exponent and mantissa from its definition (IEEE 754), exact in Double.
  private func value(_ bits: Int, exponentBits: Int, mantissaBits: Int) -> Double {
    let mantissa = bits & (1 << mantissaBits - 1)
    let exponent = bits >> mantissaBits & (1 << exponentBits - 1)
    let bias = 1 << (exponentBits - 1) - 1
    let magnitude =
      exponent == 0
      ? scalbn(Double(mantissa), 1 - bias - mantissaBits)
      : scalbn(Double(mantissa + 1 << mantissaBits), exponent - bias - mantissaBits)
    return bits >> (exponentBits + mantissaBits) == 0 ? magnitude : -magnitude
  }

  private func view(_ type: String, _ shape: [Int], _ bytes: [UInt8], padding: Int = 0) throws
    -> TensorView
  {
    let file = FileBytes(
      TinyCheckpoint.safetensors([.init("w", type, shape, bytes: bytes)], padding: padding),
      name: "x.safetensors")
    return try TensorView(Safetensors(file).tensors[0])
  }

  private func widened(_ view: TensorView, rows: Range<Int>? = nil) throws -> [Float] {
    var result = [Float](repeating: -1, count: (rows?.count ?? view.rows) * view.columns)
    try result.withUnsafeMutableBufferPointer { try view.widen(rows: rows, into: $0) }
    return result
  }

  private func halves(_ patterns: [UInt16]) -> [UInt8] {
    patterns.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
  }

  /// Every finite pattern at once, at every alignment of the data.
  @Test(arguments: [("F16", 5, 10), ("BF16", 8, 7)], [0, 1])
  func widensEveryFinitePatternExactly(
    format: (type: String, exponentBits: Int, mantissaBits: Int), padding: Int
  ) throws {
    let all = 1 << format.exponentBits - 1
    let patterns = (0..<65_536).filter { $0 >> format.mantissaBits & all != all }
    let view = try view(
      format.type, [patterns.count], halves(patterns.map(UInt16.init)), padding: padding)
    let wrong = try zip(patterns, widened(view)).filter { pattern, float in
      let expected = Float(
        value(pattern, exponentBits: format.exponentBits, mantissaBits: format.mantissaBits))
      return float.bitPattern != expected.bitPattern
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test(arguments: [("F16", 5, 10), ("BF16", 8, 7)])
  func refusesEveryPatternThatIsNotFinite(
    format: (type: String, exponentBits: Int, mantissaBits: Int)
  ) throws {
    let all = 1 << format.exponentBits - 1
    for pattern in 0..<65_536 where pattern >> format.mantissaBits & all == all {
      let view = try view(format.type, [1], halves([UInt16(pattern)]))
      #expect(throws: Diagnostic.self) { _ = try widened(view) }
    }
  }

  @Test func copiesFloatsBitByBit() throws {
    let floats: [Float] = [
      0, -0.0, 1, -.pi, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude,
    ]
    let view = try view(
      "F32", [7], floats.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
    #expect(try widened(view).map(\.bitPattern) == floats.map(\.bitPattern))
  }

  @Test func widensSomeRows() throws {
    let view = try view("BF16", [5, 3], halves((0..<15).map { UInt16($0) << 7 }))
    let whole = try widened(view)
    for first in 0..<5 {
      for end in first...5 {
        #expect(try widened(view, rows: first..<end) == Array(whole[3 * first..<3 * end]))
      }
    }
  }

  @Test func widensAScalar() throws {
    #expect(try widened(view("F16", [], halves([0x3C00]))) == [1])
  }

  /// trust.md, row 22.
  @Test(arguments: [
    ("F16", UInt16(0x7E00), UInt16(0xFC00)), ("BF16", UInt16(0x7FC0), UInt16(0xFF80)),
  ])
  func namesTheFirstNotFiniteWeightAndTheirNumber(
    type: String, nan: UInt16, infinity: UInt16
  ) throws {
    var patterns = [UInt16](repeating: 0, count: 60)
    patterns[17] = nan
    patterns[40] = infinity
    let view = try view(type, [20, 3], halves(patterns))
    // Any part that meets one tells of the whole tensor.
    for rows in [0..<20, 5..<6, 13..<14] {
      let text = message { _ = try widened(view, rows: rows) }
      let words = "x.safetensors: w: expected 60 finite weights, found NaN at index 17, 2 NaN"
      #expect(text?.contains(words) == true, "\(text ?? "")")
    }
    #expect(try widened(view, rows: 6..<13).allSatisfy { $0 == 0 })
    patterns[17] = 0
    let flat = try self.view(type, [60], halves(patterns))
    let text = message { _ = try widened(flat) }
    #expect(text?.contains("found infinity at index 40, 1 NaN or infinite") == true)
  }
}
