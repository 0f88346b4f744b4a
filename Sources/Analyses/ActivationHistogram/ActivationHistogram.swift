import Corpora
import Passes
import Statistics
import StudyFile

/// The studied neuron's activations on both classes, over shared bin edges (notebook cells 29–30).
package struct ActivationHistogram: Analysis {
  package static let id = "activation_histogram"
  package static let question = "How are the neuron's activations distributed on either class?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.bins]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs(probed: [study.file.studied]) }

  package func run(_ evidence: Evidence) -> Result {
    let column = evidence.probe.column(evidence.neuron.neuron)
    return Self.result(neuron: evidence.neuron, target: column.target, other: column.other)
  }

  /// The histogram of both classes over shared bins.
  ///
  /// - Parameters: the neuron's activations on every probe token of each class, without BOS
  package static func result(
    neuron: NeuronAddress, target: [Float], other: [Float]
  ) -> Result {
    let edges = HistogramEdges.freedmanDiaconis(groups: [target, other])
    let values = [target, other].joined()
    // The mean of a constant is set to the constant; computed from a sum it could differ in the
    // last digit.
    let constant = values.min().flatMap { $0 == values.max() ? Double($0) : nil }
    return Result(
      layer: neuron.layer, neuron: neuron.neuron,
      mean: ClassPair(
        target: constant ?? Moments(of: target).mean, other: constant ?? Moments(of: other).mean),
      edges: edges.edges,
      percent: ClassPair(target: edges.percent(of: target), other: edges.percent(of: other)),
      rows: ClassPair(target: target.count, other: other.count),
      isConstant: constant != nil)
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    package var mean: ClassPair<Double>
    /// The edges of the bins in ascending order, one more than there are bins.
    package var edges: [Double]
    /// The share of each class's tokens in each bin, in percent.
    package var percent: ClassPair<[Double]>
    /// The number of tokens of each class.
    package var rows: ClassPair<Int>
    /// Whether the neuron has one value on all tokens, so that it can tell nothing apart.
    package var isConstant: Bool

    enum CodingKeys: String, CodingKey {
      case layer, neuron, mean, edges, percent, rows
      case isConstant = "constant"
    }
  }
}
