import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile

/// What the neuron reads and what reads it: its pre-activation as a sum of earlier components'
/// contributions, the tokens that excite it, and the standardised change of later neurons'
/// activations when it is ablated, compared with edits of equal size.
package struct Upstream: Analysis {
  package static let id = "upstream"
  package static let question =
    "What writes what it reads, and what does it move beside edits of equal size?"
  package static let settings: [Setting] = [
    .count("random", 10), .count("scaled", 10), .count("directions", 10), .resamples(),
  ]
  package static let answers: Set<KnownObjection> = [
    .chosenAndMeasured, .noIntervals, .noNull, .cancelling,
  ]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(
      columns: Set(
        [CorpusReference.target, .other].map {
          ColumnNeed(.activation(study.file.studied), of: $0)
        }))
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let shape = model.architecture
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    let samples = (
      target: sample(of: .target, evidence.study), other: sample(of: .other, evidence.study)
    )
    let target = try Self.reads(samples.target, evidence)
    let other = try Self.reads(samples.other, evidence)
    var labels = RowDots.labels(layers: neuron.layer, of: shape)
    if !shape.parallelResidual {
      labels += RowDots.attentionLabels(layer: neuron.layer, of: shape)
    }
    func measured(_ documents: [Read], _ value: (Read) -> Double) -> Measured {
      Measured(
        numerators: documents.map(value), denominators: documents.map(\.tokens),
        bootstrap: bootstrap)
    }
    let bias = Double(
      model.reading(layer: neuron.layer, neuron: neuron.neuron).part(.mlpIn).bias)
    let pre = ClassPair(
      target: measured(target) { $0.pre + bias * $0.tokens },
      other: measured(other) { $0.pre + bias * $0.tokens })
    let parts = labels.enumerated().map { index, label in
      ComponentInput(
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
      inputs: InputTokens(of: evidence), downstream: try downstream(evidence, samples.target),
      gate: try gate(evidence, samples, labels: labels))
  }

  /// What the gate reads; nil for a neuron without a gate.
  private func gate(
    _ evidence: Evidence, _ samples: (target: DocumentSample, other: DocumentSample),
    labels: [String]
  ) throws -> GateReading? {
    let (model, neuron) = (evidence.model, evidence.neuron)
    guard model.architecture.mlp.isGated else { return nil }
    let reading = model.reading(layer: neuron.layer, neuron: neuron.neuron).part(.mlpGate)
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    let reads = (
      target: try Self.reads(samples.target, evidence, map: .mlpGate),
      other: try Self.reads(samples.other, evidence, map: .mlpGate)
    )
    func measured(_ value: (Read) -> Double) -> ClassPair<Measured> {
      func one(_ documents: [Read]) -> Measured {
        Measured(
          numerators: documents.map(value), denominators: documents.map(\.tokens),
          bootstrap: bootstrap)
      }
      return ClassPair(target: one(reads.target), other: one(reads.other))
    }
    func signs(_ sample: DocumentSample) throws -> [Double] {
      let pass = Self.inputs(sample, neuron, isGated: true)
      return GateReading.shares(try evidence.outcome(of: pass).documents(.signs(of: neuron)))
    }
    let bias = Double(reading.bias)
    let similar = Similarities(of: reading.weights, to: model.embedding)
    let tokens = TokenEffect.extremes(12, of: similar, tokenizer: evidence.study.tokenizer)
    return GateReading(
      pre: measured { $0.pre + bias * $0.tokens },
      parts: labels.enumerated().map { index, label in
        let pair = measured { $0.parts[index] }
        return ComponentInput(label: label, target: pair.target, other: pair.other)
      }, bias: bias,
      signs: ClassPair(target: try signs(samples.target), other: try signs(samples.other)),
      excite: tokens.largest, inhibit: tokens.smallest)
  }

  private func sample(of corpus: CorpusReference, _ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(of: corpus, in: study)
  }

  package func passes(_ settled: Settled) -> [Pass] {
    let samples = [CorpusReference.target, .other].map { sample(of: $0, settled.study) }
    let later = try? downstreamRuns(settled, samples[0])
    let isGated = settled.study.architecture.mlp.isGated
    return samples.map { Self.inputs($0, settled.neuron, isGated: isGated) }
      + (settled.study.laterLayers.isEmpty ? [] : later?.passes ?? [])
  }

  private static func inputs(
    _ sample: DocumentSample, _ neuron: NeuronAddress, isGated: Bool
  ) -> Pass {
    Pass(
      sample.set,
      reading: isGated
        ? [.input(of: neuron), .input(of: neuron, map: .mlpGate), .signs(of: neuron)]
        : [.input(of: neuron)])
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    package var samples: ClassPair<DocumentSample.Size>
    /// The pre-activation x·W_in + b_in, as a mean over tokens after BOS. In a gated MLP it is
    /// TransformerLens's hook_pre_linear, otherwise hook_pre.
    package var pre: ClassPair<Measured>
    /// The contribution of each earlier component; together with `bias` they add up to `pre`.
    package var parts: [ComponentInput]
    /// The bias b_in of the neuron.
    package var bias: Double
    /// The largest difference between `pre` and the sum of the parts and b_in.
    package var sumError: Double
    package var inputs: InputTokens
    package var downstream: [LayerChange]
    /// What the gate reads; absent for a neuron without a gate.
    package var gate: GateReading?

    enum CodingKeys: String, CodingKey {
      case layer, neuron, samples, pre, parts, bias, inputs, downstream, gate
      case sumError = "sum_error"
    }
  }

  package struct ComponentInput: Codable, Sendable, Equatable {
    package var label: String
    package var target: Measured
    package var other: Measured

    /// The contribution on the target minus that on the other class.
    package var difference: Double { target.value - other.value }
  }

  /// Sums over one document's tokens after BOS.
  private struct Read: Sendable {
    let tokens: Double
    let parts: [Double]
    /// The sum of the pre-activation without its bias.
    let pre: Double
  }

  private static func reads(
    _ sample: DocumentSample, _ evidence: Evidence, map: Linear = .mlpIn
  ) throws -> [Read] {
    let neuron = evidence.neuron
    let pass = inputs(sample, neuron, isGated: evidence.model.architecture.mlp.isGated)
    let sums = try evidence.outcome(of: pass).documents(.input(of: neuron, map: map))
    return zip(sample.documents, sums).map { document, sums in
      Read(
        tokens: Double(document.ids.count - sample.front), parts: Array(sums.dropLast()),
        pre: sums.last ?? 0)
    }
  }
}
