import Corpora
import StudyFile

/// What a neuron fires on, in words that hold for every corpus they mention.
///
/// A mean over several corpora says nothing of each single one: a neuron can be below the other
/// class on average and still fire on half of it.
package struct Activity: Sendable, Equatable {
  /// The activations on one corpus, or on the other class where its corpora are not told apart.
  package struct Level: Sendable, Equatable {
    package var name: String
    package var mean: Double
    /// The median activation; nil where it is not known.
    package var median: Double?

    package init(name: String, mean: Double, median: Double? = nil) {
      self.name = name
      self.mean = mean
      self.median = median
    }
  }

  package enum Kind: Sendable, Equatable {
    /// The target's median token is active; that of every other corpus is at most half as active.
    case firesOnTarget
    /// The target's mean is the highest, but other corpora are active too or have no known medians.
    case highestOnTarget
    /// The median token of every other corpus is active; the target's is at most half as active as
    /// the least of them.
    case firesOnAllButTarget
    /// The target's mean is the lowest, but some other corpora are silent too.
    case lowestOnTarget
    /// No other corpus has a higher mean; some have the same and some a lower one.
    case tied
    /// Some other corpora have a higher mean and some do not.
    case between
    /// All corpora have the same mean.
    case same
  }

  package let neuron: NeuronAddress
  package let target: Level
  package let others: [Level]

  package init(neuron: NeuronAddress, target: Level, others: [Level]) {
    self.neuron = neuron
    self.target = target
    self.others = others
  }

  /// The activity that the findings show; nil where they hold no mean of the neuron.
  package init?(_ findings: Findings) {
    let study = findings.study
    if let languages = findings.result(of: Languages.self),
      let own = languages.corpora.first(where: { $0.name == study.file.target }),
      languages.corpora.count > 1
    {
      func level(_ corpus: Languages.Result.CorpusActivations) -> Level {
        Level(name: corpus.name, mean: corpus.mean, median: corpus.quantiles.at(2) ?? nil)
      }
      self.init(
        neuron: study.neuron, target: level(own),
        others: languages.corpora.filter { $0.name != own.name }.map(level))
    } else if let histogram = findings.result(of: ActivationHistogram.self) {
      self.init(
        neuron: study.neuron,
        target: Level(name: study.file.target, mean: histogram.mean.target),
        others: [Level(name: "the other class", mean: histogram.mean.other)])
    } else {
      return nil
    }
  }

  package var kind: Kind {
    let higher = others.count { $0.mean > target.mean }
    let lower = others.count { $0.mean < target.mean }
    if higher == 0, lower == 0 { return .same }
    if higher == 0, lower < others.count { return .tied }
    if lower == others.count {
      guard let own = target.median, own > 0,
        others.allSatisfy({ ($0.median ?? .infinity) <= own / 2 })
      else { return .highestOnTarget }
      return .firesOnTarget
    }
    if higher == others.count {
      guard let own = target.median,
        let least = others.map({ $0.median ?? -.infinity }).min(), least > 0, own <= least / 2
      else { return .lowestOnTarget }
      return .firesOnAllButTarget
    }
    return .between
  }

  /// The activity without the neuron's name: `fires on Dutch`.
  package var predicate: String {
    let others = others.count == 1 ? "the other class" : "each of \(others.count) other corpora"
    return switch kind {
    case .firesOnTarget: "fires on \(target.name)"
    case .highestOnTarget: "is more active on \(target.name) than on \(others)"
    case .firesOnAllButTarget: "fires on everything but \(target.name)"
    case .lowestOnTarget: "is less active on \(target.name) than on \(others)"
    case .tied:
      "is as active on \(target.name) as on \(Wording.list(Array(equal.prefix(3)) + rest(equal)))"
    case .between: "is not most active on \(target.name)"
    case .same: "is as active on \(target.name) as elsewhere"
    }
  }

  /// The names of the other corpora with the target's mean.
  private var equal: [String] { others.filter { $0.mean == target.mean }.map(\.name) }

  /// A phrase for the names that a list of three leaves out.
  private func rest(_ names: [String]) -> [String] {
    names.count > 3 ? ["\(names.count - 3) more"] : []
  }

  /// The activity as a sentence with its numbers.
  package var sentence: String {
    let own = Wording.number(target.mean)
    let highest = others.max { $0.mean < $1.mean }
    let lowest = others.min { $0.mean < $1.mean }
    guard let highest, let lowest else {
      return "\(neuron) has a mean of \(own) on \(target.name)."
    }
    func name(_ level: Level) -> String { "\(Wording.number(level.mean)) (\(level.name))" }
    let range =
      others.count == 1
      ? "\(Wording.number(highest.mean)) on \(highest.name)"
      : "\(name(lowest)) to \(name(highest)) on the other corpora"
    let means = "its mean is \(own) on \(target.name) and \(range)"
    guard kind == .between else { return "\(neuron) \(predicate): \(means)." }
    let above = others.filter { $0.mean > target.mean }.sorted { $0.mean > $1.mean }
    let shown = above.prefix(3).map { "\($0.name) (\(Wording.number($0.mean)))" }
    return "\(neuron) \(predicate) (mean \(own)) but on "
      + "\(Wording.list(shown + rest(above.map(\.name)))); "
      + "\((others.count - above.count).of("other corpus", plural: "other corpora")) "
      + "\(others.count - above.count == 1 ? "is" : "are") not higher."
  }
}
