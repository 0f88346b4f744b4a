import Corpora
import Statistics
import StudyFile

extension ProbeSweep {
  package struct Result: Codable, Sendable, Equatable {
    /// The number of folds of documents, each of which is held out once.
    package var splits: Int
    /// Whether documents of the sample took part in choosing the neuron; absent in findings of
    /// earlier versions, where they did.
    package var holdsSelection: Bool?
    /// The number of documents and of their tokens without BOS, for each class.
    package var classes: ClassPair<Size>
    package var studied: Neuron
    /// The studied neuron's ranks among all neurons by held-out MCC, from 1.
    package var rank: Rank
    /// The number of other neurons with exactly its MCC.
    package var tied: Rank?
    /// The share of held-out documents whose mean activation is on their class's side.
    package var right: Right?
    /// The neurons of the layer that the study names for comparison.
    package var compared: [Compared]
    /// The number of neurons of the model.
    package var neurons: Int
    /// The neurons with the highest held-out MCC on tokens, the best first.
    package var top: [Neuron]
    package var layers: [Layer]
    package var directions: Directions
    package var shuffled: Shuffled
    package var sparse: Sparse
    /// The interval over documents of the studied neuron's MCC over all held-out judgements; there
    /// is none where the MCC is −1 or 1.
    package var interval: MCCIntervals

    enum CodingKeys: String, CodingKey {
      case splits, classes, studied, compared, rank, tied, right, neurons, top, layers
      case directions, shuffled, interval
      case holdsSelection = "holds_selection"
      case sparse = "k_sparse"
    }

    package struct Size: Codable, Sendable, Equatable {
      package var documents: Int
      package var tokens: Int
    }

    package struct Compared: Codable, Sendable, Equatable {
      package var scores: Neuron
      package var rank: Rank
      package var interval: MCCIntervals
    }

    package struct Right: Codable, Sendable, Equatable {
      package var documents: Int
      package var of: Int
      /// The share with Wilson's interval.
      package var share: Measured
    }

    package struct MCCIntervals: Codable, Sendable, Equatable {
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
      /// +1 where the neuron is higher on the target, −1 otherwise; absent in findings of earlier
      /// versions.
      package var sign: Int?
      package var tokens: Scores
      /// The scores on documents, each classified by its mean activation.
      package var documents: Scores
    }

    /// Scores on held-out rows. `mean` is the score of all folds' judgements together (for AUC, the
    /// mean over the folds); `low` and `high` are those of single folds.
    package struct Scores: Codable, Sendable, Equatable {
      package var f1: Range
      package var mcc: Range
      package var precision: Range
      package var recall: Range
      package var balancedAccuracy: Range
      /// The AUC of the activation itself, above 0.5 where the neuron is higher on the target.
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
      /// The number of neurons with the same value on all tokens; below, of neurons that are never
      /// above 0.
      package var constant: Int
      package var dead: Int
      /// The layer's best neuron by held-out MCC on tokens; below, by that on documents.
      package var best: Neuron
      package var bestDocuments: Neuron
      /// The scores of every neuron on tokens; below, on documents.
      package var tokens: Every
      package var documents: Every

      enum CodingKeys: String, CodingKey {
        case layer, constant, dead, best, tokens, documents
        case bestDocuments = "best_documents"
      }
    }

    /// The scores by neuron, over all folds together, rounded to four decimals.
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

    /// Random directions over each layer's neurons, judged in the same way as neurons.
    package struct Directions: Codable, Sendable, Equatable {
      package var perLayer: Int
      /// The median held-out MCC on tokens, by layer; below, the highest.
      package var median: [Double]
      package var best: [Double]

      enum CodingKeys: String, CodingKey {
        case median, best
        case perLayer = "per_layer"
      }
    }

    /// The null: the held-out MCC on tokens of all neurons with the labels shuffled among the
    /// documents. One shuffle serves all folds.
    package struct Shuffled: Codable, Sendable, Equatable {
      /// The number of shuffles; absent in findings of earlier versions.
      package var labelings: Int?
      /// The mean over all neurons and shuffles.
      package var mean: Double
      /// The 95 % quantile over the shuffles of the best neuron's MCC; below, its maximum.
      package var quantile: Double
      package var best: Double
      /// The studied neuron's highest MCC over the shuffles.
      package var studied: Double
      /// The p value (1 + shuffles whose best neuron reaches the studied neuron's real MCC) / (1 +
      /// shuffles).
      package var pValue: Double?

      enum CodingKeys: String, CodingKey {
        case labelings, mean, quantile, best, studied
        case pValue = "p_value"
      }
    }

    /// Probes of several neurons of the studied layer: the held-out MCC on tokens by number of
    /// neurons.
    package struct Sparse: Codable, Sendable, Equatable {
      package var sizes: [Int]
      package var byDifference: [Range]
      package var byCoefficient: [Range]
      /// Training tokens of each split, and how many of them its fits take; absent in findings of
      /// earlier versions.
      package var training: [Int]?
      package var fitted: [Int]?

      enum CodingKeys: String, CodingKey {
        case sizes, training, fitted
        case byDifference = "mean_difference"
        case byCoefficient = "coefficient"
      }
    }
  }
}

extension ProbeSweep.Result.Neuron {
  /// Whether the neuron's mean is lower on the target; in findings of earlier versions, whether its
  /// AUC is below 0.5.
  var isLower: Bool { sign.map { $0 < 0 } ?? (tokens.rocAUC.mean < 0.5) }
}

extension ProbeSweep.Result {
  /// The studied neuron's MCC with its interval, both negated where the neuron is lower on the
  /// target.
  package var signedMCC: Measured {
    let mcc = interval.tokens
    guard studied.isLower else {
      return Measured(studied.tokens.mcc.mean, low: mcc.low, high: mcc.high)
    }
    return Measured(
      -studied.tokens.mcc.mean, low: mcc.high.map { -$0 }, high: mcc.low.map { -$0 })
  }
}

extension ProbeSweep.Result.Range {
  /// The mean and the range of some values.
  init(_ values: [Double]) {
    mean = values.reduce(0, +) / Double(max(1, values.count))
    low = values.min() ?? 0
    high = values.max() ?? 0
  }
}

extension ProbeSweep.Result {
  /// The measures of one fold's held-out rows.
  struct Measures {
    let metrics: ClassificationMetrics
    let rocAUC: Double

    init(_ metrics: ClassificationMetrics, rocAUC: Double?) {
      self.metrics = metrics
      // Without one of the classes the AUC is that of chance.
      self.rocAUC = rocAUC ?? 0.5
    }
  }
}

extension ProbeSweep.Result.Scores {
  init(all: ClassificationMetrics, folds: [ProbeSweep.Result.Measures]) {
    func range(_ measure: (ClassificationMetrics) -> Double) -> ProbeSweep.Result.Range {
      var range = ProbeSweep.Result.Range(folds.map { measure($0.metrics) })
      range.mean = measure(all)
      return range
    }
    f1 = range(\.f1)
    mcc = range(\.mcc)
    precision = range(\.precision)
    recall = range(\.recall)
    balancedAccuracy = range(\.balancedAccuracy)
    rocAUC = .init(folds.map(\.rocAUC))
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
    sizes: ClassPair<Size>, folds: Int, isNew: Bool, bootstrap: Bootstrap
  ) {
    let neurons = found.neurons.first?.count ?? 0
    let all = found.neurons.flatMap(\.self)
    func neuron(_ layer: Int, _ index: Int) -> Neuron {
      let judged = found.neurons[layer][index]
      return Neuron(
        layer: layer, neuron: index, sign: judged.sign, tokens: judged.tokens,
        documents: judged.documents)
    }
    func measured(_ documents: [ClassificationMetrics]) -> Measured {
      Measured(mccOf: documents, bootstrap: bootstrap)
    }
    func rank(_ index: Int) -> Rank {
      let mine = found.neurons[studied.layer][index]
      return Rank(
        tokens: 1 + all.count { $0.tokens.mcc.mean > mine.tokens.mcc.mean },
        documents: 1 + all.count { $0.documents.mcc.mean > mine.documents.mcc.mean })
    }
    func interval(_ index: Int) -> MCCIntervals {
      let confusions = found.confusions[index]
      return MCCIntervals(
        tokens: measured(confusions?.tokens ?? []),
        documents: measured(confusions?.documents ?? []))
    }
    splits = folds
    holdsSelection = !isNew
    classes = sizes
    self.studied = neuron(studied.layer, studied.neuron)
    self.interval = interval(studied.neuron)
    self.rank = rank(studied.neuron)
    let mine = found.neurons[studied.layer][studied.neuron]
    tied = Rank(
      tokens: all.count { $0.tokens.mcc.mean == mine.tokens.mcc.mean } - 1,
      documents: all.count { $0.documents.mcc.mean == mine.documents.mcc.mean } - 1)
    let judged = found.confusions[studied.neuron]?.documents ?? []
    let isRight = judged.count { $0.truePositives + $0.trueNegatives > 0 }
    right = Right(
      documents: isRight, of: judged.count, share: Measured(share: isRight, of: judged.count))
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
    let labelings = mine.chance.count
    let best = (0..<labelings).map { dealing in all.map { $0.chance[dealing] }.max() ?? 0 }
    let reaching = best.count { $0 >= mine.tokens.mcc.mean }
    shuffled = Shuffled(
      labelings: labelings,
      mean: all.reduce(0) { $0 + $1.chance.reduce(0, +) } / Double(max(1, all.count * labelings)),
      quantile: Quantile.linear(of: best, at: [0.95])[0], best: best.max() ?? 0,
      studied: mine.chance.max() ?? 0,
      pValue: Double(1 + reaching) / Double(1 + labelings))
    let count = found.sparse.map(\.byDifference.count).min() ?? 0
    func ranges(_ values: (SparseCurve.Split) -> [Double]) -> [Range] {
      (0..<count).map { size in Range(found.sparse.map { values($0)[size] }) }
    }
    sparse = Sparse(
      sizes: Array(SparseCurve.sizes.prefix(count)), byDifference: ranges(\.byDifference),
      byCoefficient: ranges(\.byCoefficient), training: found.sparse.map(\.training),
      fitted: found.sparse.map(\.fitted))
  }
}
