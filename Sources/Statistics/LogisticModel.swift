/// A fitted logistic regression: the log-odds of a row are w·x + b.
package struct LogisticModel: Sendable, Equatable {
  /// The coefficients w, one per feature.
  package let coefficients: [Double]
  /// The intercept b, in log-odds.
  package let intercept: Double
  /// The number of Newton steps taken over all rows.
  package let iterations: Int

  package init(coefficients: [Double], intercept: Double, iterations: Int) {
    self.coefficients = coefficients
    self.intercept = intercept
    self.iterations = iterations
  }

  /// The log-odds w·x + b of each row; above 0 the predicted class is yes.
  ///
  /// - Parameters:
  ///   - columns: one column per coefficient, each with the value of every row.
  ///   - rows: the rows to evaluate, as indices into the columns.
  package func decisionValues(columns: [[Float]], rows: [Int32]) -> [Double] {
    precondition(
      columns.count == coefficients.count,
      "\(columns.count) columns for \(coefficients.count) coefficients")
    var values = [Double](repeating: intercept, count: rows.count)
    for (column, coefficient) in zip(columns, coefficients) {
      for index in rows.indices {
        values[index] += coefficient * Double(column[Int(rows[index])])
      }
    }
    return values
  }

  /// The share of `rows` whose predicted class is their label; 0 for no rows.
  package func accuracy(columns: [[Float]], labels: [Bool], rows: [Int32]) -> Double {
    let values = decisionValues(columns: columns, rows: rows)
    let right = zip(values, rows).count { ($0 > 0) == labels[Int($1)] }
    return rows.isEmpty ? 0 : Double(right) / Double(rows.count)
  }
}
