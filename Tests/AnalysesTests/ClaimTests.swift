import Analyses
import Charts
import Statistics
import StudyFile
import Testing

/// What a report claims, with findings made to break each sentence.
struct ClaimTests {
  private static let neuron = NeuronAddress(layer: 3, neuron: 331)

  private static func activity(_ target: Double, _ others: [Double]) -> Activity {
    Activity(
      neuron: neuron, target: .init(name: "French", mean: target, median: target),
      others: others.enumerated().map { .init(name: "C\($0)", mean: $1, median: $1) })
  }

  @Test(arguments: [
    (2.0, [0.1, -0.1], "fires on French"),
    (2.0, [1.5, -0.1], "is more active on French than on each of 2 other corpora"),
    (0.1, [2, 3], "fires on everything but French"),
    (-0.08, [-0.05, 1.49], "is less active on French than on each of 2 other corpora"),
    (-0.08, [-0.079, 1.47, -0.09], "is not most active on French"),
    (1, [1, 1], "is as active on French as elsewhere"),
    (1, [1, 0], "is as active on French as on C0: its mean is"),
    (1, [0, 1, 1, 1, 1], "is as active on French as on C1, C2, C3 and 1 more: its mean is"),
    (1, [1, 0, 2], "is not most active on French (mean 1.00) but on C2 (2.00); 2 other corpora"),
  ])
  func whatItFiresOn(target: Double, others: [Double], words: String) {
    let activity = Self.activity(target, others)
    #expect(words.hasPrefix(activity.predicate))
    #expect(activity.sentence.hasPrefix("L3N331 \(words)"))
    #expect(!activity.sentence.contains(" ;") && !activity.sentence.contains("  "))
  }

  /// The demo's French neuron: silent on English, German and Swedish, too.
  @Test func aMixedOtherClassIsToldByCorpus() {
    let sentence = Self.activity(-0.08, [1.49, 1.47, 0.41, -0.079, -0.003, -0.09]).sentence
    #expect(
      sentence == """
        L3N331 is not most active on French (mean −0.080) but on C0 (1.49), C1 (1.47), C2 (0.410) \
        and 2 more; 1 other corpus is not higher.
        """)
  }

  /// Whatever the levels, the words hold for every corpus.
  @Test func noSentenceIsFalseOfACorpus() {
    var state: UInt64 = 7
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 40) / Double(1 << 24) * 5 - 1).rounded() / 2
    }
    for _ in 0..<2000 {
      let (target, others) = (random(), (0..<3).map { _ in random() })
      switch Self.activity(target, others).kind {
      case .firesOnTarget: #expect(target > 0 && others.allSatisfy { $0 <= target / 2 })
      case .highestOnTarget: #expect(others.allSatisfy { $0 < target })
      case .firesOnAllButTarget: #expect(others.allSatisfy { $0 > 0 && target <= $0 / 2 })
      case .lowestOnTarget: #expect(others.allSatisfy { $0 > target })
      case .between:
        #expect(others.contains { $0 > target } && !others.allSatisfy { $0 > target })
      case .tied: #expect(others.max() == target && others.contains { $0 < target })
      case .same: #expect(others.allSatisfy { $0 == target })
      }
    }
  }

  @Test(arguments: [
    (Measured(0.05, low: 0.04, high: 0.06), ", and the model uses it."),
    (Measured(0.001, low: -0.001, high: 0.003), ", but the model hardly misses it."),
    (Measured(-0.05, low: -0.06, high: -0.04), ", and the model does better without it there."),
    (Measured(0.05), "; whether the model needs it is not known."),
  ])
  func theLeadFollowsTheInterval(change: Measured, ending: String) {
    #expect(
      Claim.lead(Self.activity(2, [0, 0]), change) == "L3N331 fires on French" + ending)
  }

  /// What a model saves is told by its size, what cannot be told from zero with its sign.
  @Test(arguments: [
    (Measured(0.05, low: 0.04, high: 0.06), "it costs the model 0.050 [0.040, 0.060] nats"),
    (Measured(-0.05, low: -0.06, high: -0.04), "it saves the model 0.050 [0.040, 0.060] nats"),
    (Measured(-0.001, low: -0.01, high: 0.01), "told from zero: −0.001 [−0.010, 0.010] nats"),
    (Measured(0.05, low: 0, high: 0.1), "told from zero: +0.05 [0.00, 0.10] nats"),
    (Measured(-0.05), "it changes the loss on French by −0.0500 nats"),
  ])
  func theCostFollowsTheSign(change: Measured, words: String) {
    var loss = LossChange(clean: [[1]], edited: [[1]], bootstrap: Bootstrap())
    loss.change = change
    let cost = Claim.cost(loss, "French")
    #expect(cost.contains(words), "\(cost)")
  }

  private static func controls(_ studied: Double, _ random: [Double]) throws
    -> AblationControls.Controls
  {
    func control(_ value: Double) -> String {
      #"{"neuron": 1, "mean": 0.1, "root_mean_square": 1, "change": {"value": \#(value)}}"#
    }
    return try VerdictSamples.decoded(
      """
      {"sample": {"documents": 9, "tokens": 90, "available": 9, "left_out": 0,
        "holds_selection": false},
       "studied": \(control(studied)), "matched": [],
       "random": [\(random.map(control).joined(separator: ", "))]}
      """)
  }

  @Test(arguments: [
    (
      0.06, [0.0056, -0.01], "The costliest of 2 random neurons costs less than one tenth of that."
    ),
    (
      0.012, [0.0056, -0.01], "The costliest of 2 random neurons costs less than one half of that."
    ),
    (0.006, [0.0056, -0.01], "That is more than each of 2 random neurons costs."),
    (0.006, [-0.0056], "That is more than each of 1 random neuron costs."),
    (0.005, [0.0056, -0.01], "That is more than 1 of 2 random neurons cost."),
    (0.0056, [0.0056], "That is more than 0 of 1 random neuron costs."),
    (-0.05, [0.01, -0.06], "Its change is above that under 1 of 2 random neurons."),
    (-0.05, [-0.06], "Its change is above that under 1 of 1 random neuron."),
    (0, [-0.06, 0], "Its change is above that under 1 of 2 random neurons."),
  ])
  func controlsAreComparedByTheLargest(studied: Double, random: [Double], words: String) throws {
    #expect(Claim.beside(try Self.controls(studied, random)) == words)
  }

  /// Another sample's effect is never what "that" means: 0.0056 is no tenth of 0.050.
  @Test func controlsOfOtherDocumentsAreToldWithTheirOwnEffect() throws {
    #expect(
      Claim.beside(try Self.controls(0.06, [0.0056, -0.01]), isSameSample: false)
        == "On 9 documents with controls its change is +0.0600, above that under 2 of 2 random "
        + "neurons (highest +0.00560).")
  }

  /// An end that is not zero is never written as zero.
  @Test(arguments: [
    (-0.0246, -0.0448, -0.0018, "−0.025 [−0.045, −0.002]"),
    (0.05, 0.0000004, 0.1, "+0.0500000 [0.0000004, 0.1000000]"),
    (1.0987, 0.9647, 1.2277, "+1.10 [0.96, 1.23]"),
    (0.0503, 0.0435, 0.0571, "+0.050 [0.044, 0.057]"), (0, 0, 0, "0.00 [0.00, 0.00]"),
    (12345, 12000, 13000, "+12,345 [12,000, 13,000]"),
  ])
  func digitsFollowTheInterval(value: Double, low: Double, high: Double, words: String) {
    #expect(Measured(value, low: low, high: high).words == words)
    let own = IntervalChartWords.words(value, low, high)
    #expect(own == words.replacing("+", with: ""))
  }
}

/// Charts write the same digits as sentences.
enum IntervalChartWords {
  static func words(_ value: Double, _ low: Double, _ high: Double) -> String {
    let chart = Chart.intervals(
      IntervalChart(
        title: "t", x: Axis("x"), rows: [.init("r", [.init(value, low: low, high: high)])]))
    let svg = chart.svg(slug: "s", description: "d", form: .file)
    let text = svg.matches(of: />([^<>]*\[[^<>]*\])<\/text>/).map { String($0.1) }
    return text.first ?? ""
  }
}
