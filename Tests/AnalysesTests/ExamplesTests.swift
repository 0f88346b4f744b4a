import Analyses
import Charts
import ReportModel
import StudyFile
import Testing

struct ExamplesTests {
  private static let neuron = NeuronAddress(layer: 3, neuron: 436)

  /// A document whose ids differ from those of every other one.
  private static func reading(
    _ index: Int, _ activations: [Float], ids: [Int32]? = nil
  ) -> Reading {
    let count = Int32(activations.count)
    return Reading(
      corpus: "Dutch", index: index, ids: ids ?? (0...count).map { $0 + Int32(index) * 1000 },
      activations: ([99] + activations)[...])
  }

  private static func result(
    _ target: [Reading], other: [Reading] = [], coefficient: Double = 1, intercept: Double = -1
  ) -> Examples.Result {
    Examples.result(
      neuron: neuron, names: ("Dutch", "other"), target: target, other: other,
      coefficient: coefficient, intercept: intercept, texts: { $0.map { "<\($0)>" } })
  }

  // MARK: Choice

  @Test func strongestQuantilesAndWeakestAreOnePerDocumentAndInOrder() {
    let readings = (0..<21).map { Self.reading($0, [Float($0), 0.5]) }
    let choice = ExampleChoice(of: readings)
    #expect(choice.passages.map(\.reading) == [20, 19, 18, 17, 16, 15, 10, 5, 1, 0])
    #expect(
      choice.passages.map(\.kind) == Array(repeating: .strongest, count: 5) + [
        .quantile(0.75), .quantile(0.5), .quantile(0.25), .weakest, .weakest,
      ])
    #expect(choice.nearDuplicates == 0)
  }

  /// A gated neuron fires with both signs: documents where it is lowest are shown, too.
  @Test func lowestActivationsBelowZeroAreChosenWhereAskedFor() {
    let readings = (0..<12).map { Self.reading($0, [Float($0), -Float(11 - $0)]) }
    let choice = ExampleChoice(of: readings, negative: 2)
    let negative = choice.passages.filter { $0.kind == .negative }
    #expect(negative.map(\.reading).sorted() == [0, 1] && negative.allSatisfy { $0.peak == 2 })
    let positive = (0..<12).map { Self.reading($0, [Float($0)]) }
    #expect(
      !ExampleChoice(of: positive, negative: 2).passages.contains { $0.kind == .negative })
  }

  @Test func aPassageThatSharesEightTokensIsLeftOutAndCounted() {
    let words: [Int32] = Array(1...8)
    let readings = [
      Self.reading(0, Array(repeating: 5, count: 9), ids: [0] + words + [50]),
      Self.reading(1, Array(repeating: 4, count: 9), ids: [0, 60] + words),
      Self.reading(2, Array(repeating: 3, count: 9), ids: [0, 61] + words.dropLast() + [62]),
    ]
    let choice = ExampleChoice(of: readings)
    #expect(choice.passages.map(\.reading) == [0, 2])
    #expect(choice.nearDuplicates == 1)
  }

  @Test(arguments: [(0, 1..<41), (50, 26..<66), (99, 60..<100)])
  func windowsStayInsideTheDocumentAndLeaveBOSOut(peak: Int, expected: Range<Int>) {
    let reading = Self.reading(0, Array(repeating: 0, count: 99))
    #expect(reading.window(around: max(1, peak), length: 40) == expected)
  }

  @Test func beginningOfTextIsNeverThePeak() {
    #expect(Self.reading(0, [1, 3, 3]).peak() == 2)
    #expect(Self.reading(0, []).peak() == nil)
    #expect(ExampleChoice(of: [Self.reading(0, [])], negative: 3).passages.isEmpty)
  }

  // MARK: Errors of the probe

  @Test func errorsAreTheTokensOnTheWrongSide() {
    let target = [Self.reading(0, [2, 0.5]), Self.reading(1, [3, -2])]
    let other = [Self.reading(2, [0, 1.5, 4]), Self.reading(3, [0, 0])]
    let probe = Self.result(target, other: other).probe
    #expect(probe.threshold == 1)
    #expect(probe.falsePositives.tokens == 2 && probe.falsePositives.of == 5)
    #expect(probe.falsePositives.passages.map(\.position) == [3])
    #expect(probe.falseNegatives.tokens == 2 && probe.falseNegatives.of == 4)
    #expect(probe.falseNegatives.passages.map(\.document) == [1, 0])
  }

  @Test func aProbeThatFavoursSilenceTurnsTheSidesRound() {
    let probe = Self.result(
      [Self.reading(0, [2, 0.5])], other: [Self.reading(1, [0, 1.5])], coefficient: -1, intercept: 1
    ).probe
    #expect(probe.falsePositives.passages.map(\.position) == [1])
    #expect(probe.falseNegatives.passages.map(\.position) == [1])
  }

  /// GELU's minimum is the same for many inputs: which of them is furthest, the input tells.
  @Test func missesAtTheLeastActivationAreRankedByTheInput() throws {
    func reading(_ index: Int, _ inputs: [Float]) -> Reading {
      let ids = (0...Int32(inputs.count)).map { $0 + Int32(index) * 1000 }
      return Reading(
        corpus: "Dutch", index: index, ids: ids,
        activations: ([99] + inputs.map { _ in -0.17 })[...], preActivations: ([99] + inputs)[...])
    }
    let result = Self.result(
      [reading(0, [-0.7, -0.9]), reading(1, [-3, -0.8]), reading(2, [-0.75, -1])],
      other: [Self.reading(3, [0, 0])])
    let misses = result.probe.falseNegatives
    #expect(misses.tokens == 6 && misses.isRankedByInput == true)
    #expect(misses.passages.map(\.document) == [1, 2, 0])
    #expect(misses.passages.map(\.position) == [1, 2, 2])
  }

  @Test func aConstantNeuronHasNoThresholdAndNoPassages() {
    let probe = Self.result(
      [Self.reading(0, [0, 0])], other: [Self.reading(1, [0])], coefficient: 0, intercept: 0
    ).probe
    #expect(probe.threshold == nil)
    #expect(probe.falsePositives.passages.isEmpty && probe.falseNegatives.passages.isEmpty)
  }

  /// Misses lie on the other side of the threshold than false alarms, whichever the probe takes for
  /// the target's; where a constant neuron has none, nothing is shown.
  @Test(arguments: [(1.0, -1.0, "above", "below"), (-1, 1, "below", "above")])
  func errorsSayTheirSide(
    coefficient: Double, intercept: Double, alarms: String, misses: String
  ) throws {
    let sign = Float(coefficient)
    let target = [Self.reading(0, [1 + sign, 1 - sign])]
    let other = [Self.reading(1, [1 + sign, 1 - sign, 1 - sign])]
    let result = Self.result(
      target, other: other, coefficient: coefficient, intercept: intercept)
    let figures = Examples.errorFigures(result, try VerdictSamples.study())
    #expect(
      figures.map(\.caption) == [
        "False alarms: 1 of 3 tokens of the other class (33.3 %) are classified as Dutch (that is "
          + "\(alarms) 1.00).",
        "Misses: 1 of 2 tokens of Dutch (50.0 %) are not classified as Dutch (that is \(misses) "
          + "1.00).",
      ])
    #expect(figures.allSatisfy { $0.note.contains("several may be equally far") })
  }

  /// Of tokens at GELU's minimum hook_pre tells which is missed most; where it was not read, as of
  /// a gated neuron, the note says that several may be as far.
  @Test(arguments: [true, false]) func theNoteOfTheMissesSaysWhatRanksThem(isRead: Bool) throws {
    func reading(_ index: Int, _ pre: [Float]) -> Reading {
      var reading = Self.reading(index, pre.map { _ in -0.17 })
      if isRead { reading.preActivations = ([0] + pre)[...] }
      return reading
    }
    let result = Self.result([reading(0, [-3, -5]), reading(1, [-9, -9]), reading(2, [-4])])
    let misses = result.probe.falseNegatives
    #expect(misses.tokens == 5 && misses.isRankedByInput == isRead)
    #expect(misses.passages.map(\.document) == (isRead ? [1, 0, 2] : [0, 1, 2]))
    #expect(misses.passages.map(\.position) == (isRead ? [1, 2, 1] : [1, 1, 1]))
    let figure = try #require(
      Examples.errorFigures(result, try VerdictSamples.study()).first)
    #expect(
      figure.note == "One passage per document, around "
        + (isRead
          ? "the token at which the neuron's input (hook_pre) is furthest on the wrong side."
          : "a token on the wrong side; several may be equally far from the threshold."))
  }

  // MARK: Tokens

  @Test func splitCharactersStandAtTheirLastToken() throws {
    let study = try EvidenceStudy.resolved()
    // Bytes of the vocabulary's own alphabet: é is C3 A9, the euro sign E2 82 AC.
    func id(_ byte: UInt8) throws -> Int32 {
      try #require((0..<512).first { study.tokenizer.bytes(of: $0) == [byte] })
    }
    let ids = try [0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xC3].map { try id($0) }
    #expect(study.tokenizer.texts(of: ids) == ["a", "·", "é", "·", "·", "€", "·"])
    #expect(
      study.tokenizer.texts(of: [try id(0xC3), try id(0x61), try id(0xA9)])
        == ["·", "\u{FFFD}a", "\u{FFFD}"])
  }

  // MARK: Against TransformerLens and scikit-learn

  /// Activations are float32 on both sides, summed in different orders.
  @Test func peaksAndProbeEqualTheReference() throws {
    let analysis = Examples()
    let evidence = try EvidenceStudy.evidence(for: analysis)
    let golden = try EvidenceStudy.golden("examples")
    let peaks = golden["peaks"]?.array?.map(\.doubles) ?? []
    let result = try analysis.run(evidence)
    #expect(result.classes.map(\.documents) == [12, 12])
    let corpora = evidence.study.file.other
    for passage in result.classes.flatMap(\.passages) {
      let place =
        passage.corpus == "Dutch"
        ? passage.document
        : 12 + passage.document * 7 + (corpora.firstIndex(of: passage.corpus) ?? 0)
      #expect(passage.position == Int(peaks[place][0]))
      #expect(abs((passage.activations[passage.position - passage.first]) - peaks[place][1]) < 2e-4)
    }
    // Of GELU's lowest activations hook_pre tells which token excites the neuron least.
    let missed = golden["missed"]?.array?.map(\.doubles) ?? []
    let found = result.probe.falseNegatives.passages.map { [$0.document, $0.position] }
    #expect(found.count == 8 && found == missed.prefix(8).map { [Int($0[0]), Int($0[1])] })
    let strongest = peaks[..<12].map { $0[1] }.max() ?? .nan
    #expect(abs((result.classes[0].peaks[4] ?? 0) - strongest) < 2e-4)
    // False alarms are looked for in as many documents of the other class.
    let mistaken = golden["mistaken"]?.array?.map(\.doubles) ?? []
    let alarms = result.probe.falsePositives.passages.map {
      [corpora.firstIndex(of: $0.corpus) ?? -1, $0.document, $0.position]
    }
    #expect(alarms.count == 8 && alarms == mistaken.prefix(8).map { $0.prefix(3).map { Int($0) } })
    let counts = golden["errors"]?.doubles ?? []
    let errors = [result.probe.falseNegatives, result.probe.falsePositives]
    #expect(errors.flatMap { [Double($0.tokens), Double($0.of)] } == counts)
    // All documents probe here, so those that are judged are those that it was fitted on.
    #expect(result.probe.sample == .init(fitted: 12, judged: 12, isNew: false))
    // The optimum is flat: activations 1e-5 apart move it by less than this.
    #expect(abs(result.probe.coefficient - (golden["coefficient"]?.double ?? .nan)) < 2e-3)
    #expect(abs(result.probe.intercept - (golden["intercept"]?.double ?? .nan)) < 2e-3)
    let section = try #require(
      analysis.section(result, in: FindingsStudy(evidence.study, neuron: evidence.neuron)))
    #expect(
      section.figures.map(\.id) == [
        "examples-target", "examples-other", "examples-loss",
      ])
    for figure in section.figures {
      let svg = figure.chart.svg(slug: figure.id, description: figure.caption, form: .file)
      #expect(svg.utf8.count <= Chart.budget)
    }
  }
}
