import Analyses
import Diagnostics
import Passes
import StudyFile
import Testing

/// What makes no sense for a set is refused by name, and what needs a set where there is none.
struct SetRefusalTests {
  @Test func everyAnalysisIsOfASubjectAndSaysWhyNotOfTheOther() throws {
    for analysis in Registry.all {
      let subjects = type(of: analysis).subjects
      #expect(!subjects.isEmpty)
      for subject in Subject.allCases where !subjects.contains(subject) {
        let file =
          try subject == .set
          ? SetStudySample.file("evidence: {\(analysis.id): on}")
          : StudyFile(
            yaml: """
              title: A neuron
              model: builtin:demo
              corpora: [{name: A, path: a.txt}, {name: B, path: b.txt}]
              target: A
              layer: 3
              evidence: {\(analysis.id): on}
              """)
        let faults = Registry.faults(of: file)
        let words = faults.map(\.message).joined()
        #expect(faults.count == 1, "\(analysis.id)")
        #expect(words.contains("evidence.\(analysis.id): expected an analysis of "), "\(words)")
        #expect(
          words.contains(
            subject == .set ? "study one of the neurons with layer: and neuron:" : "with neurons:"),
          "\(words)")
        // A reason of its own, not the fallback's.
        if subject == .set { #expect(!words.contains("asks about one neuron."), "\(words)") }
      }
    }
  }

  @Test func neitherSubjectRunsTheOthersAnalyses() throws {
    let ids = Registry.analyses(of: try SetStudySample.file()).map(\.id)
    #expect(ids == ["set_probe", "set_examples", "set_ablation"])
    #expect(Registry.all(of: .neuron).count + ids.count == Registry.all.count)
    let off = try SetStudySample.file("evidence: {set_probe: off}")
    #expect(Registry.faults(of: off).isEmpty)
    #expect(Registry.analyses(of: off).map(\.id) == ["set_examples", "set_ablation"])
  }

  @Test func figuresOfTheOtherSubjectAreRefused() throws {
    func fault(_ address: String, _ file: StudyFile) throws -> FigureCatalogue.Fault? {
      do {
        try FigureCatalogue(file, layers: 6).check(try FigureAddress.parse(address), is: .number)
        return nil
      } catch {
        return error as? FigureCatalogue.Fault
      }
    }
    let file = try SetStudySample.file()
    for address in [
      "set_probe.together.mcc.low", "set_probe.neurons.2.auc.value", "set_probe.random.0.mcc",
      "set_ablation.corpora.Dutch.beyond.high", "set_ablation.curve.2.change.low",
      "set_ablation.corpora.Dutch.alone.2.percent.value", "set_probe.correlations.0.2",
    ] {
      #expect(try fault(address, file) == nil, "\(address)")
    }
    let other = try #require(try fault("effects.total.value", file))
    #expect(other.expected == "a figure of an analysis of a set" && other.found == "\"effects\"")
    #expect(other.advice.contains("follows what one neuron writes"))
    #expect(try fault("set_probe.neurons.3.mcc.value", file) != nil, "there are three neurons")
    #expect(try fault("set_ablation.curve.3.size", file) != nil)
    #expect(try fault("set_ablation.corpora.Klingon.beyond.value", file) != nil)
  }

  @Test func aNeuronThatTheModelDoesNotHaveIsRefusedByItsPlace() throws {
    var file = try SetStudySample.file()
    file.neurons = NeuronSet([.init(layer: 3, neuron: 436), .init(layer: 6, neuron: 1)])
    #expect { try ResolvedStudy(file, environment: [:]) } throws: { error in
      "\(error)".contains("neurons[1]: expected a neuron from L0N0 to L5N511, found L6N1")
    }
  }
}
