import Corpora
import ReportModel
import Statistics
import StudyFile

extension Verdict {
  /// The numbers that the four tests compare with their limits. A part is nil if its analysis was
  /// not run.
  package struct Numbers: Sendable {
    package var subject: SubjectWords
    /// The names of the neurons, for the key figures.
    package var names: String
    /// The target's name.
    package var target: String
    package var limits: VerdictLimits
    /// The numbers of `probe_sweep`; below, those of `ablation_controls`.
    package var detection: Detection?
    package var loss: Loss?
    package var controls: Specificity?
    /// The changes of the loss on the corpora of the other class.
    package var others: [Elsewhere]
    /// The numbers of the notebook's own analyses, which no test uses.
    package var notebook = Notebook()

    package init(
      subject: SubjectWords, target: String, limits: VerdictLimits = VerdictLimits(),
      detection: Detection? = nil, loss: Loss? = nil, controls: Specificity? = nil,
      others: [Elsewhere] = []
    ) {
      self.subject = subject
      names = subject.name
      self.target = target
      self.limits = limits
      self.detection = detection
      self.loss = loss
      self.controls = controls
      self.others = others
    }
  }

  /// The numbers of the notebook's analyses, on the notebook's documents.
  package struct Notebook: Sendable {
    /// The mean over the splits of the neuron's own held-out accuracy.
    package var accuracy: Double?
    package var splits = 0
    package var mean: ClassPair<Double>?
    /// The target's loss over real tokens.
    package var loss: LossPair?

    package init() {}
  }

  /// How well the neuron classifies tokens of held-out documents.
  package struct Detection: Sendable {
    /// The MCC; negative where the neuron is lower on the target.
    package var mcc: Measured
    /// The highest MCC of a random direction of the layer, or for a set of a random set of its
    /// layers; below, the number of these.
    package var bestDirection: Double
    package var directions: Int
    /// The neuron's rank by MCC, from 1; below, the number of neurons ranked.
    /// nil for a set, which is not ranked.
    package var place: Int?
    package var neurons: Int
    package var documents: Int
    /// Whether none of the documents took part in choosing the neuron.
    package var isNew: Bool

    package init(
      mcc: Measured, bestDirection: Double, directions: Int, place: Int?, neurons: Int,
      documents: Int, isNew: Bool
    ) {
      self.mcc = mcc
      self.bestDirection = bestDirection
      self.directions = directions
      self.place = place
      self.neurons = neurons
      self.documents = documents
      self.isNew = isNew
    }

    /// Whether the interval lies above its null, the best random direction.
    var isAboveChance: Bool { mcc.low.map { $0 > max(0, bestDirection) } ?? false }
  }

  /// The change of the target's loss under the study's ablation.
  package struct Loss: Sendable {
    /// The change in nats per token.
    package var change: Measured
    /// The change in percent of the clean loss.
    package var percent: Measured
    package var documents: Int
    package var isNew: Bool
    /// Documents that each one's activations are drawn from, where ablation resamples them.
    package var donors: Int?

    package init(
      change: Measured, percent: Measured, documents: Int, isNew: Bool, donors: Int? = nil
    ) {
      self.change = change
      self.percent = percent
      self.documents = documents
      self.isNew = isNew
      self.donors = donors
    }

    /// The change without its interval, where no test goes by it.
    var tested: Measured { shortfall == nil ? change : Measured(change.value) }

    /// Why no test goes by it; nil where it can be tested.
    var shortfall: String? {
      guard let donors, donors < AblationControls.fewestDonors else { return nil }
      return "its activations come from \(donors.of("other document")), fewer than "
        + "\(AblationControls.fewestDonors)"
    }
  }

  /// How many edits of equal size there are, and how many of them raise the target's loss by less
  /// than the studied edit.
  package struct Specificity: Sendable {
    package var beaten: Int
    package var count: Int

    package init(beaten: Int, count: Int) {
      self.beaten = beaten
      self.count = count
    }
  }

  package struct Elsewhere: Sendable {
    package var corpus: String
    /// The change of the corpus's loss, in percent.
    package var percent: Measured

    package init(corpus: String, percent: Measured) {
      self.corpus = corpus
      self.percent = percent
    }
  }

  static func tests(_ numbers: Numbers) -> [Test] {
    let first = [detects(numbers), matters(numbers), specific(numbers)]
    return first + [newText(numbers, first)]
  }

  private static let fewDocuments =
    "fewer than \(DocumentIntervals.fewest) documents carry no interval"

  private static func detects(_ numbers: Numbers) -> Test {
    guard let detection = numbers.detection else {
      return Test(
        name: .detects, outcome: .notRun,
        words: "the study leaves out \(numbers.subject.detecting)")
    }
    if numbers.subject.subject == .set, detection.directions == 0 {
      return Test(
        name: .detects, outcome: .notRun, words: "no random sets of their layers were judged")
    }
    guard let low = detection.mcc.low, let interval = detection.mcc.interval(3) else {
      return Test(
        name: .detects, outcome: .notRun,
        words: detection.documents < DocumentIntervals.fewest
          ? fewDocuments : "its MCC has no interval, at its edge or without spread")
    }
    let limit = numbers.limits.detects
    return Test(
      name: .detects, outcome: low >= limit && detection.isAboveChance ? .passed : .failed,
      words: "MCC \(Wording.fixed(detection.mcc.value, 3)) \(interval); the lower end should be at "
        + "least \(Wording.fixed(limit, 2)) and above \(Wording.fixed(detection.bestDirection, 3)), "
        + "the best of \(numbers.subject.controls(detection.directions))")
  }

  private static func matters(_ numbers: Numbers) -> Test {
    guard let loss = numbers.loss else {
      return Test(
        name: .matters, outcome: .notRun,
        words: "the study leaves out \(numbers.subject.ablating)")
    }
    if let shortfall = loss.shortfall {
      return Test(name: .matters, outcome: .notRun, words: shortfall)
    }
    guard let interval = loss.percent.interval(2) else {
      return Test(
        name: .matters, outcome: .notRun,
        words: loss.documents < DocumentIntervals.fewest
          ? fewDocuments : "its change of the loss is the same on every document")
    }
    let limit = numbers.limits.matters
    return Test(
      name: .matters,
      outcome: loss.percent.value >= limit && loss.percent.isAboveZero ? .passed : .failed,
      words: "the loss on \(numbers.target) changes by \(Wording.signed(loss.percent.value, 2)) % "
        + "\(interval); it should rise by at least \(Wording.fixed(limit, 2)) %, the lower end "
        + "above zero")
  }

  private static func specific(_ numbers: Numbers) -> Test {
    guard let loss = numbers.loss, let controls = numbers.controls, controls.count > 0 else {
      return Test(
        name: .specific, outcome: .notRun,
        words: numbers.loss == nil
          ? "the study leaves out \(numbers.subject.ablating)"
          : "no edits of equal size were run")
    }
    if let shortfall = loss.shortfall {
      return Test(name: .specific, outcome: .notRun, words: shortfall)
    }
    let limit = numbers.limits.specific
    let largest = numbers.others.max { $0.percent.value < $1.percent.value }
    let isLargest = largest.map { $0.percent.value < loss.percent.value } ?? true
    let isBeyond = Double(controls.beaten) >= limit * Double(controls.count)
    var words =
      "\(numbers.subject.possessive) change is above that under \(controls.beaten.grouped) of "
      + "\(controls.count.of("edit")) of equal size; it should be above "
      + "\(Wording.fixed(100 * limit, 0)) % of them"
    if let largest {
      words +=
        " and above every other corpus's, the highest of which is \(largest.corpus)'s, "
        + "\(Wording.signed(largest.percent.value, 2)) %"
    }
    return Test(
      name: .specific, outcome: isBeyond && isLargest ? .passed : .failed, words: words)
  }

  private static func newText(_ numbers: Numbers, _ first: [Test]) -> Test {
    let isNew = [numbers.detection?.isNew, numbers.loss?.isNew].compactMap(\.self)
    guard isNew.allSatisfy({ $0 }) else {
      return Test(
        name: .newText, outcome: .notRun,
        words: "no documents are left that took no part in \(numbers.subject.chosen)")
    }
    let passed = first.allSatisfy { $0.outcome == .passed }
    if !passed, first.contains(where: { $0.outcome == .notRun }) {
      return Test(
        name: .newText, outcome: .notRun, words: "not all of the other three were run")
    }
    let documents = numbers.loss?.documents ?? numbers.detection?.documents ?? 0
    return Test(
      name: .newText, outcome: passed ? .passed : .failed,
      words:
        "on \(documents.of("document")) of \(numbers.target) that took no part in "
        + "\(numbers.subject.chosen) the other three \(passed ? "hold" : "do not all hold")")
  }
}

extension Verdict.Numbers {
  /// The numbers of a study of one neuron.
  init(neuron findings: Findings) {
    let study = findings.study
    let controls = findings.result(of: AblationControls.self)
    let kind = AblationControls.Kind(study.file.ablation.value).rawValue
    self.init(
      subject: SubjectWords(subject: .neuron, name: study.neuron.description),
      target: study.file.target,
      limits: study.file.verdict ?? VerdictLimits(),
      detection: findings.result(of: ProbeSweep.self).map(Verdict.Detection.init),
      loss: controls?.corpora[study.file.target].flatMap { corpus in
        corpus.ablations[kind].map {
          Verdict.Loss(
            change: $0.change, percent: $0.percent, documents: corpus.sample.documents,
            isNew: !corpus.sample.holdsSelection, donors: corpus.donors?[kind])
        }
      },
      controls: controls.map { Verdict.Specificity($0.controls) },
      others: study.file.other.compactMap { name in
        (controls?.corpora[name]?.ablations[kind]).map {
          .init(corpus: name, percent: $0.percent)
        }
      })
    notebook.accuracy =
      findings.result(of: NeuronAccuracy.self).flatMap(NeuronAccuracy.studied)?.test
    notebook.splits = study.file.probe.splits
    notebook.mean = findings.result(of: ActivationHistogram.self)?.mean
    notebook.loss = findings.result(of: Ablation.self)?.corpora[study.file.target]?.masked
  }
}

extension Verdict.Specificity {
  init(_ controls: AblationControls.Controls) {
    let equal = (controls.scaled ?? []) + (controls.directions ?? [])
    self.init(
      beaten: equal.count { $0.change.value < controls.studied.change.value },
      count: equal.count)
  }
}

extension Verdict.Detection {
  init(_ sweep: ProbeSweep.Result) {
    self.init(
      mcc: sweep.signedMCC, bestDirection: sweep.directions.best.at(sweep.studied.layer) ?? 0,
      directions: sweep.directions.perLayer,
      place: sweep.rank.tokens, neurons: sweep.neurons,
      documents: sweep.classes.target.documents + sweep.classes.other.documents,
      isNew: !(sweep.holdsSelection ?? true))
  }
}
