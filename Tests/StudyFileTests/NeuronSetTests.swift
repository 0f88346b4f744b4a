import Diagnostics
import SampleStudies
import StudyFile
import Testing

/// `neurons:` of a study file: a set instead of layer and neuron.
struct NeuronSetTests {
  /// The sample with `neurons:` in place of its layer, as line 9, and more lines.
  private static func study(_ neurons: String, _ more: String = "") throws -> StudyFile {
    let lines = SampleStudy.lines.dropLast() + ["neurons: \(neurons)", more]
    return try StudyFile(yaml: lines.joined(separator: "\n") + "\n")
  }

  @Test func isReadInItsOrder() throws {
    let study = try Self.study("[L4N52, L3N436, L4N7]")
    #expect(study.subject == .set)
    #expect(study.neurons?.neurons.map(\.description) == ["L4N52", "L3N436", "L4N7"])
    #expect(study.neurons?.layers == [3, 4])
    #expect(study.layer == nil && study.neuron == nil)
    #expect(study.positions.neurons.isEmpty && study.ablation.corpora.isEmpty)
    #expect(try SampleStudy.study().subject == .neuron)
  }

  @Test(arguments: [
    (
      "[L3N436]", "", "line 9, neurons: expected 2 to 256 neurons, such as [L3N436, L4N52], found a"
    ),
    ("[L3N436]", "", "For one neuron write layer: and neuron: instead."),
    ("[]", "", "line 9, neurons: expected 2 to 256 neurons"),
    ("L3N436", "", "line 9, neurons: expected a list of 2 to 256 neurons"),
    (
      "[L3N436, 52]", "", "line 9, neurons[1]: expected a neuron's layer and number, such as L3N436"
    ),
    ("[L3N436, best]", "", "line 9, neurons[1]: expected a neuron's layer and number"),
    ("[L3N436, L4N52, L3N436]", "", "line 9, neurons[2]: expected each neuron once"),
    ("[L3N436, L4N52, L03N436]", "", "line 9, neurons[2]: expected each neuron once"),
    (
      "[L3N436, L4N52]", "layer: 3", "line 10, layer: expected no layer beside neurons, found \"3\""
    ),
    ("[L3N436, L4N52]", "neuron: 3", "line 10, neuron: expected no neuron beside neurons"),
    ("[L3N436, L4N52]", "neuron: best", "leave out one of the two keys"),
    ("[L3N436, L4N52]", "compare: [3]", "line 10, compare: expected no compare beside neurons"),
    ("[L3N436, L4N52]", "prompts: [{text: a}]", "line 10, prompts: expected no prompts beside"),
    ("[L3N436, L4N52]", "prompts: [{text: a}]", "study a neuron by itself"),
    ("[L3N436, L4N52]", "positions: {corpora: [target]}", "line 10, positions: expected no pos"),
    ("[L3N436, L4N52]", "padded: {batch: 3}", "line 10, padded: expected no padded beside neurons"),
    ("[L3N436, L4N52]", "probe: {k: 3}", "line 10, probe.k: expected seed alone beside neurons"),
    (
      "[L3N436, L4N52]", "ablation: {corpora: [target]}",
      "line 10, ablation.corpora: expected no corpora beside neurons"
    ),
  ]) func isRefused(neurons: String, more: String, words: String) {
    #expect { try Self.study(neurons, more) } throws: { "\($0)".contains(words) }
  }

  @Test func moreThanTheMostAreRefused() throws {
    func list(_ count: Int) -> String {
      "[" + (0..<count).map { "L0N\($0)" }.joined(separator: ", ") + "]"
    }
    #expect(try Self.study(list(256)).neurons?.count == 256)
    #expect { try Self.study(list(257)) } throws: { "\($0)".contains("Name fewer neurons.") }
  }

  @Test func whatASetUsesIsKept() throws {
    let study = try Self.study(
      "[L3N436, L4N52]", "probe: {seed: 7}\nablation: {value: zero}\nmeasuring: {documents: 20}")
    #expect(study.probe.seed == 7 && study.ablation.value == .zero)
  }
}
