/// The false discovery rate of many tests: the q values of Benjamini and Hochberg 1995, and the
/// confidence of intervals of what they select.
package enum FalseDiscovery {
  /// The smallest rate at which each test is a discovery
  /// (`statsmodels.stats.multitest.multipletests(p, method="fdr_bh")`).
  ///
  /// - Complexity: O(n log n).
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted {
      pValues[$0] == pValues[$1] ? $0 < $1 : pValues[$0] < pValues[$1]
    }
    var adjusted = pValues
    var smallest = 1.0
    for (rank, index) in order.enumerated().reversed() {
      smallest = min(smallest, pValues[index] * Double(pValues.count) / Double(rank + 1))
      adjusted[index] = smallest
    }
    return adjusted
  }

  /// The confidence of intervals of R selected of m parameters, with which at most the share `level`
  /// of the selected intervals is expected to miss: 1 − R · level / m (Benjamini and Yekutieli 2005).
  /// Where nothing is selected it is that of one selected parameter.
  package static func confidence(selected: Int, of count: Int, level: Double) -> Double {
    1 - Double(max(1, selected)) * level / Double(max(1, count))
  }
}
