import Analyses
import Foundation
import Passes
import SampleStudies
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
    #expect(Set(Registry.optional().map(\.id)) == all.subtracting(Self.notebook))
    #expect(Self.notebook.isSubset(of: all))
  }

  @Test func anAnalysisStandsBehindThoseWhoseResultsItReads() {
    var before: Set<String> = []
    for analysis in Registry.all {
      #expect(type(of: analysis).after.isSubset(of: before), "\(analysis.id)")
      before.insert(analysis.id)
    }
  }

  @Test func theReadmesTableHasEveryAnalysisWithItsQuestion() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let rows = Set(readme.split(separator: "\n").map(String.init))
    for analysis in Registry.all {
      let row = "| `\(analysis.id)` | \(type(of: analysis).question) |"
      #expect(rows.contains(row), "the README lacks \(row)")
    }
  }

  @Test func theTemplateNamesEveryNumberWithItsDefault() throws {
    let lines = Registry.settingsLines()
    let template = try StudyTemplate.text(title: "x", settings: lines)
    for analysis in Registry.optional(Registry.all(of: .neuron)) {
      let numbers = type(of: analysis).settings.map { "\($0.name): \($0.standard)" }
      let list = numbers.isEmpty ? "on" : "{\(numbers.joined(separator: ", "))}"
      #expect(template.contains("\n#   \(analysis.id): \(list)\n"))
    }
    // Without its marks the comment is a sound part of a study.
    let yaml = (["evidence:"] + lines.map { "  " + $0 }).joined(separator: "\n")
    let study = try SampleStudy.study(yaml)
    #expect(study.evidence?.entries.isEmpty == false && Registry.faults(of: study).isEmpty)
  }

  @Test func everyObjectionIsAnsweredBySomeAnalysis() {
    for objection in KnownObjection.allCases {
      #expect(!objection.sections().isEmpty, "\(objection)")
    }
  }

  @Test func operationsAreThoseOfTheModelsProducts() throws {
    let study = try EvidenceStudy.resolved()
    let counts = Dictionary(
      uniqueKeysWithValues: Registry.operations(of: study).map { ($0.id, $0.operations) })
    #expect(
      Set(counts.keys) == [
        "probe_sweep", "ablation_controls", "comparison", "effects", "neuron_logits", "upstream",
        "position_response", "languages", "layer_probes", "examples", "prompts",
        "logit_attribution",
      ])
    let shape = study.architecture
    // Twelve documents of each class, cut to 128 tokens and BOS.
    let tokens = [CorpusReference.target, .other].reduce(0) { sum, corpus in
      let sample = DocumentSample(of: corpus, in: study, documents: 12, window: 128)
      return sum + sample.lengths.reduce(0, +)
    }
    // Per layer and token: the block with what it writes, and as many random directions of the
    // activations as there are neurons.
    let sweep = try #require(counts["probe_sweep"])
    let block = Double(2 * shape.dModel * shape.dMLP * tokens)
    let directions = Double(2 * shape.dMLP * shape.dMLP * tokens)
    #expect(sweep.mlpIn == Double(shape.layers) * (block + directions))
    let writes = Double(2 * shape.dModel * (shape.dModel + shape.dMLP) * tokens)
    #expect(sweep.output == Double(shape.layers) * writes)
    #expect(sweep.logits == 0)
  }
}
