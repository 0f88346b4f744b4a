/// Remembers, for each choice and place, whether continuing from there leads to a match.
struct RegexMemory {
  enum Fact {
    case failed, succeeded
  }

  private let places: Int
  private var failures: [UInt64]
  private var successes: [UInt64]

  init(slots: Int, places: Int) {
    self.places = places
    let words = (slots * places + 63) / 64
    failures = [UInt64](repeating: 0, count: words)
    successes = failures
  }

  func recall(_ slot: Int32, _ place: Int) -> Fact? {
    let bit = Int(slot) * places + place
    let mask = UInt64(1) << UInt64(bit & 63)
    if failures[bit >> 6] & mask != 0 { return .failed }
    return successes[bit >> 6] & mask != 0 ? .succeeded : nil
  }

  mutating func set(_ fact: Fact, _ slot: Int32, _ range: ClosedRange<Int>) {
    for place in range {
      let bit = Int(slot) * places + place
      let mask = UInt64(1) << UInt64(bit & 63)
      if fact == .failed {
        failures[bit >> 6] |= mask
      } else {
        successes[bit >> 6] |= mask
      }
    }
  }
}
