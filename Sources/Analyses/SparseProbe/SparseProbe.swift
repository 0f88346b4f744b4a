import Corpora
import Passes
import StudyFile

/// The k neurons of the layer whose class means differ most, and a logistic regression on all of
/// them together (notebook cells 20–25; after Gurnee et al. 2023).
package struct SparseProbe: Analysis {
  package static let id = "sparse_probe"
  package static let question =
    "Which ten neurons of the layer tell the target from the rest, and how well together?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.trainingAccuracy]
  package static let parts: StudyParts = []

  package init() {}

  /// No needs: the sweep always probes.
  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) -> Result {
    let probe = evidence.probe
    let ranking = probe.sparse
    let fit = ProbeFit(
      columns: ranking.neurons.map { probe.column($0).balanced(probe.balanced) },
      labels: probe.labels, split: ranking.split)
    return Result(
      layer: evidence.neuron.layer, seed: ranking.seed, neurons: ranking.neurons,
      scores: ranking.scores, signs: ranking.signs, trainAccuracy: fit.trainAccuracy,
      testAccuracy: fit.testAccuracy, coefficients: fit.model.coefficients,
      intercept: fit.model.intercept,
      rows: ClassPair(target: probe.rows.target, other: probe.rows.other),
      split: Result.Split(train: ranking.split.training.count, test: ranking.split.test.count))
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var seed: Int
    package var neurons: [Int]
    /// |mean on the target − mean on the other class| of each neuron over the training rows.
    package var scores: [Double]
    /// +1 where the target's mean is the higher one, −1 otherwise.
    package var signs: [Int]
    package var trainAccuracy: Double
    package var testAccuracy: Double
    package var coefficients: [Double]
    package var intercept: Double
    /// The number of tokens of each class before both are cut to the smaller number.
    package var rows: ClassPair<Int>
    /// The numbers of balanced rows that are fitted on and judged by.
    package var split: Split

    package struct Split: Codable, Sendable, Equatable {
      package var train: Int
      package var test: Int
    }

    enum CodingKeys: String, CodingKey {
      case layer, seed, neurons, scores, signs, coefficients, intercept, rows, split
      case trainAccuracy = "train_accuracy"
      case testAccuracy = "test_accuracy"
    }
  }
}
