/// NumPy's legacy generator, `np.random.RandomState(seed)`: MT19937 seeded by one integer.
///
/// Every draw of this package comes from it, so a few lines of NumPy replay any split or resample.
/// The same seed gives the same numbers on every machine and in every NumPy since 1.7.
///
/// Source: Matsumoto and Nishimura 1998, and NumPy's `mt19937.c` and `legacy-distributions.c`.
package struct MersenneTwister: Sendable {
  private static let length = 624
  private static let offset = 397

  private var state: [UInt32]
  private var position = MersenneTwister.length

  /// Seeds the generator with a number from NumPy's range, 0 to 2³² − 1.
  package init(seed: UInt32) {
    var word = seed
    state = (1...UInt32(Self.length)).map { index in
      defer { word = 1_812_433_253 &* (word ^ (word >> 30)) &+ index }
      return word
    }
  }

  /// Draws 32 uniform bits.
  package mutating func next() -> UInt32 {
    if position == Self.length { refill() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  /// Draws a uniform number in [0, 1) with 53 random bits: `random_sample()`.
  package mutating func uniform() -> Double {
    let high = Double(next() >> 5)
    let low = Double(next() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// Draws a uniform integer from 0 through `bound`: `randint(0, bound + 1)`.
  ///
  /// As NumPy's `random_interval` does, it draws under the smallest mask that covers `bound` and
  /// rejects numbers above it; a bound of 0 draws nothing.
  package mutating func integer(through bound: UInt32) -> UInt32 {
    guard bound > 0 else { return 0 }
    let mask = UInt32.max >> UInt32(bound.leadingZeroBitCount)
    while true {
      let value = next() & mask
      if value <= bound { return value }
    }
  }

  /// Draws the numbers 0 ..< `count` in random order: `permutation(count)`, NumPy's legacy shuffle.
  package mutating func permutation(_ count: Int32) -> [Int32] {
    guard count > 0 else { return [] }
    var order = Array(0..<count)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(integer(through: UInt32(last))))
    }
    return order
  }

  private mutating func refill() {
    func twist(_ high: UInt32, _ low: UInt32) -> UInt32 {
      let mixed = (high & 0x8000_0000) | (low & 0x7FFF_FFFF)
      return (mixed >> 1) ^ (low & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    let wrap = Self.length - Self.offset
    for index in 0..<wrap {
      state[index] = state[index + Self.offset] ^ twist(state[index], state[index + 1])
    }
    for index in wrap..<Self.length - 1 {
      state[index] = state[index - wrap] ^ twist(state[index], state[index + 1])
    }
    state[Self.length - 1] = state[Self.offset - 1] ^ twist(state[Self.length - 1], state[0])
    position = 0
  }
}
