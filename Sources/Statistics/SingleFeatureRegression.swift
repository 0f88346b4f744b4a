import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `LogisticRegression` of one feature at a time, for thousands of features of the same rows.
package struct SingleFeatureRegression: Sendable {
  /// +1 or −1 by label; 0 for rows that are not fitted.
  private let signs: [Float]
  private let sampleSigns: [Float]

  private static let maximumEvaluations = 200
  /// The same limit as in `LogisticRegression`.
  private static let smallestChange = 1e-6
  private static let rounding = 1e-14
  /// The optimum of every sixteenth row is two or three steps away from that of all.
  private static let sampling = 16

  /// Prepares fits of any feature on the same rows.
  ///
  /// - Parameters:
  ///   - labels: the class of every row.
  ///   - rows: the rows that are fitted, as indices into the labels.
  package init(labels: [Bool], rows: [Int32]) {
    var signs = [Float](repeating: 0, count: labels.count)
    for row in rows { signs[Int(row)] = labels[Int(row)] ? 1 : -1 }
    self.signs = signs
    sampleSigns = Self.sample(signs)
  }

  private static func sample(_ values: [Float]) -> [Float] {
    stride(from: 0, to: values.count, by: sampling).map { values[$0] }
  }

  /// The optimum for one feature, given as a value for each row: the same as that of
  /// `LogisticRegression.fit` with C = 1.
  ///
  /// - Complexity: O(rows) per step, of which there are about three over all rows.
  package func fit(_ feature: [Float]) -> LogisticModel {
    // At the origin every row's curvature is a quarter, and its slope half its label.
    let origin = LogisticSums(feature, signs: signs, mean: 0, w: 0, b: 0)
    let (rows, surplus) = (4 * origin.curve, -2 * origin.slope)
    guard abs(surplus) < rows else {
      let odds = (rows + surplus + 1) / (rows - surplus + 1)
      return LogisticModel(coefficients: [0], intercept: log(odds), iterations: 0)
    }
    let mean = origin.curveX / origin.curve
    guard mean.isFinite else {
      return LogisticModel(coefficients: [.nan], intercept: .nan, iterations: 0)
    }
    var point = Point()
    if sampleSigns.contains(1), sampleSigns.contains(-1), feature.count > 4096 {
      let sample = Self.sample(feature)
      point = Self.minimum(
        sample, signs: sampleSigns, mean: mean, weight: Double(Self.sampling), from: point)
      point.steps = 0
    }
    point = Self.minimum(feature, signs: signs, mean: mean, weight: 1, from: point)
    return LogisticModel(
      coefficients: [point.w], intercept: point.b - point.w * mean, iterations: point.steps)
  }

  /// A coefficient, and the intercept of the centred feature.
  private struct Point {
    var w = 0.0
    var b = 0.0
    var steps = 0

    func moved(_ step: (w: Double, b: Double), by scale: Double) -> Point {
      Point(w: w + scale * step.w, b: b + scale * step.b, steps: steps + 1)
    }
  }

  /// Newton's method with backtracking, as in `LogisticRegression`.
  private static func minimum(
    _ feature: [Float], signs: [Float], mean: Double, weight: Double, from start: Point
  ) -> Point {
    func evaluate(_ point: Point) -> LogisticSums {
      LogisticSums(feature, signs: signs, mean: mean, w: point.w, b: point.b)
    }
    func value(_ sums: LogisticSums, _ point: Point) -> Double {
      weight * sums.loss + point.w * point.w / 2
    }
    var point = start
    var here = evaluate(point)
    var scale = 1.0
    for _ in 0..<maximumEvaluations {
      let gradient = (w: weight * here.slopeX + point.w, b: weight * here.slope)
      let (ww, wb, bb) = (
        weight * here.curveXX + 1, weight * here.curveX, weight * here.curve
      )
      let determinant = ww * bb - wb * wb
      // The determinant is lost to rounding, which happens only where features in the millions
      // separate the classes without fail.
      guard determinant > 0 else { return point }
      let step = (
        w: (wb * gradient.b - bb * gradient.w) / determinant,
        b: (wb * gradient.w - ww * gradient.b) / determinant
      )
      let slope = gradient.w * step.w + gradient.b * step.b
      let now = value(here, point)
      let tolerance = now * rounding
      let moved = point.moved(step, by: scale)
      if abs(step.w) * here.reach + abs(step.b) < smallestChange || -slope < tolerance {
        return moved
      }
      let trial = evaluate(moved)
      guard value(trial, moved) <= now + 1e-4 * scale * slope + tolerance else {
        scale /= 2
        continue
      }
      (point, here, scale) = (moved, trial, 1)
    }
    return point
  }
}
