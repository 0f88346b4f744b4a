import LanguageModel
import Passes
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
package struct FittedNeurons: Sendable {
  /// The means over the tokens of either class, by layer and neuron.
  package let target: [Int: [Double]]
  package let other: [Int: [Double]]
  /// The share of tokens of both classes with hook_post above 0, by layer and neuron.
  package let firing: [Int: [Double]]
  /// Whether the activation differs between tokens, by layer and neuron: the ablation of a constant
  /// neuron would change nothing.
  package let varies: [Int: [Bool]]

  package init(
    target: [Int: [Double]], other: [Int: [Double]], firing: [Int: [Double]],
    varies: [Int: [Bool]]
  ) {
    (self.target, self.other) = (target, other)
    (self.firing, self.varies) = (firing, varies)
  }
}

extension Settled {
  /// What is known of the set's layers; nil before the fitting documents have been run.
  func fittedNeurons() throws -> FittedNeurons? {
    let fit = study.setFit
    guard let target = known(fit.target), let other = known(fit.other), let workers else {
      return nil
    }
    var (means, firing, varies) = (ClassMeans(), [Int: [Double]](), [Int: [Bool]]())
    for layer in study.set.layers {
      means.target[layer] = target.moments(layer: layer).means.value
      means.other[layer] = other.moments(layer: layer).means.value
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
      target: means.target, other: means.other, firing: firing, varies: varies)
  }

  private struct ClassMeans {
    var target: [Int: [Double]] = [:]
    var other: [Int: [Double]] = [:]
  }
}
