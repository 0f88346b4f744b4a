import Foundation

/// A small atlas and a token threshold, as Tests/reference/atlas_statistics.py recorded them.
struct WholeGolden: Decodable {
  struct Label: Decodable {
    let discovery: [Double]
    let auc: [Double]
    let low: [Double]
    let high: [Double]
    let d: [Double]
    let next: [Int]
    let nextAUC: [Double]
    let nextLow: [Double]
    let reached: [Int]
    let q: [Double]
    let grade: [Int]
    let order: [Int]
  }
  struct Atlas: Decodable {
    let marks: [Int]
    let strata: [Int]
    let confirms: [Bool]
    /// By neuron, then by document.
    let means: [[Float]]
    let permutations: Int
    let seed: UInt32
    let selected: Int
    let confidence: Double
    let labels: [Label]
  }
  struct Threshold: Decodable {
    struct Side: Decodable {
      let own: [Bool]
      let values: [Float]
    }
    let sides: [Side]
    let edge: Int
    let mcc: Double
    let edges: [Double]
  }

  let atlas: Atlas
  let threshold: Threshold

  static let all: Self = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/whole.json")
    do {
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    } catch {
      fatalError("\(file.path()): \(error)")
    }
  }()
}
