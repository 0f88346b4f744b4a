import Corpora
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// The studied neuron on every corpus in turn, each against all the others, and the neuron of the
/// layer that tells each best.
package struct Languages: Analysis {
  package static let id = "languages"
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let samples = Self.samples(evidence.study)
    let layers = try LayerByLayer(
      model: evidence.model, documents: samples.flatMap { $0.documents.map(\.ids) },
      at: evidence.neuron.layer)
    return try Self.result(
      neuron: evidence.neuron, neurons: evidence.model.architecture.dMLP,
      corpora: zip(Self.names(evidence.study), samples).map { name, sample in
        (name, sample.size, sample.documents.map { $0.ids.count - 1 })
      }, width: layers.width
    ) { try layers.columns(of: Array($0)) }
  }

  private static func names(_ study: ResolvedStudy) -> [String] {
    [study.file.target] + study.file.other
  }

  private static func samples(_ study: ResolvedStudy) -> [DocumentSample] {
    names(study).map { DocumentSample(of: .named($0), in: study) }
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let lengths = Self.samples(study).flatMap(\.lengths)
    var count = OperationCount.runs(
      study.layer, layers: 1, losses: false, of: study.architecture, documents: lengths)
    count.addMLPIn(1, of: study.architecture, rows: Double(lengths.reduce(0, +)))
    return count
  }

  /// - Parameters:
  ///   - corpora: name, sample and tokens of each document
  ///   - columns: activations of some neurons over all tokens
  static func result(
    neuron: NeuronAddress, neurons: Int,
    corpora: [(name: String, size: DocumentSample.Size, tokens: [Int])], width: Int,
    columns: (Range<Int>) throws -> LayerByLayer.Columns
  ) throws -> Result {
    let judge = OneVersusRest(corpora.map(\.tokens))
    var rows: [Result.Row] = []
    for first in stride(from: 0, to: neurons, by: width) {
      let range = first..<min(first + width, neurons)
      let block = try columns(range)
      let found = Mutex([Result.Row?](repeating: nil, count: range.count))
      ParallelLoop.forEach(range.count) { index in
        let row = judge.row(range.lowerBound + index, block[index])
        found.withLock { $0[index] = row }
      }
      rows += found.withLock { $0 }.compactMap(\.self)
    }
    let values = try columns(neuron.neuron..<neuron.neuron + 1)[0]
    let own = rows[neuron.neuron]
    return Result(
      layer: neuron.layer, neuron: neuron.neuron,
      corpora: corpora.enumerated().map { index, corpus in
        let best = topIndices(by: rows.map { $0.mcc[index] }, count: 1).first ?? 0
        return Result.Corpus(
          name: corpus.name, documents: corpus.size.documents, tokens: corpus.size.tokens,
          sample: corpus.size, mean: own.means[index],
          quantiles: Quantile.linear(
            of: judge.values(of: index, in: values).map(Double.init), at: Result.shares
          ).map { $0.isFinite ? $0 : nil },
          mcc: own.mcc[index], best: rows[best])
      })
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
      /// Absent in findings of earlier versions.
      package var sample: DocumentSample.Size?
      /// The studied neuron: mean, quantiles (5, 25, 50, 75 and 95 %), and MCC against the rest.
      package var mean: Double
      package var quantiles: [Double?]
      package var mcc: Double
      /// The neuron of the layer that tells the corpus from the others with the highest MCC.
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
