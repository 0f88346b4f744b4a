import Analyses
import Corpora
import Foundation
import ReportModel
import StudyFile
import Testing

/// Sentences that were once false, by kind, with findings made to break them again: ties, opposite
/// signs, values below all nulls, ends that round to zero.
struct SentenceKindsTests {
  private static let neuron = NeuronAddress(layer: 3, neuron: 436)

  // MARK: By corpus

  private static func languages(_ mccs: [Double], best: Int) throws -> Languages.Result {
    let names = ["Dutch", "German", "French", "Italian"]
    let corpora = zip(names, mccs).map { name, mcc in
      """
      {"name": "\(name)", "documents": 2, "tokens": 9, "mean": 1, "quantiles": [0, 1, 2, 3, 4],
       "mcc": \(mcc), "best": {"neuron": \(best), "mcc": \(mccs.map { $0 + 0.1 }),
       "means": \(mccs)}}
      """
    }
    return try VerdictSamples.decoded(
      #"{"layer": 3, "neuron": 436, "corpora": [\#(corpora.joined(separator: ","))]}"#)
  }

  /// “At most −0.180” was the largest by magnitude: the range is by value, whatever the signs.
  @Test(arguments: [
    ([0.75, -0.058, -0.18, -0.033], "between −0.180 and −0.033."),
    ([-0.296, 0.49, -0.9, 0.1], "between −0.900 and 0.490."),
    ([0.5, 0.2, 0.2, 0.2], "between 0.200 and 0.200."),
  ])
  func theRangeOfTheOthersIsByValue(mccs: [Double], words: String) throws {
    let result = try Self.languages(mccs, best: 436)
    let section = try #require(Languages().section(result, in: try VerdictSamples.study()))
    let figure = try #require(section.figures.last)
    #expect(figure.caption.hasSuffix("; on the others it is \(words)"), "\(figure.caption)")
    // The studied neuron is the best for every corpus, and stands once.
    #expect(figure.data.rows.count == 1)
    #expect(figure.note == "No other neuron of the layer has a higher MCC for Dutch.")
    let other = try #require(
      Languages().section(
        try Self.languages(mccs, best: 7), in: try VerdictSamples.study())?.figures.last)
    #expect(other.data.rows.count == 2)
    #expect(other.note.hasPrefix("The highest MCC for Dutch is that of L3N7, "))
  }

  // MARK: All neurons

  private static func scores(_ mcc: Double) -> String {
    let range = "{\"mean\": \(mcc), \"low\": \(mcc), \"high\": \(mcc)}"
    let keys = ["f1", "mcc", "precision", "recall", "balanced_accuracy", "roc_auc"]
    return "{" + keys.map { "\"\($0)\": \(range)" }.joined(separator: ",") + "}"
  }

  private static func row(_ number: Int, _ tokens: Double, _ documents: Double) -> String {
    """
    {"layer": 3, "neuron": \(number), "sign": 1, "tokens": \(scores(tokens)),
     "documents": \(scores(documents))}
    """
  }

  /// A layer whose neurons have the given MCC on documents, the studied one first.
  private static func sweep(_ documents: [Double], listed: [Int]) throws -> ProbeSweep.Result {
    let keys = ["f1", "mcc", "precision", "recall", "balanced_accuracy", "roc_auc"]
    let every = "{" + keys.map { "\"\($0)\": \(documents)" }.joined(separator: ",") + "}"
    let none = #"{"value": 0.7, "low": 0.6, "high": 0.8}"#
    return try VerdictSamples.decoded(
      """
      {"splits": 5, "holds_selection": false,
       "classes": {"target": {"documents": 9, "tokens": 90},
         "other": {"documents": 9, "tokens": 90}},
       "studied": \(row(436, 0.7, documents[0])),
       "rank": {"tokens": 1, "documents": \(1 + documents.count { $0 > documents[0] })},
       "compared": [], "neurons": \(documents.count),
       "top": [\(listed.map { row($0, 0.7, documents[0]) }.joined(separator: ","))],
       "layers": [{"layer": 3, "constant": 0, "dead": 0, "best": \(row(436, 0.7, documents[0])),
         "best_documents": \(row(9, 0.1, documents.max() ?? 0)), "tokens": \(every),
         "documents": \(every)}],
       "directions": {"per_layer": 64, "median": [0], "best": [0.4]},
       "shuffled": {"mean": 0, "quantile": 0.1, "best": 0.2, "studied": 0.1},
       "k_sparse": {"sizes": [1], "mean_difference": [{"mean": 0.7, "low": 0.6, "high": 0.8}],
         "coefficient": [{"mean": 0.7, "low": 0.6, "high": 0.8}]},
       "interval": {"tokens": \(none), "documents": \(none)}}
      """)
  }

  /// “Rank 1 and 1 of 3,072” while 51 neurons had 1.000.
  @Test(arguments: [
    ([1, 1, 1, 0.2], "it is one of 3 neurons with an MCC of 1.000", "3 neurons share the highest"),
    ([0.9, 1, 0.2], "it is rank 2 (0.900)", "L3N9 has the highest MCC, 1.000"),
    (
      [0.5, 0.5, 1, 1], "it is one of 2 neurons with an MCC of 0.500", "2 neurons share the highest"
    ),
  ])
  func aTieIsCalledATieWithItsCount(documents: [Double], place: String, measures: String) throws {
    let result = try Self.sweep(documents, listed: [436, 9])
    #expect(ProbeSweep.place(result).hasSuffix(place), "\(ProbeSweep.place(result))")
    let section = try #require(ProbeSweep().section(result, in: try VerdictSamples.study()))
    #expect(section.figures[1].caption.contains(measures), "\(section.figures[1].caption)")
    // What the null is the best of stands beside how many a layer has.
    #expect(
      section.figures[0].note.contains(
        "the best of 64 random directions a layer has 0.400 (a layer has \(documents.count) neurons)"
      ))
  }

  /// The studied neuron was printed again where it was in the list already.
  @Test func theStudiedNeuronStandsOnceInATable() throws {
    for (listed, count) in [([436, 9], 2), ([9, 8], 3)] {
      let section = try #require(
        ProbeSweep().section(
          try Self.sweep([1, 0.5], listed: listed), in: try VerdictSamples.study()))
      #expect(section.tables.map(\.rows.count) == [count])
      // Each layer's best neuron is the studied one here.
      #expect(section.figures[1].data.rows.count == 1)
    }
  }

  // MARK: How it works

  private static let size =
    #"{"documents": 20, "tokens": 90, "available": 20, "left_out": 0, "holds_selection": false}"#

  /// Direct and indirect effect of SmolLM2's neuron are 0.375 and 0.41 of a total of 0.480, and the
  /// sentence left the reader to find out why.
  @Test(arguments: [
    (-0.305, -0.324, -0.286, "; acting together they differ from their sum by −0.305"),
    (0.2, 0.1, 0.3, "; acting together they differ from their sum by +0.20 [0.10"),
    (0.04, 0.03, 0.05, nil), (-0.3, -0.7, 0.1, nil),
  ])
  func anOverlapOfTheEffectsIsSaidWhereItIsLarge(
    rest: Double, low: Double, high: Double, words: String?
  ) throws {
    let result: Effects.Result = try VerdictSamples.decoded(
      """
      {"layer": 3, "neuron": 436, "sample": \(Self.size), "clean": 4, "components": [],
       "total": {"value": 0.48, "low": 0.43, "high": 0.53},
       "direct": {"value": 0.375, "low": 0.33, "high": 0.42},
       "indirect": {"value": 0.41, "low": 0.35, "high": 0.47},
       "remainder": {"value": \(rest), "low": \(low), "high": \(high)}}
      """)
    let caption = Effects.caption(result, target: "French")
    #expect(caption.contains("acting together") == (words != nil), "\(caption)")
    if let words { #expect(caption.contains(words), "\(caption)") }
  }

  /// A gated neuron's linear input was called its input: it may be higher where the neuron is
  /// silent.
  @Test func theInputOfAGatedNeuronIsNamedWithItsGate() throws {
    var result = try Self.upstream(1, equal: [0], cosine: 0, null: [0])
    #expect(
      Upstream.readsCaption(result, target: "Dutch").hasPrefix(
        "The input of L3N436 is +1 on Dutch and 0 elsewhere; of the difference, +1.00,"))
    result.gate = try VerdictSamples.decoded(
      """
      {"pre": {"target": {"value": 5.29}, "other": {"value": -2.73}}, "parts": [], "bias": 0,
       "signs": {"target": [1, 0, 0, 0], "other": [0, 0, 1, 0]}, "excite": [], "inhibit": []}
      """)
    #expect(
      Upstream.readsCaption(result, target: "Dutch").hasPrefix(
        "The linear input of L3N436 is +1 on Dutch and 0 elsewhere, its gate +5.29 and "
          + "−2.73; of the linear difference, +1.00,"))
  }

  // MARK: What reads it

  private static func upstream(
    _ moves: Double, equal: [Double], cosine: Double, null: [Double]
  ) throws -> Upstream.Result {
    let size =
      #"{"documents": 2, "tokens": 9, "available": 2, "left_out": 0, "holds_selection": false}"#
    return try VerdictSamples.decoded(
      """
      {"layer": 3, "neuron": 436, "samples": {"target": \(size), "other": \(size)},
       "pre": {"target": {"value": 1}, "other": {"value": 0}}, "parts": [], "bias": 0,
       "sum_error": 0, "inputs": {"excite": [], "inhibit": [], "active": [], "fewest": 5},
       "downstream": [{"layer": 5, "neurons": [], "changes": [], "cosines": [],
         "mean_absolute": \(moves), "null": [9], "null_largest": 9, "equal": \(equal),
         "beyond": 0, "constant": 0, "largest_cosine": \(cosine), "cosine_null": \(null),
         "cosine_beyond": 0, "both": 0}]}
      """)
  }

  /// “0.24, beside 0.24 to 0.34 of as many random neurons” was below all twenty.
  @Test(arguments: [
    (0.236, [0.245, 0.34], "0.24 in layer 5, above 0 of 2 random neurons"),
    (0.4, [0.245, 0.34], "0.40 in layer 5, above 2 of 2 random neurons"),
    (0.245, [0.245, 0.34], "0.24 in layer 5, above 0 of 2 random neurons"),
    (0.3, [0.2], "0.30 in layer 5, above 1 of 1 random neuron"),
  ])
  func aPlaceAmongNullsIsCounted(value: Double, null: [Double], words: String) throws {
    let result = try Self.upstream(value, equal: null, cosine: value, null: null)
    #expect(Upstream.weightsCaption(result).hasSuffix("is \(words)."))
    let count = null.count { $0 < value }
    let moves = Upstream.movesCaption(result, target: "Dutch")
    #expect(moves.contains("more than \(count) of \(null.count) edit"), "\(moves)")
  }

  /// A caption that named each of 26 layers was read by nobody.
  @Test func manyLaterLayersAreToldByTheirEnds() throws {
    var result = try Self.upstream(0.2, equal: [0.1, 0.3], cosine: 0.15, null: [0.1, 0.2])
    result.downstream = (0..<26).map { step in
      var layer = result.downstream[0]
      layer.layer = 4 + step
      layer.meanAbsolute = step == 7 ? 0.05 : 0.2 + 0.01 * Double(step)
      layer.largestCosine = step == 9 ? 0.25 : 0.15 - 0.001 * Double(step)
      layer.cosineBeyond = step == 9 ? 2 : 0
      layer.both = step == 9 ? 1 : 0
      return layer
    }
    let moves = Upstream.movesCaption(result, target: "Dutch")
    #expect(
      moves == "Ablating L3N436 moves the neurons of the 26 later layers on Dutch by 0.050 "
        + "(layer 11) to 0.450 (layer 29), more than 0 to 2 of 2 edits of equal size.")
    let weights = Upstream.weightsCaption(result)
    #expect(
      weights == "The largest |cos| of W_out of L3N436 with W_in of a neuron of the 26 later "
        + "layers is 0.12 (layer 29) to 0.25 (layer 13), above 1 to 2 of 2 random neurons (2 beyond all of "
        + "them, of which 1 also moves most).")
    // Two layers are still told one by one.
    result.downstream = Array(result.downstream.prefix(2))
    #expect(Upstream.movesCaption(result, target: "Dutch").contains("in layer 5, more than 1 of 2"))
  }

  /// “By the position it is predicted from, fewer than 20” had lost its documents.
  @Test(arguments: [
    ([10, 10], "Fixed cohorts of 10 documents, fewer than 20, so that"),
    ([30, 25], "Fixed cohorts of 30 and 25 documents. A loss"),
  ])
  func cohortsAreCounted(documents: [Int], words: String) {
    #expect(PositionResponse.lossNote(documents).hasPrefix(words))
  }

  /// “Activation-matched neurons” came nowhere near: their name claims no match, and the note has
  /// the sizes.
  @Test func controlsThatAreFarAwayAreNotCalledMatches() throws {
    func control(_ size: Double, _ change: Double) -> String {
      """
      {"neuron": 1, "mean": 0.1, "root_mean_square": 1, "size": \(size),
       "change": {"value": \(change)}}
      """
    }
    let controls: AblationControls.Controls = try VerdictSamples.decoded(
      """
      {"sample": {"documents": 9, "tokens": 90, "available": 9, "left_out": 0,
        "holds_selection": true},
       "studied": \(control(1.87, 0.05)), "random": [\(control(0.2, 0.01))],
       "matched": [\(control(0.296, 0.05)), \(control(0.717, 0.01))]}
      """)
    // An equal change is not less: one of two.
    #expect(
      AblationControls.controlsCaption(controls, Self.neuron, "Dutch").hasSuffix(
        ", above that under 1 of 2 neurons nearest by the size of their edit (highest +0.0500) and "
          + "1 random neuron (highest +0.0100)."))
    let note = AblationControls.controlsNote(controls, "Dutch")
    #expect(note.contains("9 documents, some of which the neuron was chosen on"))
    #expect(
      note.hasSuffix(
        "Its edit shifts the residual stream by 1.87 (root mean square), the median random neuron's "
          + "by 0.200, the matched ones' by 0.296 to 0.717."), "\(note)")
  }

  /// “Classes have equal numbers” did not say which rows of the larger one are left.
  @Test func aClassThatIsCutSaysWhatIsLeft() {
    #expect(
      SparseProbe.cut(ClassPair(target: 7919, other: 37821), "Dutch")
        == "Both classes have 7,919 tokens: the first of 37,821 of the other class, which come from "
        + "its first documents alone.")
    #expect(SparseProbe.cut(ClassPair(target: 5, other: 3), "Dutch").contains("of 5 of Dutch"))
    #expect(
      SparseProbe.cut(ClassPair(target: 5, other: 5), "Dutch") == "Both classes have 5 tokens.")
  }

  // MARK: Counts come from the settings

  @Test func resamplesAreThoseOfEachSetting() throws {
    var file = try VerdictSamples.study().file
    file.evidence = try JSONDecoder().decode(
      EvidenceSettings.self,
      from: Data(#"{"effects": {"resamples": 123}, "position_response": {"resamples": 77}}"#.utf8))
    let words = Objections.resamples(file)
    #expect(words.contains("123 times in effects"), "\(words)")
    #expect(words.contains("77 times in position_response"), "\(words)")
  }

  // MARK: Ends that round to zero

  /// “[−0.04, 0.00]” hid that the upper end was −0.0018.
  @Test func anEndOfACurveIsNeverRoundedToZero() throws {
    let corpus: PositionResponse.CorpusCurves = try VerdictSamples.decoded(
      """
      {"corpus": "Dutch", "counts": [12, 12, 12],
       "activation": {"mean": [], "low": [], "high": []},
       "loss": {"mean": [], "low": [], "high": []},
       "cohort": {"documents": 12, "tokens": 2,
         "activation": {"mean": [0, 0.05, 0.1], "low": [0, 0.0018, -0.2], "high": [0, 0.1, 0.4]},
         "loss": {"mean": [1, 2], "low": [1, 2], "high": [1, 2]},
         "passage": {"documents": 12, "passed": 0, "quartiles": [], "share": []}}}
      """)
    let words = PositionResponse.activationCaption(corpus, neuron: Self.neuron)
    #expect(words.contains("0.050 [0.002, 0.100] at the first token"), "\(words)")
    #expect(words.contains("0.10 [−0.20, 0.40] at token 2"), "\(words)")
  }
}
