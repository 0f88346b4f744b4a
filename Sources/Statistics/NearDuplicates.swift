/// Finds documents that nearly repeat an earlier one, by MinHash of the 5-grams of their tokens
/// (Broder 1997).
///
/// Signatures of 128 hashes are compared in 32 bands of four; a pair that agrees in a band is then
/// compared by the whole sets, so that no unlike documents are held for alike.
package struct NearDuplicates: Sendable {
  package static let gram = 5
  static let hashes = 128
  static let band = 4

  /// The share of common 5-grams from which on a document is a near-duplicate.
  package let similarity: Double
  private var bands: [UInt64: [Int32]] = [:]
  private var sets: [Set<UInt64>] = []

  package init(similarity: Double) {
    self.similarity = similarity
  }

  /// Adds a document.
  ///
  /// - Returns: the index of the first document that it nearly repeats, counted from 0 in the order
  ///   of the calls; nil if it is new
  package mutating func add(_ tokens: some RandomAccessCollection<Int32>) -> Int? {
    let grams = Self.grams(Array(tokens))
    let keys = Self.bands(of: Self.signature(grams))
    let candidates = Set(keys.flatMap { bands[$0] ?? [] }).sorted()
    let found = candidates.first {
      Self.similarity(grams, sets[Int($0)]) >= similarity
    }
    for key in keys { bands[key, default: []].append(Int32(sets.count)) }
    sets.append(grams)
    return found.map { Int($0) }
  }

  /// The share of the 5-grams of either set that both have (Jaccard).
  package static func similarity(_ a: Set<UInt64>, _ b: Set<UInt64>) -> Double {
    let common = a.count < b.count ? a.count(where: b.contains) : b.count(where: a.contains)
    let all = a.count + b.count - common
    return all == 0 ? 1 : Double(common) / Double(all)
  }

  /// Hashes of all runs of five tokens; a shorter document is one run.
  package static func grams(_ tokens: [Int32]) -> Set<UInt64> {
    let count = max(1, tokens.count - gram + 1)
    return Set(
      (0..<count).map { first in
        tokens[first..<min(first + gram, tokens.count)].reduce(0) {
          mixed($0 &* 31 &+ UInt64(UInt32(bitPattern: $1)) &+ 1)
        }
      })
  }

  /// The least of each of 128 hashes of the grams.
  package static func signature(_ grams: Set<UInt64>) -> [UInt64] {
    (0..<UInt64(hashes)).map { index in
      let salt = mixed(index &+ 1)
      return grams.reduce(UInt64.max) { min($0, mixed($1 ^ salt)) }
    }
  }

  private static func bands(of signature: [UInt64]) -> [UInt64] {
    stride(from: 0, to: hashes, by: band).map { first in
      signature[first..<first + band].reduce(UInt64(first)) { mixed($0 &* 31 &+ $1) }
    }
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
