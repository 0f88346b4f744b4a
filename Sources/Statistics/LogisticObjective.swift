#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The penalised loss of a logistic regression over a fixed set of rows, with its derivatives.
///
/// The features are centred. As the intercept is free, this changes neither the penalty nor the
/// optimum; it makes a constant feature exactly 0 and a large offset cost no precision. A point is
/// `[w…, b]`, where b is the intercept of the centred features.
struct LogisticObjective {
  typealias Lanes = SIMD8<Double>

  /// The objective at a point, its gradient and the lower triangle of its Hessian, [k + 1, k + 1].
  struct Evaluation {
    var value = 0.0
    var gradient: [Double]
    var hessian: [Double]
  }

  /// The number of vectors in a block of rows; a block stays in the first-level cache.
  private static let block = 32

  private let rowCount: Int
  private let weight: Double
  /// Centred features, each in vectors of eight rows; rows beyond the last are 0.
  private let features: [[Lanes]]
  /// +1 or −1 by label, and 0 beyond the last row, which takes such rows out of every sum.
  private let signs: [Lanes]
  private let means: [Double]
  /// The largest absolute value of each centred feature.
  private let reach: [Double]

  init(columns: [[Float]], labels: [Bool], rows: [Int32], weight: Double) {
    rowCount = rows.count
    self.weight = weight
    // Branch-free: on shuffled labels a branch is mispredicted half the time.
    signs = Self.vectors(rows) { Double(labels[$0] ? 1 : 0) * 2 - 1 }
    let means = columns.map { column in
      rows.reduce(0) { $0 + Double(column[Int($1)]) } / Double(rows.count)
    }
    self.means = means
    features = zip(columns, means).map { column, mean in
      Self.vectors(rows) { Double(column[$0]) - mean }
    }
    reach = features.map { column in
      column.reduce(into: Lanes.zero) { reach, vector in
        reach.replace(with: vector, where: vector .> reach)
        reach.replace(with: -vector, where: -vector .> reach)
      }.max()
    }
  }

  /// Packs the value of every row into vectors of eight; lanes after the last row are 0.
  private static func vectors(_ rows: [Int32], value: (Int) -> Double) -> [Lanes] {
    stride(from: 0, to: rows.count, by: Lanes.scalarCount).map { first in
      var lanes = Lanes.zero
      for lane in 0..<min(Lanes.scalarCount, rows.count - first) {
        lanes[lane] = value(Int(rows[first + lane]))
      }
      return lanes
    }
  }

  /// Whether no feature is NaN or infinite in any row.
  var isFinite: Bool { means.allSatisfy(\.isFinite) }

  /// The point w = 0, b = 0.
  var origin: [Double] { [Double](repeating: 0, count: means.count + 1) }

  /// The point at which `model`, a model of the features as given, stands.
  func point(of model: LogisticModel) -> [Double] {
    let shift = zip(model.coefficients, means).reduce(0) { $0 + $1.0 * $1.1 }
    return model.coefficients + [model.intercept + shift]
  }

  /// The model of the features as given that stands at `point`.
  func model(at point: [Double], iterations: Int) -> LogisticModel {
    let shift = zip(point, means).reduce(0) { $0 + $1.0 * $1.1 }
    return LogisticModel(
      coefficients: Array(point.dropLast()), intercept: point[means.count] - shift,
      iterations: iterations)
  }

  /// An upper bound on how far `step` moves the log-odds of any row.
  func largestChange(_ step: [Double]) -> Double {
    zip(step, reach + [1]).reduce(0) { $0 + abs($1.0) * $1.1 }
  }

  /// The objective, its gradient and its Hessian at `point`.
  ///
  /// - Complexity: O(rows · features²).
  func evaluate(_ point: [Double]) -> Evaluation {
    let count = means.count
    let size = count + 1
    var sums = Evaluation(
      gradient: [Double](repeating: 0, count: size),
      hessian: [Double](repeating: 0, count: size * size))
    // For each row: the first and the second derivative of the loss by the log-odds, and the
    // second times a feature.
    var slope = [Lanes](repeating: .zero, count: Self.block)
    var curvature = slope
    var weighted = slope
    for start in stride(from: 0, to: signs.count, by: Self.block) {
      let length = min(Self.block, signs.count - start)
      for index in 0..<length { slope[index] = Lanes(repeating: point[count]) }
      for (coefficient, column) in zip(point, features) {
        for index in 0..<length { slope[index] += coefficient * column[start + index] }
      }
      sums.value += lossAndDerivatives(start, length, &slope, &curvature)
      sums.gradient[count] += total(slope, length)
      sums.hessian[size * size - 1] += total(curvature, length)
      for (feature, column) in features.enumerated() {
        for index in 0..<length { weighted[index] = curvature[index] * column[start + index] }
        sums.gradient[feature] += dot(slope, column, start, length)
        sums.hessian[count * size + feature] += total(weighted, length)
        for other in 0...feature {
          sums.hessian[feature * size + other] += dot(weighted, features[other], start, length)
        }
      }
    }
    // The lanes after the last row have log-odds 0; each of them has added log 2.
    let excess = signs.count * Lanes.scalarCount - rowCount
    sums.value = weight * (sums.value - Double(excess) * log(2))
    for index in sums.gradient.indices { sums.gradient[index] *= weight }
    for index in sums.hessian.indices { sums.hessian[index] *= weight }
    for feature in 0..<count {
      sums.value += point[feature] * point[feature] / 2
      sums.gradient[feature] += point[feature]
      sums.hessian[feature * size + feature] += 1
    }
    return sums
  }

  /// The loss of a block of rows. On entry `slope` holds their log-odds; on return it holds the
  /// first derivatives and `curvature` the second.
  private func lossAndDerivatives(
    _ start: Int, _ length: Int, _ slope: inout [Lanes], _ curvature: inout [Lanes]
  ) -> Double {
    var product = Lanes(repeating: 1)
    var shortfall = Lanes.zero
    for index in 0..<length {
      let sign = signs[start + index]
      let margin = sign * slope[index]
      let isRight = margin .> 0
      let distance = margin.replacing(with: -margin, where: isRight)  // −|margin|
      let tail = exponential(distance)
      let near = 1 / (1 + tail)
      let far = tail * near
      slope[index] = -sign * near.replacing(with: far, where: isRight)
      curvature[index] = sign * sign * near * far
      // log(1 + exp(−margin)) = log(1 + tail) + max(−margin, 0). The logarithm of a product of
      // factors from 1 to 2 serves many rows.
      product *= 1 + tail
      shortfall -= distance + margin
    }
    return shortfall.sum() / 2
      + (0..<Lanes.scalarCount).reduce(0) { $0 + log(product[$1]) }
  }

  private func total(_ vectors: [Lanes], _ length: Int) -> Double {
    var sum = Lanes.zero
    for index in 0..<length { sum += vectors[index] }
    return sum.sum()
  }

  private func dot(_ vectors: [Lanes], _ column: [Lanes], _ start: Int, _ length: Int) -> Double {
    var sum = Lanes.zero
    for index in 0..<length { sum += vectors[index] * column[start + index] }
    return sum.sum()
  }
}

/// eˣ for x ≤ 0, within 3 units in the last place; x below −700 is taken as −700.
///
/// With x = n·log 2 + r and |r| ≤ log 2 / 2, this is a Taylor polynomial in r whose exponent is
/// raised by n.
@inline(__always)
func exponential(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let x = x.replacing(with: -700, where: x .< -700)
  let magic = 0x1.8p52  // adding it rounds to an integer, which is left in the low bits
  let shifted = x * 1.4426950408889634 + magic
  let n = shifted - magic
  let r = x - n * 0x1.62e42feep-1 - n * 0x1.a39ef35793c76p-33
  var sum = SIMD8<Double>(repeating: 1)
  for term in stride(from: 12, to: 0, by: -1) { sum = 1 + sum * (r * (1 / Double(term))) }
  let bits = unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
  return sum * unsafeBitCast((bits &+ 1023) &<< 52, to: SIMD8<Double>.self)
}
