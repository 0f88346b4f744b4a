import Corpora
import Passes
import Statistics
import StudyFile

/// The studied neuron on every corpus in turn, each against all the others, and the neuron of the
/// layer that is best for each.
package struct Languages: Analysis {
  package static let id = "languages"
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs(probed: [study.file.neuron]) }

  package func run(_ evidence: Evidence) -> Result {
    let probe = evidence.probe
    let documents = [CorpusReference.target, .other].flatMap {
      evidence.study.probeDocuments(of: $0).documents
    }
    return Self.result(
      neuron: evidence.neuron, corpora: probe.corpora,
      documents: documents.map { ($0.corpus, $0.index, $0.ids.count - evidence.study.front) },
      column: { probe.column($0).target + probe.column($0).other })
  }

  /// - Parameters:
  ///   - documents: corpus, place in it and tokens of each document, in the order of the rows.
  ///   - column: a neuron's activations over all rows.
  package static func result(
    neuron: NeuronAddress, corpora: [ProbeEvidence.CorpusMeans],
    documents: [(corpus: String, index: Int, tokens: Int)], column: (Int) -> [Float]
  ) -> Result {
    let corpusOfRow = documents.flatMap { repeatElement($0.corpus, count: $0.tokens) }
    let isOdd = documents.flatMap { repeatElement(!$0.index.isMultiple(of: 2), count: $0.tokens) }
    func row(_ neuron: Int) -> Result.Row {
      let values = column(neuron).map(Double.init)
      return Result.Row(
        neuron: neuron,
        mcc: corpora.map { corpus in
          matthews(values, isPositive: corpusOfRow.map { $0 == corpus.name }, isOdd: isOdd)
        }, means: corpora.map { $0.means[neuron] })
    }
    let values = column(neuron.neuron)
    let own = row(neuron.neuron)
    return Result(
      layer: neuron.layer, neuron: neuron.neuron,
      corpora: corpora.enumerated().map { index, corpus in
        Result.Corpus(
          name: corpus.name, documents: documents.count { $0.corpus == corpus.name },
          tokens: corpus.tokens, mean: own.means[index],
          quantiles: Quantile.linear(
            of: zip(corpusOfRow, values).filter { $0.0 == corpus.name }.map { Double($0.1) },
            at: Result.shares
          ).map { $0.isFinite ? $0 : nil },
          mcc: own.mcc[index], best: row(corpus.highest))
      })
  }

  /// MCC of a corpus against the rest, by nearest centroid: fitted on the documents with an even
  /// place in their corpus and judged on the odd ones, and the reverse, all judgements together.
  ///
  /// Negative where the neuron is lower on the corpus.
  package static func matthews(
    _ values: [Double], isPositive: [Bool], isOdd: [Bool]
  ) -> Double {
    // By parity and class: sum and number.
    var sums = [SIMD2<Double>](repeating: .zero, count: 4)
    for row in values.indices {
      sums[(isOdd[row] ? 2 : 0) + (isPositive[row] ? 1 : 0)] += SIMD2(values[row], 1)
    }
    func mean(_ sum: SIMD2<Double>) -> Double { sum.y == 0 ? 0 : sum.x / sum.y }
    let rules = [2, 0].map { fold in
      // Judges the rows of one parity by the means of the other.
      NearestCentroid(positiveMean: mean(sums[fold + 1]), negativeMean: mean(sums[fold]))
    }
    let metrics = ClassificationMetrics(
      predictions: values.indices.map { rules[isOdd[$0] ? 1 : 0].predicts(values[$0]) },
      labels: isPositive)
    let isLower = mean(sums[1] + sums[3]) < mean(sums[0] + sums[2])
    return isLower ? -metrics.mcc : metrics.mcc
  }

  package struct Result: Codable, Sendable, Equatable {
    package static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

    package var layer: Int
    package var neuron: Int
    /// The target first, then as the study names them.
    package var corpora: [Corpus]

    package struct Corpus: Codable, Sendable, Equatable {
      package var name: String
      /// Probe documents, and their tokens without BOS.
      package var documents: Int
      package var tokens: Int
      /// The studied neuron: mean, quantiles (5, 25, 50, 75 and 95 %), and MCC against the rest.
      package var mean: Double
      package var quantiles: [Double?]
      package var mcc: Double
      /// The neuron of the layer whose mean lies highest above that over all other corpora.
      package var best: Row
    }

    /// A neuron on every corpus, in their order.
    package struct Row: Codable, Sendable, Equatable {
      package var neuron: Int
      package var mcc: [Double]
      package var means: [Double]
    }
  }
}
