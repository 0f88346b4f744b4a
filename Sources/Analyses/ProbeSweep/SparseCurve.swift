import Statistics

/// How well k neurons of the studied layer classify held-out tokens together, for k = 1, 2, 4, …,
/// 64.
///
/// The neurons are those with the largest |mean difference| on the training tokens, or, of the 64
/// first of these, those with the largest |coefficient| times standard deviation in a fit on all
/// 64.
struct SparseCurve: Sendable {
  static let sizes = [1, 2, 4, 8, 16, 32, 64]
  /// The most training tokens of a fit, evenly spaced; more would only cost time.
  static let rowLimit = 20_000

  /// The MCC by number of neurons, for both ways of choosing them.
  struct Split: Sendable {
    var byDifference: [Double] = []
    var byCoefficient: [Double] = []
    /// Training tokens, and those that are fitted on.
    var training = 0
    var fitted = 0
  }

  /// - Parameters:
  ///   - neurons: the split's neurons by |mean difference|, largest first, at most 64
  ///   - columns: the activations of each neuron, one number per token
  ///   - labels: the class of every token; `isHeldOut` says which tokens are judged
  static func split(
    neurons: [Int], columns: [Int: [Float]], labels: [Bool], isHeldOut: [Bool]
  ) -> Split {
    let training = labels.indices.filter { !isHeldOut[$0] }
    let step = max(1, (training.count + rowLimit - 1) / rowLimit)
    let rows = stride(from: 0, to: training.count, by: step).map { Int32(training[$0]) }
    let test = labels.indices.filter { isHeldOut[$0] }.map { Int32($0) }
    let truth = test.map { labels[Int($0)] }
    let ranked = neurons.compactMap { columns[$0] }
    func fit(_ features: [[Float]]) -> LogisticModel {
      LogisticRegression.fit(columns: features, labels: labels, rows: rows)
    }
    func matthews(_ model: LogisticModel, _ features: [[Float]]) -> Double {
      ClassificationMetrics(
        decisions: model.decisionValues(columns: features, rows: test), labels: truth
      ).mcc
    }
    let whole = fit(ranked)
    let weights = zip(whole.coefficients, ranked).map { coefficient, column in
      abs(coefficient)
        * Moments(of: rows.map { column[Int($0)] }).variance.squareRoot()
    }
    let again = topIndices(by: weights, count: weights.count).map { ranked[$0] }
    var split = Split(training: training.count, fitted: rows.count)
    for size in sizes where size <= ranked.count {
      let first = Array(ranked.prefix(size))
      let isAll = size == ranked.count
      split.byDifference.append(matthews(isAll ? whole : fit(first), first))
      // All neurons in another order give the same fit.
      if isAll {
        split.byCoefficient.append(split.byDifference[split.byDifference.count - 1])
      } else {
        let best = Array(again.prefix(size))
        split.byCoefficient.append(matthews(fit(best), best))
      }
    }
    return split
  }
}
