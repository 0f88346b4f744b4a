import AtlasPages
import StudyFile
import Testing

/// The study file on a neuron's page is one that a build accepts.
struct NeuronStudyTests {
  private func study(_ text: String) throws -> StudyFile { try StudyFile(yaml: text) }

  @Test func itNamesTheNeuronAndAllLabels() throws {
    let study = try study(NeuronStudy(SampleAtlas.report(), place: 6).text)
    #expect(study.layer == .number(1) && study.neuron == .number(2))
    #expect(study.target == "German" && study.other == ["Dutch", "French"])
    #expect(study.corpora.map(\.path.description) == ["0.txt", "1.txt", "2.txt"])
    #expect(study.model == "builtin:demo" && study.slug == "small-atlas-l1n2")
  }

  @Test func anotherLabelCanBeItsTarget() throws {
    let text = try NeuronStudy(SampleAtlas.report(), place: 6, target: 2).text
    #expect(try study(text).target == "French")
  }

  @Test func hostileNamesAreReadBackAsTheyWere() throws {
    // A study's names are one line, without marks that reorder text.
    let hostile = SampleAtlas.hostile.unicodeScalars.filter { $0.isASCII }
    let names = [String(String.UnicodeScalarView(hostile)), "a: b # c", "- [x]"]
    let report = try SampleAtlas.report(SampleAtlas.findings(labels: names))
    let study = try study(NeuronStudy(report, place: 1).text)
    #expect(study.corpora.map(\.name) == names)
  }
}
