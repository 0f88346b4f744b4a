import Diagnostics
import SampleStudies
import Storage
import StudyFile
import Testing

/// What the study file may not say; every message names its line.
@Suite struct StudyRefusalTests {
  /// An added line 10, and words of the message.
  @Test(arguments: [
    // Keys.
    ("neurn: 3", "line 10, neurn: expected a known key, found \"neurn\"\n  Did you mean neuron?"),
    ("zzzzzz: 3", "line 10, zzzzzz: expected a known key"),
    ("probe: {test-size: 0.1}", "line 10, probe.test-size: expected a known key, found \"test-siz"),
    ("probe: {test-size: 0.1}", "Did you mean test_size?"),
    ("prompts:\n  - {text: a}\n  - {txt: b}", "line 12, prompts[1].txt: expected a known key"),
    ("[a]: 3", "line 10"),
    ("layer: 4", "expected each key once, found \"layer\" more than once"),
    // Types.
    (
      "documents: \"6\"",
      "line 10, documents: expected an integer from 2 to 1000000000, found \"6\" (in"
    ),
    ("documents: 1.5", "line 10, documents: expected an integer"),
    ("documents: 99999999999999999999", "line 10, documents: expected an integer"),
    ("documents:", "line 10, documents: expected an integer from 2 to 1000000000, found nothing"),
    ("documents: [5]", "found a list of 1"),
    ("probe: 5", "line 10, probe: expected a mapping with"),
    ("prompts: {a: b}", "line 10, prompts: expected a list of"),
    ("prompts:\n  - x", "line 11, prompts[0]: expected a mapping with text, answers"),
    (
      "prompts:\n  - {answers: [a]}",
      "line 11, prompts[0]: expected text: the prompt, found no such"
    ),
    (
      "prompts:\n  - {text: a, answers: b}",
      "line 11, prompts[0].answers: expected a list of tokens"
    ),
    ("prompts:\n  - {text: a, answers: [[b]]}", "line 11, prompts[0].answers[0]: expected a token"),
    ("notes: [a]", "line 10, notes: expected the path of a Markdown file, found a list of 1"),
    // Ranges: rows 46 and 48.
    ("probe: {k: 0}", "line 10, probe.k: expected an integer from 1"),
    (
      "probe: {splits: 0}", "line 10, probe.splits: expected an integer from 1 to 1000, found \"0\""
    ),
    ("probe: {test_size: 0}", "line 10, probe.test_size: expected a number above 0 and below 1"),
    ("probe: {test_size: 1}", "line 10, probe.test_size: expected a number above 0 and below 1"),
    ("probe: {test_size: nan}", "line 10, probe.test_size: expected a number"),
    ("probe: {test_size: 1e999}", "line 10, probe.test_size: expected a number"),
    ("probe: {test_size: 0x1p-3}", "line 10, probe.test_size: expected a number"),
    ("probe: {seed: -1}", "line 10, probe.seed: expected an integer from 0"),
    ("documents: 1", "line 10, documents: expected an integer from 2"),
    ("padded: {batch: 0}", "line 10, padded.batch: expected an integer from 1"),
    ("padded: {}", "line 10, padded: expected batch: a batch size, found no such key"),
    // Neurons.
    (
      "neuron: L3N609", "line 10, neuron: expected a neuron's number, auto, best, or probe.N with N"
    ),
    ("evidence: {effects: false}", "line 10, evidence.effects: expected off, on, or numbers"),
    (
      "evidence:\n  effects: {resamples: many}",
      "line 11, evidence.effects.resamples: expected an integer"
    ),
    ("choosing: {share: 1}", "line 10, choosing.share: expected a number above 0 and below 1"),
    ("choosing: {document: 5}", "line 10, choosing.document: expected a known key"),
    ("measuring: {documents: 19}", "line 10, measuring.documents: expected an integer from 20"),
    ("measuring: 40", "line 10, measuring: expected"),
    ("verdict: {detects: 1.5}", "line 10, verdict.detects: expected a number from 0 to 1"),
    ("verdict: {matters: -1}", "line 10, verdict.matters: expected a number, from 0"),
    ("evidence: off", "line 10, evidence: expected analyses: {effects: off"),
    ("evidence: {effects: off, effects: on}", "expected each key once"),
    ("compare: [probe.11]", "line 10, compare[0]: expected a neuron's number"),
    ("compare: [5, 5]", "line 10, compare[1]: expected each neuron once"),
    ("compare: 5", "line 10, compare: expected a list of neurons"),
    ("neuron: -1", "line 10, neuron: expected a neuron's number"),
    ("neuron: probe.0", "line 10, neuron: expected a neuron's number"),
    ("neuron: probe.11", "The sparse probe has k = 10 neurons."),
    ("neuron: 99999999999999", "line 10, neuron: expected a neuron's number"),
    (
      "positions: {neurons: [auto, auto]}",
      "line 10, positions.neurons[1]: expected each neuron once"
    ),
    // Corpora.
    (
      "other: [Dutch]",
      "line 10, other[0]: expected a corpus other than the target, found \"Dutch\""
    ),
    ("other: [Germn]", "Did you mean German?"),
    ("other: [Stories]", "expected a corpus of role study, found \"Stories\", of role evaluation"),
    ("other: [German,\n  German]", "line 11, other[1]: expected each corpus once"),
    ("other: []", "line 10, other: expected at least one corpus beside the target, found none"),
    ("other: German", "line 10, other: expected a list of names of corpora, found \"German\""),
    ("ablation: {corpora: [targte]}", "Did you mean target?"),
    (
      "ablation: {corpora: [target, Dutch]}",
      "line 10, ablation.corpora[1]: expected each corpus once"
    ),
    (
      "ablation: {value: median}",
      "line 10, ablation.value: expected other-mean, own-mean, zero, resample or a number, "
        + "found \"median\""
    ),
    (
      "positions: {corpora: [Durch]}",
      "line 10, positions.corpora[0]: expected target, other or the"
    ),
    (
      "padded: {batch: 1, batches: {Storys: 1}}", "line 10, padded.batches.Storys: expected target,"
    ),
    (
      "padded: {batch: 1, batches: {target: 1, Dutch: 2}}", "expected each corpus once, found Dutch"
    ),
    // Prompts.
    ("prompts: [{text: \"\"}]", "line 10, prompts[0].text: expected at least one character"),
    (
      "prompts: [{text: a, answers: [b, b]}]", "prompts[0].answers[1]: expected answers that differ"
    ),
    (
      "prompts: [{text: a, answers: [\"\"]}]", "prompts[0].answers[0]: expected answers that differ"
    ),
    // Figures.
    (
      "expect: [{figure: a..b, at_least: 1}]",
      "line 10, expect[0].figure: expected a name or a number"
    ),
    ("expect: [{figure: a, at_least: x}]", "line 10, expect[0].at_least: expected a number"),
    (
      "expect: [{figure: a}]",
      "line 10, expect[0]: expected one of at_least, at_most, or equals with"
    ),
    ("expect: [{figure: a, at_least: 1, at_most: 2}]", "Write two checks for two bounds."),
    ("expect: [{figure: a, at_least: 1, tolerance: 2}]", "found another mixture"),
    ("expect: [{figure: a, equals: 1, tolerance: -2}]", "tolerance: expected a number, from 0"),
    ("published: [{figure: a, value: []}]", "line 10, published[0].value: expected at least one"),
    ("published: [{figure: a, value: 1}]", "published[0]: expected tolerance: a number, from 0"),
    ("published: [{figure: a, value: [1, b], tolerance: 0, source: x}]", "published[0].value[1]"),
    // Slug: row 41; date.
    (
      "slug: ../x",
      "line 10, slug: expected lower-case letters, digits and dashes, found \"../x\", whi"
    ),
    ("slug: ../../x", "which resolves to ../x\n  Write x"),
    ("slug: /etc", "which resolves to /etc"),
    ("slug: \"\"", "line 10, slug: expected"),
    ("slug: A", "line 10, slug: expected"),
    ("slug: .", "line 10, slug: expected"),
    ("slug: -a", "line 10, slug: expected"),
    ("date: tomorrow", "line 10, date: expected a date as YYYY-MM-DD, found \"tomorrow\""),
    ("date: 2026-13-01", "line 10, date: expected a date as YYYY-MM-DD"),
    ("date: 2026-1-1", "line 10, date: expected a date as YYYY-MM-DD"),
  ])
  func isRefusedWithItsLine(extra: String, words: String) throws {
    let refusal = try #require(SampleStudy.refusal(SampleStudy.yaml(extra)))
    #expect(refusal.kind == .study)
    #expect(refusal.message.hasPrefix("error: study.yml: line "))
    #expect(refusal.message.contains(words))
  }

  @Test(arguments: [
    (
      1, "# no title",
      "error: study.yml: line 1: expected title: one line of text, found no such key"
    ),
    (1, "title: \"a\\nb\"", "line 1, title: expected one line of text"),
    (1, "title: \"  \"", "line 1, title: expected one line of text"),
    (1, "title: ~", "line 1, title: expected one line of text, found nothing"),
    (2, "# no model", "expected model: a folder or a hub name, found no such key"),
    (4, "  - {name: target, path: nl.txt}", "line 4, corpora[0].name: expected a name other than"),
    (
      4, "  - {name: Dutch, path: nl.csv}",
      "line 4, corpora[0].path: expected a file that ends in .js"
    ),
    (4, "  - {name: Dutch, path: nl}", "line 4, corpora[0].path: expected a file that ends in .js"),
    (4, "  - {name: Dutch}", "line 4, corpora[0]: expected path: a path, found no such key"),
    (
      5, "  - {name: Dutch, path: de.txt}",
      "line 5, corpora[1]: expected each corpus once, found \"Du"
    ),
    (
      5, "  - {name: German, path: a.txt, role: eval}", "line 5, corpora[1].role: expected study or"
    ),
    (
      5, "  - {name: German, path: a.txt, documents: 0}",
      "line 5, corpora[1].documents: expected an"
    ),
    (
      8, "target: Dutsh",
      "line 8, target: expected the name of a corpus, found \"Dutsh\"\n  Did you me"
    ),
    (
      8, "target: Stories", "line 8, target: expected a corpus of role study, found \"Stories\", of"
    ),
    (8, "target: [Dutch]", "line 8, target: expected the name of a corpus, found a list of 1"),
    (
      9, "layer: automatic",
      "line 9, layer: expected a layer's number, from 0, or auto, found \"automatic\""
    ),
    (9, "layer: -1", "line 9, layer: expected a layer's number, from 0, or auto, found \"-1\""),
    (
      9, "layer: \"3\"",
      "line 9, layer: expected a layer's number, from 0, or auto, found \"3\" (in quotation marks)"
    ),
    (9, "# no layer", "expected layer: a layer's number, from 0, or auto, found no such key"),
  ])
  func aLineThatIsWrongIsNamed(line: Int, text: String, words: String) throws {
    let refusal = try #require(SampleStudy.refusal(SampleStudy.yaml(line: line, text)))
    #expect(refusal.kind == .study)
    #expect(refusal.message.contains(words))
  }

  @Test(arguments: [
    ("", "found nothing"), ("# only a comment\n", "found nothing"), ("~", "found nothing"),
    ("a text", "expected a mapping"), ("- a\n- b\n", "found a list of 2"),
    ("a: b: c", "line 1, column 5: expected YAML, found mapping values are not allowed"),
    ("title: x\n\tlayer: 3", "line 2"), ("title: 'x", "line 1"), ("a: [1, 2", "expected YAML"),
    ("a: 1\n---\nb: 2\n", "line 2, column 1: expected YAML, found another document"),
    ("a: \u{7}", "line 1: expected printable characters, found U+7"),
    ("x: 1\na: \u{FFFE}", "line 2: expected printable characters, found U+FFFE"),
    ("a: *x", "expected YAML, found undefined alias"),
    ("a: &x 1\nb: *x", "line 2: expected no aliases, found *x"),
    ("!!binary a: 1", "line 1"), ("a: \"\\uD800\"", "line 1"),
  ])
  func whatIsNoStudyAtAllIsRefused(yaml: String, words: String) throws {
    let refusal = try #require(SampleStudy.refusal(yaml))
    #expect(refusal.kind == .study)
    #expect(refusal.message.contains(words))
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], "byte 0: expected UTF-8 text, found UTF-16"),
      ([0x61, 0x3A, 0x20, 0xC3, 0x28], "byte 3: expected valid UTF-8, found byte 0xC3"),
    ] as [([UInt8], String)])
  func bytesThatAreNoUTF8AreRefusedWithTheirOffset(bytes: [UInt8], words: String) throws {
    let refusal = try #require(throws: Diagnostic.self) {
      _ = try StudyFile(parsing: FileBytes(bytes, name: "study.yml"), folder: nil)
    }
    #expect(refusal.kind == .study && refusal.message.contains(words))
  }
}
