import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// What the neuron says of the next token: its output direction in the vocabulary, its share in the
/// logit of the token that really comes next beside that of every head and MLP, and how early the
/// model knows that token with and without it. Averages run over documents, not over one prompt.
package struct NeuronLogits: Analysis {
  package static let id = "neuron_logits"
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let (model, neuron) = (evidence.model, evidence.neuron)
    let sample = sample(evidence.study)
    let edit = NeuronEdit(
      layer: neuron.layer, neuron: neuron.neuron, value: evidence.value, from: 1)
    let documents = sample.documents.map(\.ids)
    let collected = Mutex<[DocumentLogits]>([])
    try ParallelLoop.ordered(
      documents.count, scratch: {},
      compute: { index, _ in DocumentLogits(documents[index], edit: edit, in: model) },
      merge: { _, logits in collected.withLock { $0.append(logits) } })
    let bootstrap = evidence.study.file.bootstrap(of: Self.id)
    return Result(
      layer: neuron.layer, neuron: neuron.neuron, value: Double(evidence.value),
      output: OutputDirection(of: neuron, in: model, tokenizer: evidence.study.tokenizer),
      sample: sample.size,
      collected.withLock { $0 },
      labels: LayerRun.labels(
        layers: model.architecture.layers, of: model.architecture), bootstrap: bootstrap)
  }

  private func sample(_ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(of: .target, in: study, tokens: study.file.size(of: Self.id, "tokens"))
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let (shape, lengths) = (study.architecture, sample(study).lengths)
    var count = OperationCount.runs(
      2, layers: shape.layers, losses: false, of: shape, documents: lengths)
    // The logit lens at the embedding and after each layer, and ranks, clean and ablated.
    count += .runs(
      2 * (shape.layers + 2), layers: 0, losses: true, of: shape, documents: lengths)
    return count
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// What ablation sets the neuron to.
    package var value: Double
    package var output: OutputDirection
    package var sample: DocumentSample.Size
    /// By component; they and `bias` add up to the logit.
    package var attribution: [Part]
    /// The same of whole layers: their heads, b_O and MLP together.
    package var layers: [Part]
    /// The neuron's own share, which its layer's MLP holds too.
    package var own: Part
    /// b_U of the token that comes next.
    package var bias: Double
    /// How far components and b_U are from the mean logit.
    package var sumError: Double
    package var lens: [Lens]
    package var next: NextToken

    enum CodingKeys: String, CodingKey {
      case layer, neuron, value, output, sample, attribution, layers, own, bias, lens, next
      case sumError = "sum_error"
    }
  }

  /// What a component adds to the logit of the true next token, a mean over tokens.
  package struct Part: Codable, Sendable, Equatable {
    package var label: String
    package var clean: Measured
    /// With the neuron ablated, divided by the ablated run's own final scale, and by the clean
    /// one's.
    package var ablated: Measured
    package var frozen: Measured
  }

  /// What becomes of the true next token, means over tokens.
  package struct NextToken: Codable, Sendable, Equatable {
    /// 0 is the most likely token.
    package var rank: Pair
    /// The share of tokens at rank 0.
    package var first: Pair
    package var logit: Pair
    /// In nats.
    package var logProbability: Pair

    enum CodingKeys: String, CodingKey {
      case rank, first, logit
      case logProbability = "log_probability"
    }
  }

  /// A number clean, ablated, and what changes.
  package struct Pair: Codable, Sendable, Equatable {
    package var clean: Measured
    package var ablated: Measured
    package var change: Measured
  }

  /// The loss when the residual stream of one place is unembedded, nats per token.
  package struct Lens: Codable, Sendable, Equatable {
    /// `embed`, `L0`, …
    package var label: String
    package var clean: Measured
    package var ablated: Measured
  }
}

extension NeuronLogits.Result {
  init(
    layer: Int, neuron: Int, value: Double, output: NeuronLogits.OutputDirection,
    sample: DocumentSample.Size, _ documents: [NeuronLogits.DocumentLogits], labels: [String],
    bootstrap: Bootstrap
  ) {
    let tokens = documents.map(\.tokens)
    func measured(_ value: (NeuronLogits.DocumentLogits) -> Double) -> Measured {
      Measured(numerators: documents.map(value), denominators: tokens, bootstrap: bootstrap)
    }
    func part(_ label: String, _ indices: Range<Int>) -> NeuronLogits.Part {
      func sum(_ parts: [Double]) -> Double { parts[indices].reduce(0, +) }
      return NeuronLogits.Part(
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
    // The embedding, then as many components of every layer.
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
    /// By component in the order of `LayerRun.labels`, then the neuron itself.
    let clean: [Double]
    let ablated: [Double]
    let frozen: [Double]
    let bias: Double
    let following: (clean: Following, ablated: Following)
    let lens: [(clean: Double, ablated: Double)]

    /// Of the true next tokens.
    struct Following: Sendable {
      let ranks: Double
      let firsts: Double
      let logit: Double
      let logProbability: Double
    }

    init(_ ids: [Int32], edit: NeuronEdit, in model: Transformer) {
      var (clean, ablated) = (
        LayerRun(of: ids, in: model), LayerRun(of: ids, in: model, edit: edit)
      )
      let layers = model.architecture.layers
      let scales = (clean: clean.scales(at: layers), ablated: ablated.scales(at: layers))
      let targets = ids.dropFirst()
      func directions(_ scales: [Float]) -> Matrix {
        var directions = Matrix(rows: ids.count, columns: model.architecture.dModel)
        for (row, target) in targets.enumerated() {
          for (column, weight) in model.unembedding.row(Int(target)).enumerated() {
            directions[row, column] = weight / scales[row]
          }
        }
        return directions
      }
      func parts(_ run: LayerRun, _ directions: Matrix) -> [Double] {
        run.dots(directions, layers: layers)
          + [run.dot(directions, layer: edit.layer, neuron: edit.neuron)]
      }
      let own = (clean: directions(scales.clean), ablated: directions(scales.ablated))
      let bias = targets.reduce(0) { $0 + Double(model.unembeddingBias[Int($1)]) }
      let lens = (0...layers).map { place in
        func sum(_ losses: [Float]) -> Double { losses.reduce(0) { $0 + Double($1) } }
        return (clean: sum(clean.losses(at: place)), ablated: sum(ablated.losses(at: place)))
      }
      func following(_ run: inout LayerRun, _ directions: Matrix, loss: Double) -> Following {
        let ranks = run.ranks()
        return Following(
          ranks: Double(ranks.reduce(0, +)), firsts: Double(ranks.count { $0 == 0 }),
          logit: LayerRun.dot(run.residuals[layers], directions) + bias, logProbability: -loss)
      }
      tokens = Double(targets.count)
      self.clean = parts(clean, own.clean)
      self.ablated = parts(ablated, own.ablated)
      frozen = parts(ablated, own.clean)
      self.bias = bias
      self.lens = lens
      self.following = (
        following(&clean, own.clean, loss: lens[layers].clean),
        following(&ablated, own.ablated, loss: lens[layers].ablated)
      )
    }
  }
}
