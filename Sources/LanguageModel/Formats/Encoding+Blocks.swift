// The blocks of quantised numbers are widened in float32 with the roundings of gguf 0.19's
// `quants.py`: a product and a sum or difference, never fused. In the layouts below, d is the
// block's scale, a half-precision number.

extension Encoding {
  /// Calls `body` with each block and the place of its numbers in `target`.
  ///
  /// - Returns: whether all numbers are finite
  private static func blocks(
    _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, count: Int,
    _ block: (elements: Int, bytes: Int),
    _ body: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
  ) -> Bool {
    var carries: UInt32 = 0
    for index in 0..<count / block.elements {
      let values = target + index * block.elements
      body(source + index * block.bytes, values)
      for place in 0..<block.elements {
        carries |= (values[place].bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000
      }
    }
    return carries < 0x8000_0000
  }

  /// Widens whole blocks of a quantised type.
  ///
  /// - Returns: whether all numbers are finite
  func widenBlocks(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int
  ) -> Bool {
    let run: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void =
      switch self {
      case .q80: Self.q80
      case .q40: { Self.nibbles($0, $1, high: nil, lowest: -8, minimum: false) }
      case .q41: { Self.nibbles($0, $1, high: nil, lowest: 0, minimum: true) }
      case .q50: { Self.nibbles($0, $1, high: 2, lowest: -16, minimum: false) }
      case .q51: { Self.nibbles($0, $1, high: 4, lowest: 0, minimum: true) }
      case .iq4NL: Self.iq4NL
      case .q2K: Self.q2K
      case .q3K: Self.q3K
      case .q4K: { Self.q45K($0, $1, hasHighBits: false) }
      case .q5K: { Self.q45K($0, $1, hasHighBits: true) }
      case .q6K: Self.q6K
      case .f32, .f16, .bf16: { _, _ in }
      }
    return Self.blocks(source, target, count: count, block, run)
  }

  @inline(__always)
  private static func half(_ source: UnsafeRawPointer, _ offset: Int) -> Float {
    let bits = UInt32(source.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    let sign = (bits & 0x8000) << 16
    let magnitude = (bits & 0x7FFF) << 13
    if magnitude < 0x0080_0000 {
      let smallest = Float(bitPattern: 0x3880_0000)
      let value = Float(bitPattern: magnitude + 0x3880_0000) - smallest
      return Float(bitPattern: value.bitPattern | sign)
    }
    let exponent: UInt32 = magnitude >= 0x0F80_0000 ? 0x7000_0000 : 0x3800_0000
    return Float(bitPattern: (magnitude + exponent) | sign)
  }

  @inline(__always)
  private static func byte(_ source: UnsafeRawPointer, _ offset: Int) -> UInt8 {
    source.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// The layout is d, then 32 signed bytes.
  private static func q80(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    for j in 0..<32 { target[j] = d * Float(Int8(bitPattern: byte(block, 2 + j))) }
  }

  /// The layout is d, then a minimum in some types, then 32 fifth bits in some types, then 32
  /// nibbles: number j is in the low half of byte j, number j + 16 in its high half.
  ///
  /// - Parameter high: the byte at which the fifth bits start; nil if there are none
  @inline(__always)
  private static func nibbles(
    _ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, high: Int?, lowest: Int32,
    minimum: Bool
  ) {
    let d = half(block, 0)
    let m = minimum ? half(block, 2) : 0
    let fifth = high.map { block.loadUnaligned(fromByteOffset: $0, as: UInt32.self) } ?? 0
    let start = (high.map { $0 + 4 }) ?? (minimum ? 4 : 2)
    for j in 0..<16 {
      let pair = Int32(byte(block, start + j))
      let low = pair & 0xF | Int32(fifth >> UInt32(j) & 1) << 4
      let up = pair >> 4 | Int32(fifth >> UInt32(j + 16) & 1) << 4
      if minimum {
        target[j] = d * Float(low) + m
        target[j + 16] = d * Float(up) + m
      } else {
        target[j] = d * Float(low + lowest)
        target[j + 16] = d * Float(up + lowest)
      }
    }
  }

  /// The layout is d, then 32 nibbles that index `levels`.
  private static func iq4NL(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let d = half(block, 0)
    for j in 0..<16 {
      let pair = Int(byte(block, 2 + j))
      target[j] = d * levels[pair & 0xF]
      target[j + 16] = d * levels[pair >> 4]
    }
  }

  /// The 16 values of IQ4_NL (`kvalues_iq4nl` in ggml).
  private static let levels: [Float] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
  ]

  /// The layout is 16 bytes with a scale and a minimum each, 64 bytes with two bits per number, d,
  /// and the scale of the minima.
  private static func q2K(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let d = half(block, 80)
    let m = half(block, 82)
    for part in 0..<16 {
      let scale = byte(block, part)
      let dl = d * Float(scale & 0xF)
      let ml = m * Float(scale >> 4)
      for j in part * 16..<part * 16 + 16 {
        let q = byte(block, 16 + j / 128 * 32 + j % 32) >> UInt8(j / 32 % 4 * 2) & 3
        target[j] = dl * Float(q) - ml
      }
    }
  }

  /// The layout is 32 bytes of third bits, 64 bytes with two bits per number, 12 bytes of six-bit
  /// scales, and d.
  private static func q3K(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let d = half(block, 108)
    for part in 0..<16 {
      let low = byte(block, 96 + part % 8) >> UInt8(part / 8 * 4) & 0xF
      let high = byte(block, 104 + part % 4) >> UInt8(part / 4 * 2) & 3
      let dl = d * Float(Int32(low | high << 4) - 32)
      for j in part * 16..<part * 16 + 16 {
        let q = Int32(byte(block, 32 + j / 128 * 32 + j % 32) >> UInt8(j / 32 % 4 * 2) & 3)
        let third = Int32(byte(block, j % 32) >> UInt8(j / 32) & 1)
        target[j] = dl * Float(q - (1 - third) * 4)
      }
    }
  }

  /// The layout is d, the scale of the minima, 12 bytes of six-bit scales and minima, in Q5_K 32
  /// bytes of fifth bits, and 128 bytes with four bits per number.
  @inline(__always)
  private static func q45K(
    _ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, hasHighBits: Bool
  ) {
    let d = half(block, 0)
    let m = half(block, 2)
    let start = hasHighBits ? 48 : 16
    for part in 0..<8 {
      let scale: UInt8
      let minimum: UInt8
      if part < 4 {
        scale = byte(block, 4 + part) & 0x3F
        minimum = byte(block, 8 + part) & 0x3F
      } else {
        let both = byte(block, 8 + part)
        scale = both & 0xF | byte(block, part) >> 2 & 0x30
        minimum = both >> 4 | byte(block, 4 + part) >> 2 & 0x30
      }
      let dl = d * Float(scale)
      let ml = m * Float(minimum)
      for j in 0..<32 {
        var q = byte(block, start + part / 2 * 32 + j) >> UInt8(part % 2 * 4) & 0xF
        if hasHighBits { q |= (byte(block, 16 + j) >> UInt8(part) & 1) << 4 }
        target[part * 32 + j] = dl * Float(q) - ml
      }
    }
  }

  /// The layout is 128 bytes with four bits per number, 64 bytes with two more bits, 16 signed
  /// scales, and d.
  private static func q6K(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let d = half(block, 208)
    for part in 0..<16 {
      let dl = d * Float(Int8(bitPattern: byte(block, 192 + part)))
      for j in part * 16..<part * 16 + 16 {
        let low = byte(block, j / 128 * 64 + j % 64) >> UInt8(j / 64 % 2 * 4) & 0xF
        let high = byte(block, 128 + j / 128 * 32 + j % 32) >> UInt8(j / 32 % 4 * 2) & 3
        target[j] = dl * Float(Int32(low | high << 4) - 32)
      }
    }
  }
}
