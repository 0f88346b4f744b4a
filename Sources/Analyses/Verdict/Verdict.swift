import Corpora
import ReportModel
import StudyFile

/// How far the findings carry the claim that the neuron is the target's, by a stated rule.
package struct Verdict: Sendable, Equatable {
  package enum Label: String, Sendable, Codable, CaseIterable {
    case strong, weak, none
  }

  /// A number for the top of the page, in plain text.
  package struct KeyFigure: Sendable, Equatable {
    package let label: String
    package let value: String
    /// What it is measured by; may be empty.
    package let note: String
    /// The numbers that `value` shows, as it shows them; empty for a name.
    package var numbers: [Double] = []
    /// The 95 % interval of its number, where it has one; `note` says it, too.
    package var interval: String?
  }

  package let label: Label
  /// One paragraph of plain text that says the verdict with its numbers.
  package let sentence: String
  package let keyFigures: [KeyFigure]

  /// The rule, for the page.
  package static let rule = """
    Strong: the neuron is higher on the target, its own held-out accuracy is at least 85 % and the \
    target's loss over real tokens rises by at least 0.5 % without it, with a 95 % interval over \
    documents above zero. None: its accuracy is below 75 % or the loss changes by less than 0.1 %. \
    Weak: everything else.
    """

  /// Held-out accuracies, 0 to 1.
  private static let strongAccuracy = 0.85
  private static let weakAccuracy = 0.75
  /// Changes of the loss, in percent.
  private static let strongRise = 0.5
  static let smallestChange = 0.1

  /// Judges the findings; nil where they hold no accuracy or no mean of the neuron.
  package init?(findings: Findings) {
    guard let accuracy = findings.result(of: NeuronAccuracy.self).flatMap(NeuronAccuracy.studied),
      let histogram = findings.result(of: ActivationHistogram.self)
    else { return nil }
    let study = findings.study
    self.init(
      Numbers(
        neuron: study.neuron, target: study.file.target, accuracy: accuracy.test,
        splits: study.file.probe.splits, mean: histogram.mean,
        loss: findings.result(of: Ablation.self)?.corpora[study.file.target]?.masked,
        interval: findings.result(of: AblationControls.self).flatMap {
          Interval($0, study)
        },
        rank: findings.result(of: ProbeSweep.self).map(Rank.init),
        ablation: study.file.ablation.value))
  }

  /// What the rule goes by.
  package struct Numbers: Sendable {
    package var neuron: NeuronAddress
    /// The target's name.
    package var target: String
    /// The neuron's own held-out accuracy, its mean over the splits.
    package var accuracy: Double
    package var splits: Int
    package var mean: ClassPair<Double>
    /// The target's loss over real tokens; nil where the study does not measure it.
    package var loss: LossPair?
    /// The change of that loss with its interval; nil where the findings hold none.
    package var interval: Interval?
    /// The neuron among all; nil where the findings hold none.
    package var rank: Rank?
    /// What ablation sets the neuron to.
    package var ablation: AblationSettings.Value

    package init(
      neuron: NeuronAddress, target: String, accuracy: Double, splits: Int,
      mean: ClassPair<Double>, loss: LossPair?, interval: Interval? = nil, rank: Rank? = nil,
      ablation: AblationSettings.Value = .otherMean
    ) {
      self.neuron = neuron
      self.target = target
      self.accuracy = accuracy
      self.splits = splits
      self.mean = mean
      self.loss = loss
      self.interval = interval
      self.rank = rank
      self.ablation = ablation
    }
  }

  /// The neuron among all of the model, from `probe_sweep`.
  package struct Rank: Sendable {
    /// Held-out MCC on tokens, with its interval over documents.
    package var mcc: Measured
    /// Its place by that, from 1, among so many neurons.
    package var place: Int
    package var neurons: Int

    package init(mcc: Measured, place: Int, neurons: Int) {
      self.mcc = mcc
      self.place = place
      self.neurons = neurons
    }

    fileprivate init(_ sweep: ProbeSweep.Result) {
      let interval = sweep.interval.tokens
      self.init(
        mcc: Measured(
          sweep.studied.tokens.mcc.mean, low: interval.low, high: interval.high),
        place: sweep.rank.tokens, neurons: sweep.neurons)
    }
  }

  /// The change of the target's loss with its interval, from `ablation_controls`.
  package struct Interval: Sendable {
    /// Nats per token.
    package var change: Measured
    package var documents: Int

    package init(change: Measured, documents: Int) {
      self.change = change
      self.documents = documents
    }

    /// Nil where the target has no interval.
    fileprivate init?(_ controls: AblationControls.Result, _ study: FindingsStudy) {
      let kind = AblationControls.Kind(study.file.ablation.value)
      guard let corpus = controls.corpora[study.file.target],
        let found = corpus.ablations[kind.rawValue], found.change.low != nil
      else { return nil }
      self.init(change: found.change, documents: corpus.sample.documents)
    }
  }

  package init(_ numbers: Numbers) {
    label = Self.label(numbers)
    sentence = Self.sentence(numbers, label)
    keyFigures = Self.keyFigures(numbers)
  }

  private static func label(_ numbers: Numbers) -> Label {
    if numbers.accuracy < weakAccuracy { return .none }
    guard let percent = numbers.loss?.percent else { return .weak }
    if percent.magnitude < smallestChange { return .none }
    let isHigher = numbers.mean.target > numbers.mean.other
    let isAboveZero = numbers.interval?.change.isAboveZero ?? true
    return isHigher && isAboveZero && numbers.accuracy >= strongAccuracy && percent >= strongRise
      ? .strong : .weak
  }

  private static func sentence(_ numbers: Numbers, _ label: Label) -> String {
    let (neuron, target) = (numbers.neuron, numbers.target)
    let opening =
      switch label {
      case .strong: ""
      case .weak: "The claim is weak. "
      case .none: "There is no good evidence that \(neuron) is a neuron for \(target). "
      }
    let means =
      "mean activation \(Wording.number(numbers.mean.target)) on \(target), "
      + "\(Wording.number(numbers.mean.other)) on the other class"
    let activity =
      numbers.mean.target < numbers.mean.other
      ? "\(neuron) fires on everything but \(target) (\(means))"
      : numbers.mean.target == numbers.mean.other
        ? "\(neuron) is as active on \(target) as elsewhere (\(means))"
        : "\(neuron) is more active on \(target) than elsewhere (\(means))"
    let loss =
      numbers.loss.map {
        "with it set to \(numbers.ablation.words) the loss on \(target) \($0.words)"
      } ?? "the loss on \(target) without it was not measured"
    let interval =
      numbers.interval.flatMap { interval in
        interval.change.interval(4).map {
          "; from position 1 on, over \(interval.documents.of("document")), the change is "
            + "\(Wording.signed(interval.change.value, 4)) nats with a 95 % interval of \($0)"
        }
      } ?? ""
    let rank =
      numbers.rank.map {
        "; by MCC on documents that no threshold was fitted on (\(Wording.fixed($0.mcc.value, 3))) "
          + "it has rank \($0.place.grouped) of all \($0.neurons.of("neuron"))"
      } ?? ""
    let reasons = shortfalls(numbers, label)
    let closing =
      switch label {
      case .strong: "By the rule of this report that is strong evidence"
      case .weak: "That falls short of strong evidence: \(Wording.list(reasons))"
      case .none: "By the rule of this report that is no evidence: \(Wording.list(reasons))"
      }
    return "\(opening)\(activity). Alone it tells the two apart in "
      + "\(Wording.percent(numbers.accuracy)) of held-out tokens (chance is 50 %)\(rank); \(loss)\(interval). "
      + "\(closing)."
  }

  /// What keeps the evidence from being strong, or from being any.
  private static func shortfalls(_ numbers: Numbers, _ label: Label) -> [String] {
    let isNone = label == .none
    var reasons: [String] = []
    let accuracy = isNone ? weakAccuracy : strongAccuracy
    if numbers.accuracy < accuracy {
      reasons.append("its accuracy is below \(Wording.fixed(100 * accuracy, 0)) %")
    }
    if let percent = numbers.loss?.percent {
      if isNone, percent.magnitude < smallestChange {
        reasons.append("the loss changes by less than \(Wording.fixed(smallestChange, 1)) %")
      } else if !isNone, percent < strongRise {
        reasons.append("the loss does not rise by \(Wording.fixed(strongRise, 1)) %")
      }
    } else if !isNone {
      reasons.append("the loss is unknown")
    }
    if !isNone, let interval = numbers.interval, !interval.change.isAboveZero {
      reasons.append("the interval of its change is not above zero")
    }
    if !isNone, numbers.mean.target <= numbers.mean.other {
      reasons.append("the neuron is not higher on \(numbers.target)")
    }
    return reasons
  }

  private static func keyFigures(_ numbers: Numbers) -> [KeyFigure] {
    var figures = [
      KeyFigure(
        label: "Neuron", value: numbers.neuron.description,
        note: "blocks.\(numbers.neuron.layer).mlp.hook_post"),
      KeyFigure(
        label: "Held-out accuracy", value: Wording.percent(numbers.accuracy),
        note: "alone, mean over \(numbers.splits.of("split")); chance 50 %",
        numbers: [100 * numbers.accuracy]),
    ]
    if let rank = numbers.rank {
      let interval = rank.mcc.interval(3)
      figures += [
        KeyFigure(
          label: "Held-out MCC", value: Wording.fixed(rank.mcc.value, 3),
          note: "alone, on tokens of other documents" + Self.words(interval),
          numbers: [rank.mcc.value], interval: interval),
        KeyFigure(
          label: "Rank by that", value: rank.place.grouped,
          note: "of all \(rank.neurons.of("neuron")) of the model",
          numbers: [Double(rank.place)]),
      ]
    }
    figures.append(
      KeyFigure(
        label: "Mean activation",
        value: "\(Wording.number(numbers.mean.target)) / \(Wording.number(numbers.mean.other))",
        note: "\(numbers.target) / other", numbers: [numbers.mean.target, numbers.mean.other]))
    if let loss = numbers.loss {
      figures.append(
        KeyFigure(
          label: "Loss on \(numbers.target) without it",
          value: "\(Wording.signed(loss.change, 4)) nats",
          note: "\(Wording.signed(loss.percent, 2)) % per token, real tokens only",
          numbers: [loss.change]))
    }
    if let (change, documents) = numbers.interval.map({ ($0.change, $0.documents) }) {
      let interval = change.interval(4)
      figures.append(
        KeyFigure(
          label: "The same from position 1 on", value: "\(Wording.signed(change.value, 4)) nats",
          note: "BOS left alone, over \(documents.of("document"))" + Self.words(interval),
          numbers: [change.value], interval: interval))
    }
    return figures
  }

  private static func words(_ interval: String?) -> String {
    interval.map { "; 95 % interval \($0)" } ?? ""
  }
}
