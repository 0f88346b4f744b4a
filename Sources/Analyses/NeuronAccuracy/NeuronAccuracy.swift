import LinearAlgebra
import Passes
import Statistics
import StudyFile

/// How well single neurons of the layer classify tokens: a one-feature logistic regression for each
/// candidate of each split (notebook cells 26–28).
package struct NeuronAccuracy: Analysis {
  package static let id = "neuron_accuracy"
  package static let question = "How well does each alone, on held-out tokens?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.trainingAccuracy, .averagedByRank]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs(probed: [study.file.studied]) }

  package func run(_ evidence: Evidence) -> Result {
    let probe = evidence.probe
    return Self.result(
      neuron: evidence.neuron, splits: probe.accuracy.map { ($0.seed, $0.split, $0.neurons) },
      labels: probe.labels, workers: evidence.engine.workers,
      column: { probe.column($0).balanced(probe.balanced) })
  }

  /// Fits every candidate of each split, and the studied neuron in every split.
  ///
  /// - Parameters:
  ///   - splits: the seed, the split and the candidates of each
  ///   - labels: the class of every balanced row
  ///   - workers: the number of threads
  ///   - column: gives a neuron's activations over the balanced rows
  package static func result(
    neuron: NeuronAddress, splits: [(seed: Int, split: TrainTestSplit, candidates: [Int])],
    labels: [Bool], workers: Int, column: (Int) -> [Float]
  ) -> Result {
    let columns = Dictionary(
      uniqueKeysWithValues: Set(splits.flatMap(\.candidates) + [neuron.neuron]).map {
        ($0, column($0))
      })
    let jobs = splits.flatMap { split in
      let isCandidate = split.candidates.contains(neuron.neuron)
      return (split.candidates + (isCandidate ? [] : [neuron.neuron])).map {
        Job(seed: split.seed, split: split.split, neuron: $0)
      }
    }
    let fits = fit(jobs, columns: columns, labels: labels, workers: workers)
    return Result(
      layer: neuron.layer,
      splits: splits.map { split in
        Result.Split(
          seed: split.seed,
          neurons: split.candidates.compactMap { candidate in
            fits.first { $0.seed == split.seed && $0.neuron == candidate }.map(Result.Neuron.init)
          })
      },
      studied: fits.filter { $0.neuron == neuron.neuron })
  }

  /// One neuron in one split.
  private struct Job: Sendable {
    let seed: Int
    let split: TrainTestSplit
    let neuron: Int
  }

  /// The accuracies of each job. Their order does not depend on the number of threads.
  private static func fit(
    _ jobs: [Job], columns: [Int: [Float]], labels: [Bool], workers: Int
  ) -> [Result.Studied] {
    ParallelLoop.map(jobs.count, workers: workers) { index -> Result.Studied? in
      let job = jobs[index]
      guard let column = columns[job.neuron] else { return nil }
      let fit = ProbeFit(columns: [column], labels: labels, split: job.split)
      return Result.Studied(
        seed: job.seed, neuron: job.neuron, trainAccuracy: fit.trainAccuracy,
        testAccuracy: fit.testAccuracy)
    }.compactMap(\.self)
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var splits: [Split]
    /// The studied neuron in every split, whether or not it is a candidate there.
    package var studied: [Studied]

    package struct Split: Codable, Sendable, Equatable {
      package var seed: Int
      /// The split's candidates, by |mean on the target − mean on the other class| on its training
      /// part.
      package var neurons: [Neuron]
    }

    package struct Neuron: Codable, Sendable, Equatable {
      package var neuron: Int
      package var trainAccuracy: Double
      package var testAccuracy: Double

      fileprivate init(_ fit: Studied) {
        neuron = fit.neuron
        trainAccuracy = fit.trainAccuracy
        testAccuracy = fit.testAccuracy
      }

      enum CodingKeys: String, CodingKey {
        case neuron
        case trainAccuracy = "train_accuracy"
        case testAccuracy = "test_accuracy"
      }
    }

    package struct Studied: Codable, Sendable, Equatable {
      package var seed: Int
      package var neuron: Int
      package var trainAccuracy: Double
      package var testAccuracy: Double

      enum CodingKeys: String, CodingKey {
        case seed, neuron
        case trainAccuracy = "train_accuracy"
        case testAccuracy = "test_accuracy"
      }
    }
  }
}
