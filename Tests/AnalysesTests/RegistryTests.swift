import Analyses
import StudyFile
import Testing

struct RegistryTests {
  private static let notebook: Set = [
    "sparse_probe", "neuron_accuracy", "activation_histogram", "ablation", "prompts",
    "weight_similarity", "downstream", "logit_attribution", "positions",
  ]

  @Test func whatCanBeLeftOutIsAllBeyondTheNotebook() {
    let all = Set(Registry.all.map(\.id))
    #expect(all.count == Registry.all.count)
    #expect(Set(EvidenceSettings.known.keys) == all.subtracting(Self.notebook))
    #expect(Self.notebook.isSubset(of: all))
  }

  @Test func operationsAreThoseOfTheModelsProducts() throws {
    let study = try EvidenceStudy.resolved()
    let counts = Dictionary(
      uniqueKeysWithValues: Registry.operations(of: study).map { ($0.id, $0.operations) })
    #expect(
      Set(counts.keys) == [
        "probe_sweep", "ablation_controls", "comparison", "effects", "neuron_logits", "upstream",
        "position_response",
      ])
    let shape = study.architecture
    let tokens = [CorpusReference.target, .other].reduce(0) {
      $0 + study.probeDocuments(of: $1).rows
    }
    let sweep = try #require(counts["probe_sweep"])
    // Every block once, and the products with random directions.
    let directions = study.file.size(of: "probe_sweep", "directions")
    let block = Double(2 * (shape.dModel + directions) * shape.dMLP * tokens)
    #expect(sweep.mlpIn == Double(shape.layers) * block)
    let writes = Double(2 * shape.dModel * (shape.dModel + shape.dMLP) * tokens)
    #expect(sweep.output == Double(shape.layers) * writes)
    #expect(sweep.logits == 0)
  }
}
