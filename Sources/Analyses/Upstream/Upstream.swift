import Corpora
import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// What the neuron reads and what it moves: its pre-activation taken apart by what writes the
/// residual stream before it, the tokens that feed it, and the activations of later neurons without
/// it, standardised, beside those without random neurons.
package struct Upstream: Analysis {
  package static let id = "upstream"
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(
      columns: Set(
        [CorpusReference.target, .other].map {
          ColumnNeed(.activation(study.file.neuron), of: $0)
        }))
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let shape = model.architecture
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    let samples = (
      target: sample(of: .target, evidence.study), other: sample(of: .other, evidence.study)
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
      inputs: InputTokens(of: evidence), downstream: try downstream(evidence, samples.target))
  }

  private func sample(of corpus: CorpusReference, _ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(of: corpus, in: study, tokens: study.file.size(of: Self.id, "tokens"))
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let target = sample(of: .target, study)
    var count = target.operations(
      edits: 2 + study.file.size(of: Self.id, "random"), losses: false, in: study)
    for sample in [target, sample(of: .other, study)] {
      count += .runs(
        1, layers: study.layer + 1, losses: false, of: study.architecture,
        documents: sample.lengths)
    }
    return count
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
    package var inputs: InputTokens
    package var downstream: [LayerChange]

    enum CodingKeys: String, CodingKey {
      case layer, neuron, samples, pre, parts, bias, inputs, downstream
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
