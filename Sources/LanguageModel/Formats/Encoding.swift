/// The encodings of numbers that can be widened to Float, by their names in files.
package enum Encoding: String, Sendable, CaseIterable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  // The other cases are blocks of quantised numbers, with GGUF's names.
  case q80 = "Q8_0"
  case q40 = "Q4_0"
  case q41 = "Q4_1"
  case q50 = "Q5_0"
  case q51 = "Q5_1"
  case iq4NL = "IQ4_NL"
  case q2K = "Q2_K"
  case q3K = "Q3_K"
  case q4K = "Q4_K"
  case q5K = "Q5_K"
  case q6K = "Q6_K"

  /// The number of elements that are encoded together, and their bytes. A row is a whole number of
  /// blocks.
  package var block: (elements: Int, bytes: Int) {
    switch self {
    case .f32: (1, 4)
    case .f16, .bf16: (1, 2)
    case .q80: (32, 34)
    case .q40, .iq4NL: (32, 18)
    case .q41: (32, 20)
    case .q50: (32, 22)
    case .q51: (32, 24)
    case .q2K: (256, 84)
    case .q3K: (256, 110)
    case .q4K: (256, 144)
    case .q5K: (256, 176)
    case .q6K: (256, 210)
    }
  }

  /// Whether several numbers share a scale.
  package var isQuantised: Bool { block.elements > 1 }

  /// The names of all encodings, for a message.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// What is wrong with a widened number; nil if it is finite.
  ///
  /// The widening of a half has no branch for infinity and NaN: infinity widens to 2¹⁶ and a NaN to
  /// a larger number, both above the largest half.
  func flaw(of value: Float) -> String? {
    switch self {
    case .f16 where value.magnitude >= 65_536: value.magnitude == 65_536 ? "infinity" : "NaN"
    default: value.isFinite ? nil : value.isNaN ? "NaN" : "infinity"
    }
  }

  /// The bytes of `count` numbers, which make whole blocks.
  package func bytes(of count: Int) -> Int { count / block.elements * block.bytes }

  /// Widens whole blocks.
  ///
  /// Loops are branch-free, so that they vectorise for the baseline instruction set.
  /// - Parameters:
  ///   - source: the first byte of the first block; it need not be aligned
  ///   - count: the number of elements, a multiple of `block.elements`
  /// - Returns: whether all numbers are finite
  func widen(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int
  ) -> Bool {
    switch self {
    case .f32: widenF32(source, into: target, count: count)
    case .f16: widenF16(source, into: target, count: count)
    case .bf16: widenBF16(source, into: target, count: count)
    default: widenBlocks(source, into: target, count: count)
    }
  }
}
// Each function returns whether all numbers were finite. It adds to the exponent so that an
// exponent of all ones carries into the sign bit, and collects the carries by `or`: two operations,
// no comparison.

private func widenF32(
  _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int
) -> Bool {
  var carries: UInt32 = 0
  for i in 0..<count {
    let bits = source.loadUnaligned(fromByteOffset: i &* 4, as: UInt32.self)
    carries |= (bits & 0x7FFF_FFFF) &+ 0x0080_0000
    target[i] = Float(bitPattern: bits)
  }
  return carries < 0x8000_0000
}

private func widenBF16(
  _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int
) -> Bool {
  var carries: UInt32 = 0
  for i in 0..<count {
    let bits = UInt32(source.loadUnaligned(fromByteOffset: i &* 2, as: UInt16.self)) &<< 16
    carries |= (bits & 0x7FFF_FFFF) &+ 0x0080_0000
    target[i] = Float(bitPattern: bits)
  }
  return carries < 0x8000_0000
}

/// Widens halves. A normal number's exponent is rebiased from 15 to 127 by an integer addition. A
/// subnormal m·2⁻²⁴ is (2⁻¹⁴ + m·2⁻²⁴) − 2⁻¹⁴, which is exact and avoids subnormal Floats, which
/// are slow.
private func widenF16(
  _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int
) -> Bool {
  var carries: UInt32 = 0
  for i in 0..<count {
    let half = UInt32(source.loadUnaligned(fromByteOffset: i &* 2, as: UInt16.self))
    let magnitude = (half & 0x7FFF) &<< 13
    let smallest = Float(bitPattern: 0x3880_0000)
    let subnormal = Float(bitPattern: magnitude &+ 0x3880_0000) - smallest
    let bits = magnitude < 0x0080_0000 ? subnormal.bitPattern : magnitude &+ 0x3800_0000
    carries |= magnitude &+ 0x7080_0000
    target[i] = Float(bitPattern: bits | (half & 0x8000) &<< 16)
  }
  return carries < 0x8000_0000
}
