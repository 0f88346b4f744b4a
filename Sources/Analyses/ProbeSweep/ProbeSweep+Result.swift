import Corpora
import Statistics
import StudyFile

extension ProbeSweep {
  package struct Result: Codable, Sendable, Equatable {
    package var splits: Int
    package var testSize: Double
    /// Documents and tokens of each class, BOS left out.
    package var classes: ClassPair<Size>
    package var studied: Neuron
    /// Its places among all neurons by held-out MCC, from 1.
    package var rank: Rank
    /// The neurons of the layer that the study names beside it.
    package var compared: [Compared]
    /// All neurons of the model.
    package var neurons: Int
    /// The first by held-out MCC on tokens.
    package var top: [Neuron]
    package var layers: [Layer]
    package var directions: Directions
    package var shuffled: Shuffled
    package var sparse: Sparse
    /// The studied neuron's MCC, all held-out judgements together, by resampling documents.
    package var interval: Interval

    enum CodingKeys: String, CodingKey {
      case splits, classes, studied, compared, rank, neurons, top, layers, directions, shuffled,
        interval
      case testSize = "test_size"
      case sparse = "k_sparse"
    }

    package struct Size: Codable, Sendable, Equatable {
      package var documents: Int
      package var tokens: Int
    }

    package struct Compared: Codable, Sendable, Equatable {
      package var scores: Neuron
      package var rank: Rank
      package var interval: Interval
    }

    package struct Interval: Codable, Sendable, Equatable {
      package var tokens: Measured
      package var documents: Measured
    }

    package struct Rank: Codable, Sendable, Equatable {
      package var tokens: Int
      package var documents: Int
    }

    package struct Neuron: Codable, Sendable, Equatable {
      package var layer: Int
      package var neuron: Int
      package var tokens: Scores
      /// On a document's mean activation.
      package var documents: Scores
    }

    /// On held-out rows; each the mean over the splits with the lowest and the highest.
    package struct Scores: Codable, Sendable, Equatable {
      package var f1: Range
      package var mcc: Range
      package var precision: Range
      package var recall: Range
      package var balancedAccuracy: Range
      /// Of the activation itself: above 0.5 where the neuron is higher on the target.
      package var rocAUC: Range

      enum CodingKeys: String, CodingKey {
        case f1, mcc, precision, recall
        case balancedAccuracy = "balanced_accuracy"
        case rocAUC = "roc_auc"
      }
    }

    package struct Range: Codable, Sendable, Equatable {
      package var mean: Double
      package var low: Double
      package var high: Double
    }

    package struct Layer: Codable, Sendable, Equatable {
      package var layer: Int
      /// Neurons with one value on all tokens, and neurons that are never above 0.
      package var constant: Int
      package var dead: Int
      /// The best by held-out MCC on tokens, and by that on documents.
      package var best: Neuron
      package var bestDocuments: Neuron
      /// Every neuron's measures.
      package var tokens: Every
      package var documents: Every

      enum CodingKeys: String, CodingKey {
        case layer, constant, dead, best, tokens, documents
        case bestDocuments = "best_documents"
      }
    }

    /// By neuron, the mean over the splits to four decimals.
    package struct Every: Codable, Sendable, Equatable {
      package var f1: [Double]
      package var mcc: [Double]
      package var precision: [Double]
      package var recall: [Double]
      package var balancedAccuracy: [Double]
      package var rocAUC: [Double]

      enum CodingKeys: String, CodingKey {
        case f1, mcc, precision, recall
        case balancedAccuracy = "balanced_accuracy"
        case rocAUC = "roc_auc"
      }
    }

    /// Random directions of each layer's activations, judged in the same way.
    package struct Directions: Codable, Sendable, Equatable {
      package var perLayer: Int
      /// Held-out MCC on tokens by layer: median and highest.
      package var median: [Double]
      package var best: [Double]

      enum CodingKeys: String, CodingKey {
        case median, best
        case perLayer = "per_layer"
      }
    }

    /// All neurons with labels dealt out anew to the documents: held-out MCC on tokens.
    package struct Shuffled: Codable, Sendable, Equatable {
      package var mean: Double
      /// The 95 % quantile and the highest of all neurons.
      package var quantile: Double
      package var best: Double
      package var studied: Double
    }

    /// Several neurons of the studied layer together: held-out MCC on tokens by size.
    package struct Sparse: Codable, Sendable, Equatable {
      package var sizes: [Int]
      package var byDifference: [Range]
      package var byCoefficient: [Range]

      enum CodingKeys: String, CodingKey {
        case sizes
        case byDifference = "mean_difference"
        case byCoefficient = "coefficient"
      }
    }
  }
}

extension ProbeSweep.Result.Range {
  /// Of values of the splits.
  init(_ values: [Double]) {
    mean = values.reduce(0, +) / Double(max(1, values.count))
    low = values.min() ?? 0
    high = values.max() ?? 0
  }
}

extension ProbeSweep.Result {
  /// How one split's held-out rows are judged.
  struct Measures {
    let metrics: ClassificationMetrics
    let rocAUC: Double

    init(_ metrics: ClassificationMetrics, rocAUC: Double?) {
      self.metrics = metrics
      // A class that is missing tells nothing.
      self.rocAUC = rocAUC ?? 0.5
    }
  }
}

extension ProbeSweep.Result.Scores {
  init(_ splits: [ProbeSweep.Result.Measures]) {
    f1 = .init(splits.map(\.metrics.f1))
    mcc = .init(splits.map(\.metrics.mcc))
    precision = .init(splits.map(\.metrics.precision))
    recall = .init(splits.map(\.metrics.recall))
    balancedAccuracy = .init(splits.map(\.metrics.balancedAccuracy))
    rocAUC = .init(splits.map(\.rocAUC))
  }
}

extension ProbeSweep.Result.Every {
  init(_ scores: [ProbeSweep.Result.Scores]) {
    func means(_ range: (ProbeSweep.Result.Scores) -> ProbeSweep.Result.Range) -> [Double] {
      scores.map { (range($0).mean * 1e4).rounded() / 1e4 }
    }
    f1 = means(\.f1)
    mcc = means(\.mcc)
    precision = means(\.precision)
    recall = means(\.recall)
    balancedAccuracy = means(\.balancedAccuracy)
    rocAUC = means(\.rocAUC)
  }
}

extension ProbeSweep.Result {
  init(
    _ found: ProbeSweep.Found, studied: NeuronAddress, compared: [Int],
    sizes: ClassPair<Size>, splits: Int,
    testSize: Double, bootstrap: Bootstrap
  ) {
    let neurons = found.neurons.first?.count ?? 0
    let all = found.neurons.flatMap(\.self)
    func neuron(_ layer: Int, _ index: Int) -> Neuron {
      let judged = found.neurons[layer][index]
      return Neuron(
        layer: layer, neuron: index, tokens: judged.tokens, documents: judged.documents)
    }
    func measured(_ documents: [ClassificationMetrics]) -> Measured {
      let interval = bootstrap.interval(mcc: documents)
      return Measured(interval?.estimate ?? 0, low: interval?.lower, high: interval?.upper)
    }
    func rank(_ index: Int) -> Rank {
      let mine = found.neurons[studied.layer][index]
      return Rank(
        tokens: 1 + all.count { $0.tokens.mcc.mean > mine.tokens.mcc.mean },
        documents: 1 + all.count { $0.documents.mcc.mean > mine.documents.mcc.mean })
    }
    func interval(_ index: Int) -> Interval {
      let confusions = found.confusions[index]
      return Interval(
        tokens: measured(confusions?.tokens ?? []),
        documents: measured(confusions?.documents ?? []))
    }
    self.splits = splits
    self.testSize = testSize
    classes = sizes
    self.studied = neuron(studied.layer, studied.neuron)
    self.interval = interval(studied.neuron)
    self.rank = rank(studied.neuron)
    self.compared = compared.map {
      Compared(scores: neuron(studied.layer, $0), rank: rank($0), interval: interval($0))
    }
    self.neurons = all.count
    top = topIndices(by: all.map(\.tokens.mcc.mean), count: ProbeSweep.listed)
      .map { neuron($0 / neurons, $0 % neurons) }
    layers = found.neurons.enumerated().map { layer, judged in
      let (tokens, documents) = (judged.map(\.tokens), judged.map(\.documents))
      return Layer(
        layer: layer, constant: judged.count(where: \.isConstant),
        dead: judged.count(where: \.isDead),
        best: neuron(layer, topIndices(by: tokens.map(\.mcc.mean), count: 1).first ?? 0),
        bestDocuments: neuron(
          layer, topIndices(by: documents.map(\.mcc.mean), count: 1).first ?? 0),
        tokens: Every(tokens), documents: Every(documents))
    }
    directions = Directions(
      perLayer: found.directions.first?.count ?? 0,
      median: found.directions.map { Quantile.linear(of: $0, at: [0.5])[0] },
      best: found.directions.map { $0.max() ?? 0 })
    let chance = all.map(\.chance)
    shuffled = Shuffled(
      mean: chance.reduce(0, +) / Double(max(1, chance.count)),
      quantile: Quantile.linear(of: chance, at: [0.95])[0], best: chance.max() ?? 0,
      studied: found.neurons[studied.layer][studied.neuron].chance)
    let count = found.sparse.map(\.byDifference.count).min() ?? 0
    func ranges(_ values: (SparseCurve.Split) -> [Double]) -> [Range] {
      (0..<count).map { size in Range(found.sparse.map { values($0)[size] }) }
    }
    sparse = Sparse(
      sizes: Array(SparseCurve.sizes.prefix(count)), byDifference: ranges(\.byDifference),
      byCoefficient: ranges(\.byCoefficient))
  }
}
