import Atlas
import Pipeline
import StudyFile
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The demo atlas against figures that transformers, scikit-learn and NumPy made of the same files:
/// Tests/reference/atlas_demo.py.
struct AtlasDemoTests {
  private struct Golden: Decodable {
    struct Label: Decodable {
      let discovery: Double
      let auc: Double
      let d: Double
      let firing: Double
      let edge: Int
      let mcc: Double
    }
    struct Figure: Decodable {
      let mean: Double
      let deviation: Double
      let min: Double
      let max: Double
      let labels: [Label]
    }

    let neurons: [[Int]]
    let tokens: Int
    let figures: [Figure]
  }

  private static func golden() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/atlas-demo.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  @Test func figuresEqualThoseOfOtherPrograms() throws {
    var file = try #require(try BuiltInAtlas.named("demo-atlas"))
    // What the golden does not hold is left out, to save time.
    (file.sets, file.permutations, file.pages.neurons, file.pages.named) = (nil, 99, 0, [])
    let found = try AtlasRun(
      file, environment: ["TMPDIR": FileManager.default.temporaryDirectory.path]
    ).outcome().findings.findings
    let golden = try Self.golden()
    let tokens = found.orderedLabels.reduce(0) { $0 + $1.discovery.tokens + $1.confirmation.tokens }
    #expect(tokens == golden.tokens)
    /// Whether two numbers agree to the digits that findings keep.
    func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance }
    for (address, expected) in zip(golden.neurons, golden.figures) {
      let place = address[0] * found.model.dMLP + address[1]
      let own = found.neurons
      #expect(agree(own.mean[place], expected.mean, 0.006 * abs(expected.mean) + 1e-5))
      #expect(agree(own.deviation[place], expected.deviation, 0.006 * expected.deviation))
      #expect(agree(own.min[place], expected.min, 0.006 * abs(expected.min)))
      #expect(agree(own.max[place], expected.max, 0.006 * expected.max))
      for (cells, label) in zip(found.cells, expected.labels) {
        // A pair of means may change its order by the last digits of single precision: one pair of
        // 16 · 112, or of 24 · 168.
        #expect(agree(cells.discovery[place], label.discovery, 0.0007))
        #expect(agree(cells.auc[place], label.auc, 0.0004))
        #expect(agree(cells.d[place], label.d, 0.006))
        #expect(agree(cells.firing[place], label.firing, 0.0011))
        #expect(agree(cells.mcc[place], label.mcc, 0.0025) || cells.threshold[place] != label.edge)
        #expect(abs(cells.threshold[place] - label.edge) <= 1)
      }
    }
    // The neuron that the demo study is about is the best for Dutch, among 3,072.
    #expect(found.labels["Dutch"]?.best == 3 * 512 + 436)
    #expect(found.orderedLabels.allSatisfy { $0.confirmed > 0 })
  }
}
