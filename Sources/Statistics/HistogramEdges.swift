#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bin edges that several groups share, so that their histograms can be laid over one another.
///
/// A bin holds its lower edge and not its upper one, except the last, which holds both.
package struct HistogramEdges: Sendable, Equatable {
  /// The edges in ascending order, one more than there are bins.
  package let edges: [Double]

  /// Multiples of a 1-2-5 step near the Freedman–Diaconis width 2·IQR/∛n of all groups taken
  /// together.
  ///
  /// When the quartiles coincide, Scott's width σ·∛(24√π/n) takes its place. Values that are all
  /// equal get one bin, about a tenth of the value wide. NaN and infinities are ignored; without
  /// any finite value the edges are 0 and 1. At least 2 bins are allowed, since a range about 0 may
  /// need both.
  /// - Complexity: O(n log n).
  package static func freedmanDiaconis(
    groups: [[Float]], maximumBins: Int = 120
  ) -> HistogramEdges {
    let values = groups.joined().filter(\.isFinite)
    guard let low = values.min().map(Double.init), let high = values.max().map(Double.init) else {
      return HistogramEdges(edges: [0, 1])
    }
    let limit = max(maximumBins, 2)
    if low == high {
      let step = RoundStep(nearest: low == 0 ? 1 : abs(low) / 10)
      return HistogramEdges(step: step, from: low, through: high, maximumBins: limit)
    }
    let quartiles = Quantile.linear(of: values.map(Double.init), at: [0.25, 0.75])
    var width = 2 * (quartiles[1] - quartiles[0]) / cbrt(Double(values.count))
    if width == 0 {
      let deviation = Moments(of: values).variance.squareRoot()
      width = deviation * cbrt(24 * Double.pi.squareRoot() / Double(values.count))
    }
    // A step is never finer than the number of bins allows. This also keeps the indices of edges
    // small where the values lie far from 0.
    let step = RoundStep(nearest: max(width, (high - low) / Double(limit)))
    return HistogramEdges(step: step, from: low, through: high, maximumBins: limit)
  }

  private init(edges: [Double]) {
    self.edges = edges
  }

  /// Multiples of `step`, widened as often as needed, that cover `low` through `high`.
  private init(step: RoundStep, from low: Double, through high: Double, maximumBins: Int) {
    var step = step
    while true {
      if let first = step.count(to: low, .down), let upper = step.count(to: high, .up) {
        let last = max(upper, first + 1)
        if last - first <= maximumBins {
          edges = (first...last).map(step.multiple)
          return
        }
      }
      step = step.next
    }
  }

  /// The number of values in each bin. NaN and values outside the edges are not counted.
  package func counts(of values: [Float]) -> [Int] {
    let (first, last) = (edges[0], edges[edges.count - 1])
    var counts = [Int](repeating: 0, count: edges.count - 1)
    let binsPerUnit = Double(counts.count) / (last - first)
    for value in values.lazy.map(Double.init) where value >= first && value <= last {
      // The guess may be off by one next to an edge; the edges themselves decide.
      var bin = min(Int((value - first) * binsPerUnit), counts.count - 1)
      while bin > 0 && value < edges[bin] { bin -= 1 }
      while bin + 1 < counts.count && value >= edges[bin + 1] { bin += 1 }
      counts[bin] += 1
    }
    return counts
  }

  /// The share of the counted values in each bin, in percent; the shares sum to 100, or are 0 for
  /// no values.
  package func percent(of values: [Float]) -> [Double] {
    let counts = counts(of: values)
    let total = counts.reduce(0, +)
    return counts.map { total == 0 ? 0 : 100 * Double($0) / Double(total) }
  }
}
