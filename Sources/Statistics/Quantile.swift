/// Quantiles as NumPy interpolates them (`method="linear"`, its default).
package enum Quantile {
  /// The quantiles of `values` at `shares`, each a number from 0 to 1 (others are clamped).
  ///
  /// The result is NaN for no values, for a NaN among them and for a NaN share, as in NumPy.
  /// - Complexity: O(n log n).
  package static func linear(of values: [Double], at shares: [Double]) -> [Double] {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else {
      return shares.map { _ in .nan }
    }
    let sorted = values.sorted()
    return shares.map { linear(ofSorted: sorted, at: $0) }
  }

  /// One quantile of values that are sorted, not empty and without NaN.
  private static func linear(ofSorted values: [Double], at share: Double) -> Double {
    guard !share.isNaN else { return .nan }
    let place = min(max(share, 0), 1) * Double(values.count - 1)
    let index = Int(place)
    guard index + 1 < values.count else { return values[values.count - 1] }
    let (low, high) = (values[index], values[index + 1])
    guard low != high else { return low }  // also spares ∞ − ∞
    let weight = place - Double(index)
    // Interpolated from the nearer end, as NumPy does: the result then never passes either
    // value.
    return weight < 0.5
      ? low + (high - low) * weight : high - (high - low) * (1 - weight)
  }
}
