import Corpora
import Passes
import StudyFile

/// The loss on each corpus, clean and with the study's ablation at every position (notebook cells
/// 31–34).
package struct Ablation: Analysis {
  package static let id = "ablation"
  package static let question =
    "What does the text cost the model when the neuron is set to another value?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.batchMeans, .fractions]
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(
      columns: Set(
        study.file.ablation.corpora.flatMap { corpus in
          Run.allCases.map { ColumnNeed(.loss($0), of: corpus) }
        }))
  }

  package func run(_ evidence: Evidence) -> Result {
    let study = evidence.study.file
    var corpora: [String: Result.CorpusLoss] = [:]
    for corpus in study.ablation.corpora {
      let layout = evidence.layout(of: corpus)
      let losses = Run.allCases.map { evidence.column(.loss($0), of: corpus) }
      func pair(_ mean: (_ loss: (Int) -> ArraySlice<Float>) -> Double) -> LossPair {
        LossPair(clean: mean { losses[0][$0] }, ablated: mean { losses[1][$0] })
      }
      corpora[study.name(of: corpus)] = Result.CorpusLoss(
        documents: layout.real.count, tokens: Self.tokens(layout.real),
        padding: study.padded.map { _ in
          Padding(real: layout.real.reduce(0, +), computed: layout.batched.reduce(0, +))
        },
        padded: study.padded.map { padded in
          pair { Self.paddedMean(layout.real.count, batch: padded.batch(of: corpus), loss: $0) }
        },
        masked: pair { Self.maskedMean(real: layout.real, loss: $0) })
    }
    return Result(
      layer: evidence.neuron.layer, neuron: evidence.neuron.neuron,
      value: evidence.value.map(Double.init),
      corpora: corpora)
  }

  /// The number of tokens that are predicted: all but each document's first.
  private static func tokens(_ real: [Int]) -> Int {
    real.reduce(0) { $0 + max(0, $1 - 1) }
  }

  /// The mean loss over all tokens that are real, in nats; 0 without any.
  ///
  /// - Parameters:
  ///   - real: the number of real tokens of each document, BOS included
  ///   - loss: the losses of a document, those of its real tokens first
  package static func maskedMean(real: [Int], loss: (Int) -> ArraySlice<Float>) -> Double {
    var sum = 0.0
    for (document, count) in real.enumerated() {
      for value in loss(document).prefix(max(0, count - 1)) { sum += Double(value) }
    }
    return sum / Double(max(1, tokens(real)))
  }

  /// The mean over batches of each batch's mean over all its entries, padding included. This is the
  /// notebook's average, in which a token of a small or short batch weighs more.
  ///
  /// - Parameter loss: the losses of a document, padded to the longest of its batch
  package static func paddedMean(
    _ documents: Int, batch: Int, loss: (Int) -> ArraySlice<Float>
  ) -> Double {
    var means: [Double] = []
    for first in stride(from: 0, to: documents, by: max(1, batch)) {
      var (sum, count) = (0.0, 0)
      for document in first..<min(documents, first + min(documents, max(1, batch))) {
        let values = loss(document)
        for value in values { sum += Double(value) }
        count += values.count
      }
      if count > 0 { means.append(sum / Double(count)) }
    }
    return means.reduce(0, +) / Double(max(1, means.count))
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// The value the neuron is set to; absent where each token has its own.
    package var value: Double?
    /// The losses by the corpus's name; the other class is `other`.
    package var corpora: [String: CorpusLoss]

    package struct CorpusLoss: Codable, Sendable, Equatable {
      package var documents: Int
      /// The number of tokens with a loss.
      package var tokens: Int
      /// The rows that padding adds; absent unless the study asks for padding.
      package var padding: Padding?
      /// The notebook's average, padding included; absent unless the study asks for it.
      package var padded: LossPair?
      /// The average over real tokens only.
      package var masked: LossPair
    }
  }
}

/// The number of rows that the model runs without and with padding, BOS included.
package struct Padding: Codable, Sendable, Equatable {
  package var real: Int
  package var computed: Int

  package init(real: Int, computed: Int) {
    self.real = real
    self.computed = computed
  }
}

/// A mean loss without and with the ablation, in nats per token.
package struct LossPair: Codable, Sendable, Equatable {
  package var clean: Double
  package var ablated: Double

  package init(clean: Double, ablated: Double) {
    self.clean = clean
    self.ablated = ablated
  }

  /// Ablated minus clean, in nats per token.
  package var change: Double { ablated - clean }
  /// The change in percent of the clean loss; 0 where the clean loss is 0.
  package var percent: Double { clean == 0 ? 0 : 100 * change / clean }

  /// The pair in words: `rises from 4.580 to 4.630, by 0.0503 nats per token (1.10 %)`.
  var words: String {
    let ends = "from \(Wording.fixed(clean, 3)) to \(Wording.fixed(ablated, 3))"
    if percent.magnitude < Verdict.smallestChange {
      return "hardly changes: \(ends), \(Wording.signed(change, 4)) nats per token "
        + "(\(Wording.signed(percent, 2)) %)"
    }
    return "\(change < 0 ? "falls" : "rises") \(ends), by \(Wording.fixed(change.magnitude, 4)) "
      + "nats per token (\(Wording.fixed(percent.magnitude, 2)) %)"
  }
}

extension StudyFile {
  /// The name of a class in the findings: the name of its corpus, or `other`.
  func name(of corpus: CorpusReference) -> String {
    corpus == .target ? target : corpus.description
  }
}
