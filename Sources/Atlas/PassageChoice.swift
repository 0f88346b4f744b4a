import Passes
import Statistics

/// Which documents a neuron's page shows, and why. They follow from the scan; the model runs again only
/// to read the neuron on them.
package struct PassageChoice: Sendable {
  package struct Choice: Sendable {
    package let kind: AtlasPassage.Kind
    /// The document's row.
    package let row: Int
    package var share: Double?
    /// The position that the passage is around; nil takes the strongest.
    var position: Int?
  }

  /// The quantiles of a neuron's mean over a document that bands are shown of.
  package static let bands = [0.99, 0.9, 0.75, 0.5]

  package let choices: [Choice]
  /// The mean that best tells the label's discovery documents from the others (the largest difference
  /// of shares, Youden 1950).
  package let cut: Double

  /// - Parameters:
  ///   - label: the label that the neuron is shown for
  ///   - means: the neuron's mean over each document
  ///   - strongest: the documents with its strongest tokens
  package init(
    label: Int, means: [Float], strongest: [StrongestDocuments.Entry], _ sides: AtlasSides,
    count: Int, seed: UInt32
  ) {
    cut = Self.cut(label, means, sides.discovery)
    var choices = strongest.prefix(count).map {
      Choice(kind: .strongest, row: $0.document, position: $0.position)
    }
    let ascending = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
    for share in Self.bands where !ascending.isEmpty {
      let place = Int((share * Double(ascending.count - 1)).rounded())
      choices.append(Choice(kind: .band, row: ascending[place], share: share))
    }
    var generator = MersenneTwister(seed: seed)
    choices += generator.permutation(Int32(means.count)).prefix(count).map {
      Choice(kind: .random, row: Int($0))
    }
    let side = sides.confirmation
    let cut = cut
    func wrong(_ isOwn: Bool) -> [Int] {
      zip(side.rows, side.labels).filter { row, found in
        (found == Int32(label)) == isOwn && (Double(means[row]) > cut) != isOwn
      }.map(\.0)
    }
    choices += wrong(true).sorted { (means[$0], $0) < (means[$1], $1) }.prefix(count)
      .map { Choice(kind: .missed, row: $0) }
    choices += wrong(false).sorted { (means[$1], $0) < (means[$0], $1) }.prefix(count)
      .map { Choice(kind: .mistaken, row: $0) }
    self.choices = choices
  }

  private static func cut(_ label: Int, _ means: [Float], _ side: AtlasSides.Side) -> Double {
    let order = zip(side.rows, side.labels).map { (mean: means[$0], isOwn: $1 == Int32(label)) }
      .sorted { $0.mean > $1.mean }
    let own = Double(order.count(where: \.isOwn))
    let others = Double(order.count) - own
    var (seen, best) = ((own: 0.0, others: 0.0), (gain: -1.0, cut: 0.0))
    for (place, document) in order.enumerated() {
      if document.isOwn { seen.own += 1 } else { seen.others += 1 }
      let next = place + 1 < order.count ? order[place + 1].mean : document.mean
      guard next < document.mean || place + 1 == order.count else { continue }
      let gain = seen.own / max(1, own) - seen.others / max(1, others)
      if gain > best.gain {
        best = (gain, (Double(document.mean) + Double(next)) / 2)
      }
    }
    return best.cut
  }
}
