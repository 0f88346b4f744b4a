import Corpora
import LinearAlgebra
import Statistics
import Storage
import StudyFile

/// Activations of the probed layer over the probe documents of both classes, BOS left out, reduced
/// to what the probes need: a ranking of all neurons for each split, and the columns of a few.
package struct ProbeEvidence: Sendable, Codable {
  /// Tokens of each class.
  package let rows: ClassPair<Int>
  /// The smaller of the two: rows of each class that are split.
  package var balanced: Int { min(rows.target, rows.other) }
  /// The sparse probe's split, and those of the one-neuron accuracies.
  package let sparse: Ranking
  package let accuracy: [Ranking]
  /// Every neuron's mean over all rows of each class, uncut.
  package let means: ClassPair<[Double]>
  private let columns: [Int: Column]
  /// What `best` means; absent where the study does not ask.
  private let best: Int?

  /// Neurons by |mean of the target − mean of the other class| on a split's training part.
  package struct Ranking: Sendable, Codable {
    package let seed: Int
    package let split: TrainTestSplit
    package let neurons: [Int]
    /// |mean₁ − mean₀| of each of `neurons`.
    package let scores: [Double]
    /// +1 where the target's mean is the higher, −1 otherwise.
    package let signs: [Int]
  }

  /// One neuron's activations, a number for each row.
  package struct Column: Sendable, Codable {
    @PackedArray package private(set) var target: [Float]
    @PackedArray package private(set) var other: [Float]

    /// The balanced rows, target first: as the splits index them.
    package func balanced(_ count: Int) -> [Float] {
      Array(target.prefix(count) + other.prefix(count))
    }
  }

  /// The neuron's activations; it must be among the candidates or have been asked for.
  package func column(_ neuron: Int) -> Column {
    guard let column = columns[neuron] else {
      preconditionFailure("neuron \(neuron) was not asked for in `Needs.probed`")
    }
    return column
  }

  /// The neuron that a reference means.
  package func neuron(_ reference: NeuronReference) -> Int {
    switch reference {
    case .auto: sparse.neurons[0]
    case .best:
      best ?? { preconditionFailure("`neuron: best` was not settled before the probe") }()
    case .number(let number): number
    case .probe(let rank): sparse.neurons[rank - 1]
    }
  }

  /// Labels of the balanced rows.
  package var labels: [Bool] {
    Array(repeating: true, count: balanced) + Array(repeating: false, count: balanced)
  }
}

extension ProbeEvidence {
  /// Reduces a spill whose first rows are the target's.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` when the spill cannot be read.
  init(
    _ spill: ActivationSpill, target: Int, other: Int,
    settings: ProbeSettings,
    probed: Set<NeuronReference>, best: Int?
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
    let sums = try Self.sums(spill, target: target, balanced: balanced, splits: splits)
    func ranking(_ index: Int, count: Int) -> Ranking {
      let tests = splits[index].test.count { $0 < Int32(balanced) }
      let counts = (
        target: Double(balanced - tests),
        other: Double(balanced - (splits[index].test.count - tests))
      )
      let differences = (0..<spill.columns).map { neuron in
        sums.training(index, neuron, of: 0) / max(1, counts.target)
          - sums.training(index, neuron, of: 1) / max(1, counts.other)
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
      target: sums.all[0].map { $0 / Double(max(1, target)) },
      other: sums.all[1].map { $0 / Double(max(1, other)) })
    var wanted = Set(sparse.neurons).union(accuracy.flatMap(\.neurons))
    for reference in probed {
      switch reference {
      case .auto: break
      case .best: wanted.formUnion(best.map { [$0] } ?? [])
      case .number(let number): wanted.insert(number)
      case .probe(let rank): wanted.insert(sparse.neurons[rank - 1])
      }
    }
    columns = try Self.columns(of: wanted.sorted(), spill, target: target)
  }

  /// Sums of every neuron by class: all rows, the balanced rows, and each split's test part.
  private struct Sums {
    var all: [[Double]]
    var balanced: [[Double]]
    /// By split, then class.
    var test: [[[Double]]]

    func training(_ split: Int, _ neuron: Int, of group: Int) -> Double {
      balanced[group][neuron] - test[split][group][neuron]
    }
  }

  private static func sums(
    _ spill: ActivationSpill, target: Int, balanced: Int, splits: [TrainTestSplit]
  ) throws -> Sums {
    // Bit 0: every row; bit 1: balanced; bit 2 + s: in the test part of split s. Thirty splits fit
    // a mask.
    let zero = Array(repeating: Array(repeating: 0.0, count: spill.columns), count: 2)
    var result = Sums(all: zero, balanced: zero, test: splits.map { _ in zero })
    for first in stride(from: 0, to: splits.count, by: 30) {
      let group = first..<min(first + 30, splits.count)
      var masks = [UInt32](repeating: 3, count: 2 * balanced)
      for (bit, split) in group.enumerated() {
        for row in splits[split].test { masks[Int(row)] |= 1 << UInt32(2 + bit) }
      }
      for (classIndex, range) in [0..<target, target..<spill.rows].enumerated() {
        try spill.forEachBlock(of: range) { rows, matrix in
          let block = rows.map { row -> UInt32 in
            let inClass = row - range.lowerBound
            return inClass < balanced ? masks[classIndex * balanced + inClass] : 1
          }
          var sums = GroupedSum(groups: 2 + group.count, columns: spill.columns)
          sums.add(matrix, matrix.block(), masks: block, kernels: .best)
          for neuron in 0..<spill.columns {
            if first == 0 {
              result.all[classIndex][neuron] += Double(sums.sums[0][neuron])
              result.balanced[classIndex][neuron] += Double(sums.sums[1][neuron])
            }
            for (bit, split) in group.enumerated() {
              result.test[split][classIndex][neuron] += Double(sums.sums[2 + bit][neuron])
            }
          }
        }
      }
    }
    return result
  }

  private static func columns(
    of neurons: [Int], _ spill: ActivationSpill, target: Int
  ) throws -> [Int: Column] {
    var values = neurons.map { _ in [Float]() }
    try spill.forEachBlock(of: 0..<spill.rows) { rows, matrix in
      for (index, neuron) in neurons.enumerated() {
        for row in 0..<rows.count {
          values[index].append(matrix.elements[row * spill.columns + neuron])
        }
      }
    }
    return Dictionary(
      uniqueKeysWithValues: zip(neurons, values).map { neuron, values in
        (neuron, Column(target: Array(values[..<target]), other: Array(values[target...])))
      })
  }
}

extension ProbeSettings {
  /// The notebook's one-neuron accuracies hold out a tenth.
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
