import Corpora
import StudyFile

/// What a neuron fires on, in words that are true of every corpus they speak of.
///
/// A mean over several corpora says nothing of each of them: a neuron can be below the other class
/// on average and still fire on half of it.
package struct Activity: Sendable, Equatable {
  /// A corpus, or the other class where corpora are not told apart.
  package struct Level: Sendable, Equatable {
    package var name: String
    package var mean: Double
    /// Nil where it is not known.
    package var median: Double?

    package init(name: String, mean: Double, median: Double? = nil) {
      self.name = name
      self.mean = mean
      self.median = median
    }
  }

  package enum Kind: Sendable, Equatable {
    /// The median token of the target is active, that of every other corpus at most half as much.
    case firesOnTarget
    /// Higher than every other corpus, which are not silent or are not told apart.
    case highestOnTarget
    /// Every other corpus is active, the target at most half as much as the least of them.
    case firesOnAllButTarget
    /// Lower than every other corpus, of which some are silent, too.
    case lowestOnTarget
    /// None is higher, some are equal and some are lower.
    case tied
    /// Some are higher and some are not.
    case between
    /// All have one mean.
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

  /// Nil where the findings hold no mean of the neuron.
  package init?(_ findings: Findings) {
    let study = findings.study
    if let languages = findings.result(of: Languages.self),
      let own = languages.corpora.first(where: { $0.name == study.file.target }),
      languages.corpora.count > 1
    {
      func level(_ corpus: Languages.Result.Corpus) -> Level {
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

  /// What the neuron does, without its name: `fires on Dutch`.
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

  /// The corpora with the target's mean.
  private var equal: [String] { others.filter { $0.mean == target.mean }.map(\.name) }

  /// How many names a list of three leaves out.
  private func rest(_ names: [String]) -> [String] {
    names.count > 3 ? ["\(names.count - 3) more"] : []
  }

  /// The same as a sentence with its numbers.
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
