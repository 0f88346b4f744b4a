/// Holm's step-down correction (1979), which makes the p values of several tests comparable with
/// one level.
package enum HolmCorrection {
  /// Multiplies each p value, in ascending order, by the number of tests that are left. The results
  /// never decrease and are at most 1
  /// (`statsmodels.stats.multitest.multipletests(p, method="holm")`).
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted {
      pValues[$0] == pValues[$1] ? $0 < $1 : pValues[$0] < pValues[$1]
    }
    var adjusted = pValues
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
