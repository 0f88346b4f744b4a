import Corpora
import Diagnostics
import Foundation
import SampleStudies
import Storage
import StudyFile
import Testing

@Suite struct StudyFileTests {
  @Test func defaultsAreThoseOfTheDocumentation() throws {
    let study = try SampleStudy.study()
    #expect(study.slug == "a-neuron")
    #expect(study.revision == "main")
    #expect(study.other == ["German", "English"])
    #expect(study.neuron == .auto && study.layer == .number(3) && study.compare == nil)
    #expect(study.documents == 1000)
    let probe = study.probe
    #expect(probe.documents == 200 && probe.k == 10 && probe.testSize == 0.2)
    #expect(probe.seed == 0 && probe.splits == 5 && probe.candidates == 20)
    #expect(study.ablation.corpora == [.target, .named("Stories")])
    #expect(study.ablation.value == .otherMean)
    #expect(study.prompts.isEmpty)
    #expect(study.positions.neurons == [.auto])
    #expect(study.positions.corpora == [.target, .other])
    #expect(study.padded == nil)
    #expect(study.expect.isEmpty && study.published.isEmpty)
    #expect(study.notes == nil && study.date == nil)
  }

  @Test func everyKeyIsRead() throws {
    let study = try SampleStudy.study(
      """
      slug: my-slug
      revision: v0
      other: [English]
      neuron: 609
      compare: [probe.4, 7]
      documents: 50
      probe: {documents: 20, k: 4, test_size: 0.25, seed: 7, splits: 2, candidates: 6}
      ablation: {corpora: [Dutch, other, German], value: other-mean}
      prompts:
        - {text: " x: y", answers: [" van", " of"]}
        - {text: "z"}
      positions: {neurons: [auto, probe.2, 5], corpora: [other]}
      padded: {batch: 32, batches: {Stories: 1, Dutch: 4, other: 10}}
      expect:
        - {figure: sparse_probe.test_accuracy, at_least: 0.9}
        - {figure: a.b, at_most: -1e-3}
        - {figure: a.b, equals: 436, tolerance: 0.5}
      published:
        - {figure: a."b c".0, value: 6.5, tolerance: 0.005, source: "a paper"}
        - {figure: a.b, value: [1, 2.5], tolerance: 0, source: a talk}
      notes: discussion.md
      date: 2026-01-31
      """)
    #expect(study.slug == "my-slug" && study.revision == "v0")
    #expect(study.other == ["English"])
    #expect(study.neuron == .number(609) && study.compare == [.probe(4), .number(7)])
    #expect(study.probe.k == 4 && study.probe.seed == 7 && study.probe.testSize == 0.25)
    #expect(study.ablation.corpora == [.target, .other, .named("German")])
    #expect(study.prompts.map(\.text) == [" x: y", "z"])
    #expect(study.prompts.map(\.answers) == [[" van", " of"], []])
    #expect(study.positions.neurons == [.auto, .probe(2), .number(5)])
    #expect(study.positions.corpora == [.other])
    #expect(study.padded?.batches == ["Stories": 1, "target": 4, "other": 10])
    #expect(study.padded?.batch(of: .target) == 4)
    #expect(study.padded?.batch(of: .named("German")) == 32)
    #expect(
      study.expect.map(\.bound) == [.atLeast(0.9), .atMost(-0.001), .equals(436, tolerance: 0.5)])
    #expect(study.published.map(\.value) == [.number(6.5), .list([1, 2.5])])
    #expect(study.notes == "discussion.md" && study.date == "2026-01-31")
  }

  @Test func aFixedNeuronIsTheOneWhosePositionsAreShown() throws {
    #expect(try SampleStudy.study("neuron: 609").positions.neurons == [.number(609)])
  }

  @Test func textIsTakenAsWrittenWhateverYAMLWouldMakeOfIt() throws {
    let yaml = SampleStudy.yaml(line: 5, "  - {name: No, path: 1.txt, note: 2024-01-01}")
    let entry = try StudyFile(yaml: yaml).corpora[1]
    #expect(entry.name == "No" && entry.path.patterns == ["1.txt"] && entry.note == "2024-01-01")
  }

  @Test func theResolvedStudySurvivesJSONUnderTheKeysOfTheFile() throws {
    for name in BuiltInStudy.allCases {
      let study = try #require(try BuiltInStudy.named(name.rawValue))
      let data = try JSONEncoder().encode(study)
      #expect(try JSONDecoder().decode(StudyFile.self, from: data) == study)
    }
    let study = try SampleStudy.study(
      "probe: {test_size: 0.25}\npositions: {neurons: [609, probe.2]}\n"
        + "expect: [{figure: a.b, at_least: 1}]")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(study), as: UTF8.self)
    #expect(text.contains(#""test_size":0.25"#))
    #expect(text.contains(#""neurons":[609,"probe.2"]"#))
    #expect(text.contains(#"{"at_least":1,"figure":"a.b"}"#))
    #expect(text.contains(#"{"name":"Dutch","path":"nl.txt","role":"study"}"#))
    #expect(!text.contains("origin") && !text.contains("padded") && !text.contains(#""date""#))
  }

  @Test func linesAreKeptForWhatOnlyTheModelCanCheck() throws {
    let study = try SampleStudy.study(
      "prompts:\n  - text: x\n    answers: [a,\n      b]\npositions: {neurons:\n    [1, 2]}")
    #expect(study.line(of: "layer") == 9)
    #expect(study.line(of: "corpora[2].path") == 6)
    #expect(study.line(of: "prompts[0].answers[1]") == 13)
    #expect(study.line(of: "positions.neurons[1]") == 15)
    #expect(study.line(of: "positions.corpora") == 14)
    #expect(study.line(of: "neuron") == nil)
    let message = study.diagnostic(
      "layer", expected: "a layer from 0 to 5", found: "9", advice: "Choose one.")
    #expect(
      message.message == """
        error: study.yml: line 9, layer: expected a layer from 0 to 5, found 9
          Choose one.
        """)
    #expect(message.kind == .study)
  }

  @Test func aByteOrderMarkAndCRLFAreNoPartOfTheStudy() throws {
    let text = "\u{FEFF}" + SampleStudy.yaml().replacing("\n", with: "\r\n")
    let file = FileBytes(Array(text.utf8), name: "study.yml")
    let study = try StudyFile(parsing: file, folder: nil)
    #expect(study.title == "A neuron" && study.line(of: "layer") == 9)
    #expect(study.origin.sha256.count == 64)
  }
}

@Suite struct BuiltInStudyTests {
  @Test func theDemoIsTheOneOfTheRecordedNumbers() throws {
    let study = try #require(try BuiltInStudy.named("demo"))
    #expect(study.model == "builtin:demo" && study.target == "Dutch" && study.slug == "demo")
    #expect(
      study.other == [
        "German", "English", "Spanish", "French", "Italian", "Portuguese", "Swedish",
      ])
    #expect(study.probe == (try SampleStudy.study().probe))
    #expect(study.padded?.batch == 32 && study.padded?.batches == ["Stories": 1, "other": 10])
    #expect(study.neuron == .best && study.positions.neurons == [.best, .probe(3)])
    let corpora = try StudyCorpora(loading: study)
    #expect(corpora.target.documents.count == 40 && corpora.other.documents.count == 280)
    #expect(corpora.evaluation.map(\.documents.count) == [20])
    #expect(
      corpora.other.documents.prefix(8).map { "\($0.corpus) \($0.index)" } == [
        "German 0", "English 0", "Spanish 0", "French 0", "Italian 0", "Portuguese 0",
        "Swedish 0", "German 1",
      ])
  }

  @Test func demoFrenchAsksOfTheLayerOfItsBestNeuron() throws {
    let study = try #require(try BuiltInStudy.named("demo-french"))
    #expect(study.target == "French" && study.layer == .number(5) && study.neuron == .best)
    #expect(
      study.other == ["German", "English", "Spanish", "Italian", "Dutch", "Portuguese", "Swedish"])
    let corpora = try StudyCorpora(loading: study)
    // The stories are text that no other corpus holds.
    let texts = Set(corpora.all.filter { $0.role == .study }.flatMap { $0.documents.map(\.text) })
    let stories = try #require(corpora.evaluation.first).documents
    #expect(stories.count == 20 && stories.allSatisfy { !texts.contains($0.text) })
  }

  @Test func pythiaCarriesThePublishedFigures() throws {
    let study = try #require(try BuiltInStudy.named("pythia-70m-v0"))
    #expect(study.neuron == .number(609) && study.model == "EleutherAI/pythia-70m-v0")
    func value(_ figure: String) -> FigureValue? {
      study.published.first { $0.figure.text == figure }?.value
    }
    #expect(
      value("sparse_probe.neurons")
        == .list([609, 1116, 184, 719, 1932, 1361, 678, 1455, 644, 24]))
    #expect(value("ablation.corpora.French.padded.clean") == .number(6.652228))
    #expect(value("ablation.corpora.Stories.padded.ablated") == .number(4.045552))
    #expect(value("prompts.0.clean.3.logit") == .number(14.75))
    #expect(value("prompts.1.ablated.0.probability") == .number(0.1021))
    #expect(value("logit_attribution.0.activation") == .list([-0.1639, 1.2233, 3.4107, 3.7054]))
    #expect(study.published.count == 124)
  }

  @Test func aMissingEuroparlFileIsNamedWithWhereToGetIt() throws {
    let study = try #require(try BuiltInStudy.named("pythia-70m-v0"))
    // Each of the three files is told.
    let nowhere = try #require(throws: Diagnostics.self) { _ = try StudyCorpora(loading: study) }
    #expect(nowhere.kind == .study && nowhere.all.count == 3)
    #expect(nowhere.message.contains("french_data.json") && nowhere.message.contains("--corpora"))
    let faults = try #require(throws: Diagnostics.self) {
      _ = try StudyCorpora(loading: study, folder: "/no/such/folder")
    }
    let absent = faults.all[0]
    #expect(absent.kind == .data && absent.file == "/no/such/folder/french_data.json")
    #expect(absent.advice.contains("https://huggingface.co/datasets/EleutherAI/pile"))
  }

  @Test func anUnknownNameIsNoStudy() throws {
    #expect(try BuiltInStudy.named("dmeo") == nil)
  }

  @Test(arguments: ["L3N609: \"the\" \\ neuron", "Ünïcode", "", "a\nb", "It's # not: a comment"])
  func theTemplateIsAStudy(title: String) throws {
    let study = try StudyFile(yaml: try StudyTemplate.text(title: title))
    #expect(study.title == (title.isEmpty ? "My study" : title.replacing("\n", with: " ")))
    #expect(study.other == ["English", "German"])
  }

  @Test func theTemplateIsAStudyWithAllItsCommentsToo() throws {
    let text = try StudyTemplate.text(title: "x").split(separator: "\n").map { line in
      let bare = line.drop { $0 == " " }
      guard bare.hasPrefix("# "),
        bare.dropFirst(2).first.map({ "-{".contains($0) }) ?? false
          || ["slug:", "padded:", "published:", "  -", "notes:", "date:"]
            .contains(where: { bare.dropFirst(2).hasPrefix($0) })
      else { return String(line) }
      return String(line.prefix { $0 == " " } + bare.dropFirst(2))
    }.joined(separator: "\n")
    let study = try StudyFile(yaml: text)
    #expect(study.slug == "my-study" && study.corpora.count == 5 && study.published.count == 1)
    #expect(study.corpora[3].conditions?.all.count == 2 && study.corpora[3].sample?.seed == 42)
    #expect(study.padded != nil && study.notes != nil && study.date != nil)
  }

  @Test func theDemoIsPrintedAsItIs() throws {
    #expect(try StudyFile(yaml: StudyTemplate.demo()) == BuiltInStudy.named("demo"))
  }

  @Test func aStudySaysHowToCiteIt() throws {
    let study = try SampleStudy.study(
      "authors: [A. One, \"B. Two\"]\nurl: https://example.org/a_b?c=1\ndoi: 10.1234/x.y-z")
    #expect(study.authors == ["A. One", "B. Two"])
    #expect(study.url == "https://example.org/a_b?c=1" && study.doi == "10.1234/x.y-z")
    let silent = try SampleStudy.study()
    #expect(silent.authors == nil && silent.url == nil && silent.doi == nil)
  }

  @Test(arguments: [
    "authors: []", "authors: A. One", "authors: [\"\"]", "url: example.org", "url: javascript:x",
    "url: \"https://a b\"", "url: https://a/{x}", "doi: https://doi.org/10.1/x", "doi: 10.1234",
    "doi: 10.1234/", "doi: \"10.1234/a b\"", "doi: 10./x",
  ])
  func aCitationThatCannotStandIsRefused(line: String) throws {
    let fault = try #require(SampleStudy.refusal(SampleStudy.yaml(line)))
    #expect(fault.kind == .study && fault.field.contains(line.prefix { $0 != ":" }))
  }
}
