/// Cohen's d: the difference of two means in units of their pooled standard deviation (Cohen 1988).
package enum StandardizedDifference {
  /// The difference between a group and all others; 0 where a group has fewer than two values or
  /// nothing varies.
  ///
  /// - Parameters: the count, the sum and the sum of squares of each group, about a common origin.
  package static func cohen(
    _ own: (count: Int, sum: Double, squares: Double),
    _ others: (count: Int, sum: Double, squares: Double)
  ) -> Double {
    guard own.count > 1, others.count > 1 else { return 0 }
    func spread(_ group: (count: Int, sum: Double, squares: Double)) -> Double {
      max(0, group.squares - group.sum * group.sum / Double(group.count))
    }
    let pooled = (spread(own) + spread(others)) / Double(own.count + others.count - 2)
    let difference = own.sum / Double(own.count) - others.sum / Double(others.count)
    return pooled > 0 ? difference / pooled.squareRoot() : 0
  }
}
