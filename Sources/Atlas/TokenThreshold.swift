import LinearAlgebra
import Statistics

/// Tokens told by one neuron's activation alone, from its histograms: a token above the threshold is
/// said to be the label's.
package struct TokenThreshold: Sendable, Equatable {
  /// An index into the edges of the bins.
  package let edge: Int
  /// Matthews' correlation on other documents than those that chose the threshold.
  package let mcc: Double

  /// - Parameters: the label's tokens and all others by bin, on the documents that choose the
  ///   threshold, then on those that judge it
  package init(
    choosing: (own: [Int], others: [Int]), judging: (own: [Int], others: [Int])
  ) {
    var best = (edge: 0, mcc: -Double.infinity)
    var above = (own: 0, others: 0)
    let totals = (choosing.own.reduce(0, +), choosing.others.reduce(0, +))
    // From the highest edge down; of equal thresholds the lowest stays.
    for edge in ActivationBins.edges.indices.reversed() {
      above.own += choosing.own[edge + 1]
      above.others += choosing.others[edge + 1]
      let mcc = Self.metrics(above, totals).mcc
      if mcc >= best.mcc { best = (edge, mcc) }
    }
    edge = best.edge
    let rest = best.edge + 1
    mcc =
      Self.metrics(
        (judging.own[rest...].reduce(0, +), judging.others[rest...].reduce(0, +)),
        (judging.own.reduce(0, +), judging.others.reduce(0, +))
      ).mcc
  }

  private static func metrics(
    _ above: (own: Int, others: Int), _ totals: (own: Int, others: Int)
  ) -> ClassificationMetrics {
    ClassificationMetrics(
      truePositives: above.own, falsePositives: above.others,
      trueNegatives: totals.others - above.others, falseNegatives: totals.own - above.own)
  }
}
