import LanguageModel
import Passes
import Statistics
import StudyFile

/// How the neuron affects the next token: its output direction over the vocabulary, what it and
/// every other component add to the logit of the true next token, and the logit lens with and
/// without it. Averages are over tokens of many documents.
package struct NeuronLogits: Analysis {
  package static let id = "neuron_logits"
  package static let question =
    "Which tokens does it promote, and what does each component add to the true next token?"
  package static let settings: [Setting] = [.resamples()]
  package static let answers: Set<KnownObjection> = [
    .chosenAndMeasured, .noIntervals, .ownScales, .fallingLogits,
  ]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] {
    let runs = runs(settled)
    return [runs.clean, runs.edited]
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let runs = runs(evidence.settled)
    let clean = try evidence.outcome(of: runs.clean)
    let edited = try evidence.outcome(of: runs.edited)
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    return Result(
      layer: neuron.layer, neuron: neuron.neuron,
      value: evidence.settled.ablationValue(of: neuron.neuron).map(Double.init),
      output: OutputDirection(
        of: neuron, in: model, tokenizer: evidence.study.tokenizer,
        workers: evidence.engine.workers),
      sample: runs.sample.size,
      DocumentLogits.all(
        runs.sample.documents.map(\.ids), clean: clean, edited: edited, neuron: neuron,
        in: model),
      labels: RowDots.labels(
        layers: model.architecture.layers, of: model.architecture), bootstrap: bootstrap)
  }

  /// The target's sample, run clean and with the study's ablation from position 1 on.
  private func runs(_ settled: Settled) -> (sample: DocumentSample, clean: Pass, edited: Pass) {
    let sample = DocumentSample(of: .target, in: settled.study)
    let documents = sample.set
    let readings: Set<Readout> = [.loss, .lens, .rank, .attribution(of: settled.neuron)]
    return (
      sample, Pass(documents, reading: readings),
      Pass(
        documents,
        interventions: [
          settled.ablation(of: [settled.neuron.neuron], on: documents, from: documents.front)
        ],
        reading: readings)
    )
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// The value that ablation sets the neuron to; absent where each token has its own.
    package var value: Double?
    package var output: OutputDirection
    package var sample: DocumentSample.Size
    /// The contribution of each component; together with `bias` they add up to the logit.
    package var attribution: [ComponentLogit]
    /// The contribution of each whole layer: its heads, b_O and MLP together.
    package var layers: [ComponentLogit]
    /// The neuron's own contribution, which is part of its layer's MLP's.
    package var own: ComponentLogit
    /// The mean of b_U of the true next token.
    package var bias: Double
    /// The difference between the mean logit and the sum of the components and b_U.
    package var sumError: Double
    package var lens: [Lens]
    package var next: NextToken

    enum CodingKeys: String, CodingKey {
      case layer, neuron, value, output, sample, attribution, layers, own, bias, lens, next
      case sumError = "sum_error"
    }
  }

  /// The mean contribution of a component to the logit of the true next token.
  package struct ComponentLogit: Codable, Sendable, Equatable {
    package var label: String
    package var clean: Measured
    /// The contribution in the ablated run, divided by that run's own final scale; below, by the
    /// clean run's.
    package var ablated: Measured
    package var frozen: Measured
  }

  /// The true next token in both runs, as means over tokens.
  package struct NextToken: Codable, Sendable, Equatable {
    /// The rank; 0 is the most likely token.
    package var rank: Pair
    /// The share of tokens at rank 0.
    package var first: Pair
    package var logit: Pair
    /// The log-probability, in nats.
    package var logProbability: Pair

    enum CodingKeys: String, CodingKey {
      case rank, first, logit
      case logProbability = "log_probability"
    }
  }

  /// A number in the clean run, in the ablated run, and its change.
  package struct Pair: Codable, Sendable, Equatable {
    package var clean: Measured
    package var ablated: Measured
    package var change: Measured
  }

  /// The loss when the residual stream at one place is unembedded, in nats per token.
  package struct Lens: Codable, Sendable, Equatable {
    /// The place: `embed`, or after a layer, `L0`, `L1`, ….
    package var label: String
    package var clean: Measured
    package var ablated: Measured
  }
}

extension NeuronLogits.Result {
  init(
    layer: Int, neuron: Int, value: Double?, output: NeuronLogits.OutputDirection,
    sample: DocumentSample.Size, _ documents: [NeuronLogits.DocumentLogits], labels: [String],
    bootstrap: Bootstrap
  ) {
    let tokens = documents.map(\.tokens)
    func measured(_ value: (NeuronLogits.DocumentLogits) -> Double) -> Measured {
      Measured(numerators: documents.map(value), denominators: tokens, bootstrap: bootstrap)
    }
    func part(_ label: String, _ indices: Range<Int>) -> NeuronLogits.ComponentLogit {
      func sum(_ parts: [Double]) -> Double { parts[indices].reduce(0, +) }
      return NeuronLogits.ComponentLogit(
        label: label, clean: measured { sum($0.clean) }, ablated: measured { sum($0.ablated) },
        frozen: measured { sum($0.frozen) })
    }
    func pair(_ value: (NeuronLogits.DocumentLogits.Following) -> Double) -> NeuronLogits.Pair {
      NeuronLogits.Pair(
        clean: measured { value($0.following.clean) },
        ablated: measured { value($0.following.ablated) },
        change: measured { value($0.following.ablated) - value($0.following.clean) })
    }
    func mean(_ value: (NeuronLogits.DocumentLogits) -> Double) -> Double {
      documents.reduce(0) { $0 + value($1) } / max(1, tokens.reduce(0, +))
    }
    self.layer = layer
    self.neuron = neuron
    self.value = value
    self.output = output
    self.sample = sample
    attribution = labels.enumerated().map { part($1, $0..<$0 + 1) }
    // The components are the embedding, then equally many of every layer.
    let places = (documents.first?.lens.count ?? 1) - 1
    let width = places > 0 ? (labels.count - 1) / places : 0
    layers = (0..<places).map { part("L\($0)", 1 + $0 * width..<1 + ($0 + 1) * width) }
    own = part("L\(layer)N\(neuron)", labels.count..<labels.count + 1)
    next = NeuronLogits.NextToken(
      rank: pair(\.ranks), first: pair(\.firsts), logit: pair(\.logit),
      logProbability: pair(\.logProbability))
    bias = mean(\.bias)
    let sum = mean { $0.clean.dropLast().reduce($0.bias, +) }
    sumError = abs(sum - mean(\.following.clean.logit))
    lens = (documents.first?.lens ?? []).indices.map { place in
      NeuronLogits.Lens(
        label: place == 0 ? "embed" : "L\(place - 1)",
        clean: measured { $0.lens[place].clean }, ablated: measured { $0.lens[place].ablated })
    }
  }
}

extension NeuronLogits {
  /// Sums over one document's tokens.
  struct DocumentLogits: Sendable {
    let tokens: Double
    /// The contributions of the components in the order of `RowDots.labels`, then of the neuron;
    /// below, those of the ablated run with its own and with the clean run's final scale.
    let clean: [Double]
    let ablated: [Double]
    let frozen: [Double]
    let bias: Double
    let following: (clean: Following, ablated: Following)
    let lens: [(clean: Double, ablated: Double)]

    /// Sums over the true next tokens.
    struct Following: Sendable {
      let ranks: Double
      let firsts: Double
      let logit: Double
      let logProbability: Double
    }

    /// - Parameters:
    ///   - clean, edited: what each run has read of the document
    init(
      _ ids: [Int32], clean: Read, edited: Read, bias: Double
    ) {
      let components = clean.attribution.count - 1
      tokens = Double(max(0, ids.count - 1))
      self.clean = Array(clean.attribution[..<components])
      ablated = Array(edited.attribution[..<components])
      frozen = Array(edited.attribution[(components + 1)...])
      self.bias = bias
      // Places before the edit have the same loss in both runs.
      let same = clean.lens.count - edited.lens.count
      lens = clean.lens.indices.map { place in
        (
          clean: clean.lens[place],
          ablated: place < same ? clean.lens[place] : edited.lens[place - same]
        )
      }
      func next(_ read: Read) -> Following {
        Following(
          ranks: read.ranks.reduce(0.0) { $0 + Double($1) },
          firsts: Double(read.ranks.count { $0 == 0 }),
          logit: read.attribution[components] + bias, logProbability: -(read.lens.last ?? 0))
      }
      following = (next(clean), next(edited))
    }

    /// The attribution in the order of `Readout.attribution`, the logit lens, and the ranks of the
    /// true next tokens of one document.
    struct Read {
      let attribution: [Double]
      let lens: [Double]
      let ranks: [Float]
    }

    static func all(
      _ documents: [[Int32]], clean: Outcome, edited: Outcome, neuron: NeuronAddress,
      in model: Transformer
    ) -> [Self] {
      func reads(_ outcome: Outcome) -> [Read] {
        let attributions = outcome.documents(.attribution(of: neuron))
        let (lenses, ranks) = (outcome.documents(.lens), outcome.tokens(.rank))
        return attributions.indices.map {
          Read(attribution: attributions[$0], lens: lenses[$0], ranks: ranks[$0])
        }
      }
      return zip(documents, zip(reads(clean), reads(edited))).map { ids, reads in
        Self(
          ids, clean: reads.0, edited: reads.1,
          bias: ids.dropFirst().reduce(0.0) {
            $0 + Double(model.unembeddingBias[Int($1)])
          })
      }
    }
  }
}
