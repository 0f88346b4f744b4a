import Foundation
import LinearAlgebra

/// What the kernels approximate, in Double.
enum KernelDefinitions {
  /// (x − mean) / √(variance + ε).
  static func layerNorm(_ x: [Double], epsilon: Double) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    return rmsNorm(x.map { $0 - mean }, epsilon: epsilon)
  }

  /// x / √(mean of squares + ε).
  static func rmsNorm(_ x: [Double], epsilon: Double) -> [Double] {
    let squares = x.reduce(0) { $0 + $1 * $1 }
    let scale = (squares / Double(x.count) + epsilon).squareRoot()
    return x.map { $0 / scale }
  }

  /// x·Φ(x).
  static func gelu(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The approximation of GELU by tanh.
  static func tanhGELU(_ x: Double) -> Double {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  /// x · sigmoid(x).
  static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

  /// The softmax of the scores in `seen`, and 0 for the others.
  static func softmax(_ x: [Double], seen: Range<Int>) -> [Double] {
    let highest = x[seen].max() ?? 0
    let sum = x[seen].reduce(0) { $0 + exp($1 - highest) }
    return x.indices.map { seen.contains($0) ? exp(x[$0] - highest) / sum : 0 }
  }

  /// log Σ exp(x), in nats.
  static func logSumExp(_ x: [Double]) -> Double {
    let highest = x.max() ?? 0
    return highest + log(x.reduce(0) { $0 + exp($1 - highest) })
  }

  /// The pairs (x[i], x[n/2 + i]) of a head's n dimensions turned by position / divisor[i], an angle
  /// that models compute in Float.
  static func rotated(_ x: [Double], position: Int, divisors: [Float]) -> [Double] {
    var turned = x
    for (low, divisor) in divisors.enumerated() {
      let (high, angle) = (low + divisors.count, Double(Float(position) / divisor))
      turned[low] = x[low] * cos(angle) - x[high] * sin(angle)
      turned[high] = x[high] * cos(angle) + x[low] * sin(angle)
    }
    return turned
  }

  /// The largest |found − exact| / (1 + |exact|), over every 31st row.
  static func error(_ found: Matrix, _ exact: (_ row: Int) -> [Double]) -> Double {
    stride(from: 0, to: found.rows, by: 31).reduce(0) { worst, row in
      zip(found.row(row), exact(row)).reduce(worst) {
        max($0, abs(Double($1.0) - $1.1) / (1 + abs($1.1)))
      }
    }
  }
}
