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

  @Test func severalNeuronsAreASet() throws {
    let study = try study(NeuronStudy(SampleAtlas.report(), places: [6, 1]).text)
    #expect(study.neurons?.neurons.map(\.description) == ["L1N2", "L0N1"])
    #expect(study.target == "German" && study.slug == "small-atlas-l1n2-l0n1")
    #expect(study.title.hasPrefix("L1N2, L0N1 of "))
    let many = try NeuronStudy(SampleAtlas.report(), places: [6, 1, 0, 2, 3, 4])
    #expect(many.slug == "small-atlas-l1n2-l0n1-l0n0-l0n2-and-2")
  }

  @Test(
    arguments: [
      ("L3N436", ["L3N436"]), ("L3N436+L4N52", ["L3N436", "L4N52"]), ("L3N436+", nil), ("+", nil),
      ("demo", nil), ("L3N436,L4N52", nil),
    ] as [(String, [String]?)]) func aSetIsWrittenWithPluses(text: String, names: [String]?)
  {
    #expect(NeuronStudy.neurons(text)?.map(\.description) == names)
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
