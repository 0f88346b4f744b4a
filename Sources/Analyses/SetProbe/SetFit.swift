import Corpora
import LanguageModel
import Passes
import Storage
import StudyFile

/// The documents on which a set is fitted: the choosing documents, equally many of both classes.
/// Its joint reading, the means that an ablation sets neurons to, and the shares by which control
/// sets are matched come from them, so that nothing of them comes from the measured documents.
struct SetFit: Sendable {
  let sample: ProbedSample
  /// The clean run of either class, which keeps every neuron of the set's layers.
  let target: Pass
  let other: Pass

  var passes: [Pass] { [target, other] }
}

extension ResolvedStudy {
  /// The neurons of a study of a set.
  var set: NeuronSet {
    guard let set = file.neurons else { preconditionFailure("a study of one neuron has no set") }
    return set
  }

  var setFit: SetFit {
    let sample = ProbeSweep.choosing(self)
    let documents = sample.texts.map(\.ids)
    let readings = Set(set.layers.flatMap { [Readout.post(layer: $0), .moments(layer: $0)] })
    func pass(_ part: some Sequence<[Int32]>) -> Pass {
      Pass(DocumentSet(Array(part), front: front), reading: readings)
    }
    return SetFit(
      sample: sample, target: pass(documents.prefix(sample.ofEither)),
      other: pass(documents.dropFirst(sample.ofEither)))
  }
}

/// What the fitting documents have shown of every neuron of the set's layers.
package struct FittedNeurons: Sendable, Codable {
  /// The means over the tokens of either class, by layer and neuron.
  package let means: ClassPair<[Int: [Double]]>
  /// The share of tokens of both classes with hook_post above 0, by layer and neuron.
  package let firing: [Int: [Double]]
  /// Whether the activation differs between tokens, by layer and neuron: the ablation of a constant
  /// neuron would change nothing.
  package let varies: [Int: [Bool]]

  package init(
    target: [Int: [Double]], other: [Int: [Double]], firing: [Int: [Double]],
    varies: [Int: [Bool]]
  ) {
    means = ClassPair(target: target, other: other)
    (self.firing, self.varies) = (firing, varies)
  }

  /// Whether every mean is finite; the property list of a cache cannot hold two that are NaN.
  var isFinite: Bool {
    [means.target, means.other].allSatisfy { $0.values.joined().allSatisfy(\.isFinite) }
  }
}

extension Evidence {
  /// Fits a set, or takes over the fit that an earlier build has kept. A study of one neuron has none.
  ///
  /// - Throws: `Diagnostic`.
  package func fitSet(_ cache: ContentCache?, _ meter: ProgressMeter?) throws {
    guard study.file.subject == .set else { return }
    let key = try cache.map { _ in
      ContentKey("the fit of a set", try study.showing([]).content())
    }
    if let cache, let key, let known = cache.value(FittedNeurons.self, for: key) {
      engine.keep(known, as: FittedNeurons.name)
      return
    }
    try engine.run(study.setFit.passes) { meter?.add($0, rows: $1) }
    guard let cache, let key, let fitted = try settled.fittedNeurons(), fitted.isFinite else {
      return
    }
    cache.keep(fitted, for: key)
  }
}

extension Settled {
  /// What is known of the set's layers; nil before the fitting documents have been run.
  func fittedNeurons() throws -> FittedNeurons? {
    try derived(as: FittedNeurons.name, derive: foundNeurons)
  }

  private func foundNeurons() throws -> FittedNeurons? {
    let fit = study.setFit
    guard let target = known(fit.target), let other = known(fit.other), let workers else {
      return nil
    }
    let layers = study.set.layers
    func means(_ outcome: Outcome) -> [Int: [Double]] {
      Dictionary(
        uniqueKeysWithValues: layers.map { ($0, outcome.moments(layer: $0).means.value) })
    }
    var (firing, varies) = ([Int: [Double]](), [Int: [Bool]]())
    for layer in layers {
      let columns = activations(of: fit.sample.documents, layer: layer)
      let found =
        try columns?.map(workers: workers) { _, values in
          (
            share: Double(values.count { $0 > 0 }) / Double(max(1, values.count)),
            varies: values.contains { $0 != values[0] }
          )
        } ?? []
      firing[layer] = found.map(\.share)
      varies[layer] = found.map(\.varies)
    }
    return FittedNeurons(
      target: means(target), other: means(other), firing: firing, varies: varies)
  }
}

extension FittedNeurons {
  /// The name that an engine keeps it under.
  fileprivate static let name = "the fit of a set"
}
