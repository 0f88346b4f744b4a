import LanguageModel
import LinearAlgebra
import Statistics
import Study
import Synchronization

/// What the neuron reads and what it moves: its pre-activation taken apart by what writes the
/// residual stream before it, and the activations of later neurons without it, standardised, beside
/// those without random neurons.
package struct Upstream: Analysis {
  package static let id = "upstream"

  /// How much is run.
  package struct Budget: Sendable {
    /// Tokens of each class.
    package var tokens = 2_000
    /// Random neurons that are ablated for the null.
    package var random = 20
  }

  package var budget = Budget()

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let shape = model.architecture
    let bootstrap = Bootstrap(seed: UInt32(truncatingIfNeeded: evidence.study.file.probe.seed))
    let samples = (
      target: DocumentSample(of: .target, in: evidence.study, tokens: budget.tokens),
      other: DocumentSample(of: .other, in: evidence.study, tokens: budget.tokens)
    )
    let target = try Self.reads(samples.target, neuron, model)
    let other = try Self.reads(samples.other, neuron, model)
    var labels = LayerRun.labels(layers: neuron.layer, of: shape)
    if !shape.parallelResidual {
      labels += (0..<shape.heads).map { "L\(neuron.layer)H\($0)" } + ["L\(neuron.layer) b_O"]
    }
    func measured(_ documents: [Read], _ value: (Read) -> Double) -> Measured {
      Measured(
        numerators: documents.map(value), denominators: documents.map(\.tokens),
        bootstrap: bootstrap)
    }
    let bias = Double(model.layers[neuron.layer].mlpInBias[neuron.neuron])
    let pre = ClassPair(
      target: measured(target) { $0.pre + bias * $0.tokens },
      other: measured(other) { $0.pre + bias * $0.tokens })
    let parts = labels.enumerated().map { index, label in
      Part(
        label: label, target: measured(target) { $0.parts[index] },
        other: measured(other) { $0.parts[index] })
    }
    let sums = (
      parts.reduce(bias) { $0 + $1.target.value }, parts.reduce(bias) { $0 + $1.other.value }
    )
    return Result(
      layer: neuron.layer, neuron: neuron.neuron,
      samples: ClassPair(target: samples.target.size, other: samples.other.size), pre: pre,
      parts: parts, bias: bias,
      sumError: max(abs(sums.0 - pre.target.value), abs(sums.1 - pre.other.value)),
      downstream: try downstream(evidence, samples.target))
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    package var samples: ClassPair<DocumentSample.Size>
    /// hook_pre, a mean over tokens after BOS.
    package var pre: ClassPair<Measured>
    /// What each earlier component adds to it; they and `bias` add up.
    package var parts: [Part]
    /// b_in
    package var bias: Double
    /// How far parts and b_in are from the pre-activation.
    package var sumError: Double
    package var downstream: [LayerChange]

    enum CodingKeys: String, CodingKey {
      case layer, neuron, samples, pre, parts, bias, downstream
      case sumError = "sum_error"
    }
  }

  package struct Part: Codable, Sendable, Equatable {
    package var label: String
    package var target: Measured
    package var other: Measured

    /// Target minus other.
    package var difference: Double { target.value - other.value }
  }

  /// A later layer: (mean clean − mean ablated) / clean standard deviation of its neurons.
  package struct LayerChange: Codable, Sendable, Equatable {
    package var layer: Int
    /// The ten that change most, and how much.
    package var neurons: [Int]
    package var changes: [Double]
    /// The mean of |change| over the layer's neurons.
    package var meanAbsolute: Double
    /// The same for each random neuron that is ablated instead.
    package var null: [Double]
    /// The largest |change| that any of those makes.
    package var nullLargest: Double
    /// How many neurons change by more than that.
    package var beyond: Int
    /// Neurons that do not vary on the sample, which have no standardised change.
    package var constant: Int

    enum CodingKeys: String, CodingKey {
      case layer, neurons, changes, null, beyond, constant
      case meanAbsolute = "mean_absolute"
      case nullLargest = "null_largest"
    }
  }

  /// Sums over one document's tokens after BOS.
  private struct Read: Sendable {
    let tokens: Double
    let parts: [Double]
    /// The pre-activation without b_in.
    let pre: Double
  }

  private static func reads(
    _ sample: DocumentSample, _ neuron: NeuronAddress, _ model: Transformer
  ) throws -> [Read] {
    let documents = sample.documents.map(\.ids)
    let read = model.layers[neuron.layer].mlpIn.row(neuron.neuron)
    let collected = Mutex<[Read]>([])
    try ParallelLoop.ordered(
      documents.count, scratch: {},
      compute: { index, _ in
        let run = LayerRun(of: documents[index], in: model, layers: neuron.layer + 1)
        let input = run.mlpInputs[neuron.layer]
        let scales = LayerRun.scales(input, epsilon: model.architecture.norm.epsilon)
        var directions = Matrix(rows: input.rows, columns: input.columns)
        for row in 1..<max(1, input.rows) {
          for column in 0..<input.columns { directions[row, column] = read[column] / scales[row] }
        }
        var parts = run.dots(directions, layers: neuron.layer)
        if !model.architecture.parallelResidual {
          parts += run.attentionDots(directions, layer: neuron.layer)
        }
        return Read(
          tokens: Double(input.rows - 1), parts: parts, pre: LayerRun.dot(input, directions))
      },
      merge: { _, read in collected.withLock { $0.append(read) } })
    return collected.withLock { $0 }
  }
}

// MARK: Downstream

extension Upstream {
  private func downstream(
    _ evidence: Evidence, _ sample: DocumentSample
  ) throws -> [LayerChange] {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let later = Array(evidence.study.laterLayers)
    guard !later.isEmpty else { return [] }
    var generator = MersenneTwister(
      seed: UInt32(truncatingIfNeeded: evidence.study.file.probe.seed))
    let random = generator.permutation(Int32(clamping: model.architecture.dMLP))
      .map { Int($0) }.filter { $0 != neuron.neuron }.prefix(budget.random)
    let runs = try EditedRuns(sample, after: neuron.layer, in: model)
    let edits =
      [EditedRuns.Edit(neuron: neuron.neuron, .tokens(runs.activations(of: neuron.neuron)))]
      + ([neuron.neuron] + random).map {
        .init(neuron: $0, .constant(Float(evidence.probe.means.other[$0])))
      }
    let sums = try runs.forEachRun(edits) { forward, _ in
      later.map { layer in
        forward.run(layer: layer)
        return LayerSums(forward)
      }
    }.map { packs in
      later.indices.map { index in
        packs.dropFirst().reduce(into: packs[0][index]) { $0.add($1[index]) }
      }
    }
    return later.enumerated().map { index, layer in
      LayerChange(layer: layer, clean: sums[0][index], edited: sums.dropFirst().map { $0[index] })
    }
  }

  /// hook_post of a layer summed over tokens after BOS.
  struct LayerSums: Sendable {
    var tokens = 0.0
    var sum: [Double]
    var squares: [Double]

    init(_ forward: ForwardPass) {
      let block = forward.postBlock
      var sum = Array(repeating: 0.0, count: block.columns)
      var squares = sum
      for row in forward.pack.documents.flatMap({ $0.dropFirst() }) {
        tokens += 1
        let start = row * forward.hidden.columns + block.column
        for neuron in 0..<block.columns {
          let value = Double(forward.hidden.elements[start + neuron])
          sum[neuron] += value
          squares[neuron] += value * value
        }
      }
      self.sum = sum
      self.squares = squares
    }

    mutating func add(_ other: Self) {
      tokens += other.tokens
      for neuron in sum.indices {
        sum[neuron] += other.sum[neuron]
        squares[neuron] += other.squares[neuron]
      }
    }
  }
}

extension Upstream.LayerChange {
  /// - Parameter edited: the studied neuron ablated, then each random one.
  init(layer: Int, clean: Upstream.LayerSums, edited: [Upstream.LayerSums]) {
    let count = max(1, clean.tokens)
    let means = clean.sum.map { $0 / count }
    let deviations = zip(clean.squares, means).map { square, mean in
      max(0, square / count - mean * mean).squareRoot()
    }
    func changes(_ sums: Upstream.LayerSums) -> [Double] {
      zip(means, deviations).enumerated().map { neuron, clean in
        clean.1 > 0 ? (clean.0 - sums.sum[neuron] / count) / clean.1 : 0
      }
    }
    func meanAbsolute(_ changes: [Double]) -> Double {
      changes.reduce(0) { $0 + abs($1) } / Double(max(1, changes.count))
    }
    let all = edited.map(changes)
    let own = all.first ?? []
    let largest = all.dropFirst().flatMap { $0.map(abs) }.max() ?? 0
    self.layer = layer
    neurons = topIndices(by: own.map(abs), count: 10)
    self.changes = neurons.map { own[$0] }
    self.meanAbsolute = meanAbsolute(own)
    null = all.dropFirst().map(meanAbsolute)
    nullLargest = largest
    beyond = own.count { abs($0) > largest }
    constant = deviations.count { $0 == 0 }
  }
}
