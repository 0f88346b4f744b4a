import Foundation
import Testing

/// What NumPy, SciPy and scikit-learn gave, as Tests/reference/statistics_goldens.py recorded it.
struct Goldens: Decodable {
  struct Generator: Decodable {
    let seed: UInt32
    let bits: [UInt32]
    let uniform: [Double]
    let integers: [[UInt32]]
  }
  struct Permutation: Decodable {
    let n: Int32
    let seed: UInt32
    let first: [Int32]
    let digest: Int
  }
  struct Split: Decodable {
    let n: Int32
    let size: Double
    let seed: UInt32
    let training: Int
    let test: Int
    let digests: [Int]
  }
  struct GroupSplit: Decodable {
    let groups: [Int32]
    let high: UInt32
    let n: Int
    let size: Double
    let seed: UInt32
    let training: Int
    let test: Int
    let digests: [Int]
  }
  struct Logistic: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let seed: UInt32
    let n: Int
    let k: Int
    let offset: Double
    let scale: Double
    let c: Double
    let coefficients: [Double]
    let intercept: Double
    let training: Double
    let test: Double
    var testDescription: String { name }
  }
  struct SingleFeature: Decodable {
    let seed: UInt32
    let n: Int
    let offset: Double
    let scale: Double
    let coefficient: Double
    let intercept: Double
  }

  struct Separable: Decodable {
    let coefficients: [Double]
    let intercept: Double
  }
  struct Confusion: Decodable {
    let n: Int
    let scores: [Double]?
    let labels: [Bool]?
    let counts: [Int]
    let accuracy, balanced, precision, recall, f1, mcc: Double
    let auc, tied: Double?
  }
  struct Quantiles: Decodable {
    let n: Int
    let shares: [Double]
    let values: [Double]
  }
  struct MomentsOf: Decodable {
    let n: Int
    let mean, variance: Double
    let skew, kurtosis: Double?
  }
  struct Histograms: Decodable {
    let width: Double
    let edges: [Double]
    let counts: [[Int]]
  }
  struct Bootstraps: Decodable {
    let n: Int
    let seed: UInt32
    let resamples: Int
    let confidence: Double
    let ratio: [Double]
    let mean: [Double]
  }
  struct Top: Decodable {
    let count: Int
    let indices: [Int]
  }

  let generator: [Generator]
  let permutations: [Permutation]
  let splits: [Split]
  let groupSplits: [GroupSplit]
  let logistic: [Logistic]
  let singleFeatures: [SingleFeature]
  let separable: Separable
  let confusion: [Confusion]
  let quantiles: [Quantiles]
  let moments: [MomentsOf]
  let histograms: Histograms
  let bootstraps: [Bootstraps]
  let top: Top

  static func load() throws -> Goldens {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/statistics.json")
    return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: file))
  }

  /// Weights every entry by its place, as `digest` of the script does.
  static func digest(_ integers: [Int32]) -> Int {
    integers.enumerated().reduce(0) { $0 + ($1.offset + 1) * Int($1.element) }
  }
}
