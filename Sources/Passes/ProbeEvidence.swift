import Corpora
import LinearAlgebra
import Statistics
import Storage
import StudyFile
import Synchronization

/// Activations of the probed layer over both classes' probe documents without BOS, reduced to what
/// the probes need: a ranking of all neurons for each split, and the columns of a few.
package struct ProbeEvidence: Sendable, Codable {
  /// The number of tokens of each class.
  package let rows: ClassPair<Int>
  /// The number of rows of each class that are split: the smaller of the two counts.
  package var balanced: Int { min(rows.target, rows.other) }
  /// The ranking on the sparse probe's split.
  package let sparse: Ranking
  package let accuracy: [Ranking]
  /// Every neuron's mean over all rows of each class, not only the balanced ones.
  package let means: ClassPair<[Double]>
  /// Whether every number is finite. Others mean nothing: the run that follows refuses them by their
  /// document, and the property list of the cache cannot hold two that are NaN.
  var isFinite: Bool {
    ([means.target, means.other, sparse.scores] + accuracy.map(\.scores)).joined()
      .allSatisfy(\.isFinite)
  }
  private let columns: [Int: ClassColumns]
  /// The neuron that `neuron: best` means; nil where the study does not ask for it.
  private let best: Int?

  /// The neurons in order of |mean on the target − mean on the other class| over a split's training
  /// part.
  package struct Ranking: Sendable, Codable {
    package let seed: Int
    package let split: TrainTestSplit
    package let neurons: [Int]
    /// |mean on the target − mean on the other class| of each of `neurons`.
    package let scores: [Double]
    /// +1 where the target's mean is the higher one, −1 otherwise.
    package let signs: [Int]
  }

  /// One neuron's activations in each class, one number per row.
  package struct ClassColumns: Sendable, Codable {
    @PackedArray package private(set) var target: [Float]
    @PackedArray package private(set) var other: [Float]

    /// The balanced rows, the target's first, in the order that the splits index.
    package func balanced(_ count: Int) -> [Float] {
      Array(target.prefix(count) + other.prefix(count))
    }
  }

  /// The neuron's activations. It must be a candidate or have been asked for in `Needs.probed`.
  package func column(_ neuron: Int) -> ClassColumns {
    guard let column = columns[neuron] else {
      preconditionFailure("neuron \(neuron) was not asked for in `Needs.probed`")
    }
    return column
  }

  /// The index of the neuron that a reference means.
  package func neuron(_ reference: NeuronReference) -> Int {
    switch reference {
    case .auto: sparse.neurons[0]
    case .best:
      best ?? { preconditionFailure("`neuron: best` was not settled before the probe") }()
    case .number(let number): number
    case .probe(let rank): sparse.neurons[rank - 1]
    }
  }

  /// The labels of the balanced rows: the target's first.
  package var labels: [Bool] {
    Array(repeating: true, count: balanced) + Array(repeating: false, count: balanced)
  }
}

extension ProbeEvidence {
  /// Reduces the columns of the probed layer tile by tile. The target's documents come first.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` when the columns cannot be read.
  init(
    _ activations: LayerActivations, target: Int, other: Int, settings: ProbeSettings,
    probed: Set<NeuronReference>, best: Int?, workers: Int
  ) throws {
    self.best = best
    let balanced = min(target, other)
    let seeds = [settings.seed] + (0..<settings.splits).map { settings.seed + $0 }
    let splits = seeds.enumerated().map { index, seed in
      TrainTestSplit(
        count: Int32(2 * balanced),
        testSize: index == 0 ? settings.testSize : ProbeSettings.accuracyTestSize,
        seed: UInt32(truncatingIfNeeded: seed))
    }
    let groups = ProbeGroups(target: target, other: other, splits: splits)
    let found = Mutex<[[[Double]]]>([])
    try ParallelLoop.ordered(
      activations.tiles.count, workers: workers, scratch: {},
      compute: { tile, _ in try groups.sums(activations, tile: tile) },
      merge: { _, sums in found.withLock { $0.append(sums) } })
    let tiles = found.withLock { $0 }
    let sums = groups.indices.map { group in tiles.flatMap { $0[group] } }
    func ranking(_ index: Int, count: Int) -> Ranking {
      let tests = splits[index].test.count { $0 < Int32(balanced) }
      let counts = (
        target: Double(balanced - tests),
        other: Double(balanced - (splits[index].test.count - tests))
      )
      func training(_ side: Int, _ neuron: Int) -> Double {
        sums[groups.balanced(side)][neuron] - sums[groups.test(index, side)][neuron]
      }
      let differences = (0..<activations.columns).map { neuron in
        training(0, neuron) / max(1, counts.target) - training(1, neuron) / max(1, counts.other)
      }
      let neurons = topIndices(by: differences.map(abs), count: count)
      return Ranking(
        seed: seeds[index], split: splits[index], neurons: neurons,
        scores: neurons.map { abs(differences[$0]) },
        signs: neurons.map { differences[$0] < 0 ? -1 : 1 })
    }
    rows = ClassPair(target: target, other: other)
    let sparse = ranking(0, count: settings.k)
    self.sparse = sparse
    accuracy = (1..<splits.count).map { ranking($0, count: settings.candidates) }
    means = ClassPair(
      target: sums[groups.all(0)].map { $0 / Double(max(1, target)) },
      other: sums[groups.all(1)].map { $0 / Double(max(1, other)) })
    var wanted = Set(sparse.neurons).union(accuracy.flatMap(\.neurons))
    for reference in probed {
      switch reference {
      case .auto: break
      case .best: wanted.formUnion(best.map { [$0] } ?? [])
      case .number(let number): wanted.insert(number)
      case .probe(let rank): wanted.insert(sparse.neurons[rank - 1])
      }
    }
    let kept = wanted.sorted()
    columns = Dictionary(
      uniqueKeysWithValues: zip(kept, try activations.values(of: kept)).map { neuron, values in
        (neuron, ClassColumns(target: Array(values[..<target]), other: Array(values[target...])))
      })
  }
}

extension ProbeSettings {
  /// The share that the notebook's one-neuron accuracies hold out.
  package static let accuracyTestSize = 0.1
}

extension TrainTestSplit: Codable {
  private struct Parts: Codable {
    @PackedArray var training: [Int32]
    @PackedArray var test: [Int32]
  }

  package init(from decoder: any Decoder) throws {
    let parts = try Parts(from: decoder)
    self.init(training: parts.training, test: parts.test)
  }

  package func encode(to encoder: any Encoder) throws {
    try Parts(training: training, test: test).encode(to: encoder)
  }
}
