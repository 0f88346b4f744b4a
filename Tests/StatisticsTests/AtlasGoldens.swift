import Foundation

/// What scikit-learn, SciPy, statsmodels and NumPy gave, as Tests/reference/atlas_statistics.py
/// recorded it.
struct AtlasGoldens: Decodable {
  struct Areas: Decodable {
    let labels: [Int32]
    let count: Int
    let values: [Float]
    let rest: [[Double]]
    let next: [[Double]]
    let midranks: [Float]
  }
  struct Score: Decodable {
    let auc: Double
    let m: Int
    let n: Int
    let confidence: Double
    let ends: [Double]
  }
  struct Cohen: Decodable {
    let own: [Double]
    let others: [Double]
    let d: Double
  }
  struct Discovery: Decodable {
    let p: [Double]
    let q: [Double]
  }
  struct Permutation: Decodable {
    let labels: [Int32]
    let count: Int
    let strata: [Int]
    let isWithin: Bool
    let seed: UInt32
    let permutations: Int
    let values: [[Float]]
    let observed: [[Double]]
    let largest: [[Double]]
    let reached: [[Int]]
    let atlas: [[Int]]
  }
  struct MannWhitney: Decodable {
    let own: [Float]
    let others: [Float]
    let z: Double
    let p: Double
  }
  struct Entropy: Decodable {
    let shares: [[Double]]
    let entropy: [Double]
    let bar: Double
    let selected: [Int]
    let labels: [[Int]]
  }
  struct Clusters: Decodable {
    struct Cluster: Decodable {
      let members: [Int]
      let r: Double
    }
    let samples: [[Float]]
    let clusters: [Cluster]
  }
  struct Grams: Decodable {
    let documents: [[Int32]]
    let similarity: [[Double]]
    let first: [Int]
  }

  let areas: [Areas]
  let score: [Score]
  let cohen: Cohen
  let discovery: Discovery
  let permutation: [Permutation]
  let mannWhitney: MannWhitney
  let entropy: Entropy
  let clusters: Clusters
  let grams: Grams

  static let all: Self = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/atlas.json")
    do {
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    } catch {
      fatalError("\(file.path()): \(error)")
    }
  }()
}
