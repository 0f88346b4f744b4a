import Diagnostics

extension TensorView {
  /// Writes the tensor, or some of its rows, as Float, row-major.
  ///
  /// Rows may be widened by several threads at once. The loops are branch-free, so that they
  /// vectorise for the baseline instruction set, which has no conversion from F16.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the first NaN or infinity of the whole
  ///   tensor and their number, whichever rows were asked for.
  package func widen(
    rows range: Range<Int>? = nil, into destination: UnsafeMutableBufferPointer<Float>
  ) throws {
    let range = range ?? 0..<rows
    precondition(
      0 <= range.lowerBound && range.upperBound <= rows
        && destination.count == range.count * columns,
      "\(name): rows \(range) of \(shape) do not fit \(destination.count) elements")
    let finite = file.withBytes { bytes in
      guard let base = bytes.baseAddress, let target = destination.baseAddress else { return true }
      let source = base + offset + range.lowerBound * columns * scalar.size
      return switch scalar {
      case .f32: widenF32(source, into: target, count: destination.count)
      case .f16: widenF16(source, into: target, count: destination.count)
      case .bf16: widenBF16(source, into: target, count: destination.count)
      }
    }
    if !finite { throw notFinite() }
  }

  private func notFinite() -> Diagnostic {
    let (first, isNaN, count) = file.withBytes { bytes in
      var first: Int?
      var isNaN = false
      var count = 0
      for index in 0..<self.count {
        let exponent: (bits: UInt32, all: UInt32, mantissa: UInt32) =
          switch scalar {
          case .f32:
            (
              bytes.loadUnaligned(fromByteOffset: offset + 4 * index, as: UInt32.self),
              0x7F80_0000, 0x007F_FFFF
            )
          case .f16: (half(bytes, index), 0x7C00, 0x03FF)
          case .bf16: (half(bytes, index), 0x7F80, 0x007F)
          }
        guard exponent.bits & exponent.all == exponent.all else { continue }
        if first == nil {
          first = index
          isNaN = exponent.bits & exponent.mantissa != 0
        }
        count += 1
      }
      return (first ?? 0, isNaN, count)
    }
    return Diagnostic(
      .data, file: file.name, field: name, expected: "\(self.count) finite weights",
      found: "\(isNaN ? "NaN" : "infinity") at index \(first), \(count) NaN or infinite in all",
      advice: "The checkpoint is damaged or its training diverged; get another.")
  }

  private func half(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
    UInt32(bytes.loadUnaligned(fromByteOffset: offset + 2 * index, as: UInt16.self))
  }
}

// Each returns whether all were finite. Adding to the exponent so that all ones carry into the
// sign bit, and collecting by `or`, costs two operations and needs no comparison.

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

/// A normal number's exponent is rebiased from 15 to 127 by an integer addition. A subnormal m·2⁻²⁴
/// is (2⁻¹⁴ + m·2⁻²⁴) − 2⁻¹⁴, which is exact and never meets a subnormal Float (those are slow).
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
