/// Chooses passages, one per document, without near-duplicates.
///
/// A passage is a near-duplicate when it shares `shingle` tokens in a row with one already chosen.
package struct ExampleChoice: Sendable {
  /// The number of tokens of a passage.
  package static let window = 40
  /// The number of tokens of a passage around an error of the probe.
  package static let errorWindow = 20
  package static let shingle = 8
  /// The quantiles of the documents that are shown between the strongest and the weakest.
  package static let quantiles = [0.75, 0.5, 0.25]

  /// A range of tokens of a reading.
  package struct Passage: Sendable, Equatable {
    /// The index of the reading.
    package let reading: Int
    package let kind: Kind
    package let peak: Int
    package let tokens: Range<Int>
  }

  package enum Kind: Sendable, Equatable {
    case strongest, weakest, furthest
    /// The lowest activation, below 0, of a neuron that can be strongly negative.
    case negative
    case quantile(Double)
  }

  package private(set) var passages: [Passage] = []
  package private(set) var nearDuplicates = 0
  private var seen: Set<ArraySlice<Int32>> = []
  private var used: Set<Int> = []
  private let readings: [Reading]

  /// Chooses the strongest and weakest documents and some at quantiles between, ranked by their
  /// highest activation.
  ///
  /// - Parameter negative: the number of documents with the lowest activations below 0 that are
  ///   also shown, for a gated neuron
  package init(
    of readings: [Reading], strongest: Int = 5, weakest: Int = 2, negative: Int = 0
  ) {
    self.readings = readings
    let ranked = Self.ranked(readings) { $0.activation($1) }
    take(strongest, .strongest, from: ranked, window: Self.window)
    let lowest = Self.ranked(readings) { reading, position in
      reading.activation(position) < 0 ? -reading.activation(position) : nil
    }
    take(negative, .negative, from: lowest, window: Self.window)
    take(weakest, .weakest, from: ranked.reversed(), window: Self.window)
    for quantile in Self.quantiles {
      let start = Int(((1 - quantile) * Double(max(0, ranked.count - 1))).rounded())
      take(1, .quantile(quantile), from: Array(ranked.dropFirst(start)), window: Self.window)
    }
    let order = ranked.map(\.reading)
    passages.sort { one, two in
      order.firstIndex(of: one.reading) ?? 0 < order.firstIndex(of: two.reading) ?? 0
    }
  }

  /// Chooses the documents with the highest `score` of a token, among those that have a score.
  package init(
    of readings: [Reading], highest count: Int, by score: (Reading, _ position: Int) -> Float?
  ) {
    self.readings = readings
    take(count, .furthest, from: Self.ranked(readings, by: score), window: Self.errorWindow)
  }

  /// A document's token with the highest score.
  private struct Candidate {
    let reading: Int
    let peak: Int
    let score: Float
  }

  /// The documents' candidates, the highest first and equals in the order of the documents.
  /// Documents without a score are left out.
  private static func ranked(
    _ readings: [Reading], by score: (Reading, _ position: Int) -> Float?
  ) -> [Candidate] {
    readings.enumerated().compactMap { index, reading -> Candidate? in
      guard let peak = reading.peak(by: { score(reading, $0) }), let own = score(reading, peak)
      else { return nil }
      return Candidate(reading: index, peak: peak, score: own)
    }.sorted { $0.score == $1.score ? $0.reading < $1.reading : $0.score > $1.score }
  }

  private mutating func take(
    _ count: Int, _ kind: Kind, from candidates: [Candidate], window: Int
  ) {
    var missing = count
    for candidate in candidates where !used.contains(candidate.reading) {
      guard missing > 0 else { return }
      let reading = readings[candidate.reading]
      let tokens = reading.window(around: candidate.peak, length: window)
      used.insert(candidate.reading)
      let shingles = Self.shingles(reading.ids[tokens])
      guard seen.isDisjoint(with: shingles) else {
        nearDuplicates += 1
        continue
      }
      seen.formUnion(shingles)
      passages.append(
        Passage(reading: candidate.reading, kind: kind, peak: candidate.peak, tokens: tokens))
      missing -= 1
    }
  }

  /// All runs of `shingle` tokens; a shorter passage is a single run.
  private static func shingles(_ ids: ArraySlice<Int32>) -> [ArraySlice<Int32>] {
    guard ids.count > shingle else { return [ids] }
    return (ids.startIndex...ids.endIndex - shingle).map { ids[$0..<$0 + shingle] }
  }
}
