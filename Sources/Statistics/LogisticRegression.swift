#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Logistic regression with the objective of scikit-learn's `LogisticRegression`, taken to its
/// optimum.
///
/// Minimises ½‖w‖² + C·Σ log(1 + exp(−yᵢ(w·xᵢ + b))) over w and b, yᵢ = ±1, by Newton's method.
/// scikit-learn's default solver stops earlier, up to 0.06 away in a coefficient.
package enum LogisticRegression {
  /// The limit on evaluations, reached only where features in the millions separate the classes
  /// without fail.
  private static let maximumEvaluations = 200
  /// A step that moves no log-odds further than this leaves an error of about its square.
  private static let smallestChange = 1e-6
  /// Differences in the objective below this share of it are rounding.
  private static let rounding = 1e-14

  /// The optimum for the rows `rows` of the features `columns`.
  ///
  /// A feature that is constant over the rows gets the coefficient 0. When all rows have one label
  /// the optimum lies at infinity: then w = 0, and b is the log-odds of the labels with half a row
  /// added to each class. Features that are NaN or infinite give a model of NaN.
  ///
  /// - Parameters:
  ///   - columns: one column per feature, each with the value of every row.
  ///   - labels: the class of every row.
  ///   - rows: the rows to fit on, as indices into the columns.
  ///   - c: the weight of the data against the penalty, scikit-learn's C; above 0.
  /// - Complexity: O(rows · features²) per step, of which large ordinary data need 3 to 5.
  package static func fit(
    columns: [[Float]], labels: [Bool], rows: [Int32], penalty c: Double = 1
  ) -> LogisticModel {
    precondition(
      columns.allSatisfy { $0.count == labels.count },
      "columns of \(columns.map(\.count)) values for \(labels.count) labels")
    let positives = rows.count { labels[Int($0)] }
    guard positives > 0 && positives < rows.count else {
      let odds = (Double(positives) + 0.5) / (Double(rows.count - positives) + 0.5)
      return LogisticModel(
        coefficients: columns.map { _ in 0 }, intercept: log(odds), iterations: 0)
    }
    let objective = LogisticObjective(columns: columns, labels: labels, rows: rows, weight: c)
    guard objective.isFinite else {
      return LogisticModel(coefficients: columns.map { _ in .nan }, intercept: .nan, iterations: 0)
    }
    guard rows.count > 4096 else { return minimum(of: objective, from: objective.origin) }
    // The optimum of every sixteenth row is two or three steps away from that of all.
    let sample = stride(from: 0, to: rows.count, by: 16).map { rows[$0] }
    let start = fit(columns: columns, labels: labels, rows: sample, penalty: 16 * c)
    return minimum(of: objective, from: objective.point(of: start))
  }

  /// Newton's method with backtracking: the objective never rises, so it converges from any start,
  /// on separable data too.
  private static func minimum(
    of objective: LogisticObjective, from start: [Double]
  ) -> LogisticModel {
    var point = start
    var here = objective.evaluate(point)
    var step = newtonStep(here)
    var scale = 1.0
    var iterations = 0
    for _ in 0..<maximumEvaluations {
      guard let direction = step else { break }
      let moved = zip(point, direction).map { $0 + scale * $1 }
      let slope = zip(here.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      let tolerance = here.value * rounding
      if objective.largestChange(direction) < smallestChange || -slope < tolerance {
        return objective.model(at: moved, iterations: iterations + 1)
      }
      let trial = objective.evaluate(moved)
      guard trial.value <= here.value + 1e-4 * scale * slope + tolerance else {
        scale /= 2
        continue
      }
      point = moved
      here = trial
      step = newtonStep(here)
      scale = 1
      iterations += 1
    }
    return objective.model(at: point, iterations: iterations)
  }

  /// −H⁻¹g by Cholesky's decomposition, or nil when rounding has left H not positive definite.
  private static func newtonStep(_ evaluation: LogisticObjective.Evaluation) -> [Double]? {
    let size = evaluation.gradient.count
    var factor = evaluation.hessian
    var step = evaluation.gradient.map { -$0 }
    for row in 0..<size {
      for column in 0...row {
        var sum = factor[row * size + column]
        for inner in 0..<column {
          sum -= factor[row * size + inner] * factor[column * size + inner]
        }
        if column < row {
          factor[row * size + column] = sum / factor[column * size + column]
        } else {
          guard sum > 0 && sum.isFinite else { return nil }
          factor[row * size + row] = sum.squareRoot()
        }
      }
    }
    for row in 0..<size {
      for inner in 0..<row { step[row] -= factor[row * size + inner] * step[inner] }
      step[row] /= factor[row * size + row]
    }
    for row in stride(from: size - 1, through: 0, by: -1) {
      for inner in row + 1..<size { step[row] -= factor[inner * size + row] * step[inner] }
      step[row] /= factor[row * size + row]
    }
    return step
  }
}
