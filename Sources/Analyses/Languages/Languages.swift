import Passes
import Statistics
import StudyFile

/// How the studied neuron classifies every corpus against all others together, and which neuron of
/// the layer does so best for each corpus.
package struct Languages: Analysis {
  package static let id = "languages"
  package static let question =
    "What does it do on each corpus, and which neuron of the layer tells each best?"
  package static let answers: Set<KnownObjection> = [.lumpedLanguages]
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] { [Self.pass(settled.study)] }

  /// The pass that reads the layer on the measuring documents of every corpus, the target's first.
  private static func pass(_ study: ResolvedStudy) -> Pass {
    Pass(
      DocumentSet(
        samples(study).map { $0.documents.map(\.ids) }.flatMap(\.self), front: study.front),
      reading: [.post(layer: study.layer)])
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, engine, pass) = (evidence.study, evidence.engine, Self.pass(evidence.study))
    try engine.run([pass])
    return try Self.result(
      neuron: evidence.neuron,
      corpora: zip(Self.names(study), Self.samples(study)).map { name, sample in
        (name, sample.size, sample.documents.map { $0.ids.count - study.front })
      }, columns: engine.activations(of: pass.documents, layer: study.layer),
      workers: engine.workers)
  }

  private static func names(_ study: ResolvedStudy) -> [String] {
    [study.file.target] + study.file.other
  }

  private static func samples(_ study: ResolvedStudy) -> [DocumentSample] {
    names(study).map { DocumentSample(of: .named($0), in: study) }
  }

  /// - Parameters:
  ///   - corpora: each corpus's name, sample, and number of tokens of each document
  ///   - columns: every neuron's activations over all tokens
  private static func result(
    neuron: NeuronAddress,
    corpora: [(name: String, size: DocumentSample.Size, tokens: [Int])],
    columns: LayerActivations, workers: Int
  ) throws -> Result {
    let judge = OneVersusRest(corpora.map(\.tokens))
    let rows = try columns.map(workers: workers) { judge.row($0, $1) }
    let values = try columns.values(of: [neuron.neuron])[0]
    let own = rows[neuron.neuron]
    return Result(
      layer: neuron.layer, neuron: neuron.neuron,
      corpora: corpora.enumerated().map { index, corpus in
        let best = topIndices(by: rows.map { $0.mcc[index] }, count: 1).first ?? 0
        return Result.CorpusActivations(
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
    /// The corpora, the target first, then in the study's order.
    package var corpora: [CorpusActivations]

    package struct CorpusActivations: Codable, Sendable, Equatable {
      package var name: String
      /// The number of documents; below, that of their tokens without BOS.
      package var documents: Int
      package var tokens: Int
      /// How the documents were drawn; absent in findings of earlier versions.
      package var sample: DocumentSample.Size?
      /// The studied neuron's mean; below, its quantiles (5, 25, 50, 75 and 95 %), and its MCC for
      /// this corpus against the others.
      package var mean: Double
      package var quantiles: [Double?]
      package var mcc: Double
      /// The neuron of the layer with the highest MCC for this corpus against the others.
      package var best: Row
    }

    /// A neuron's MCC and mean on every corpus, in the order of the corpora.
    package struct Row: Codable, Sendable, Equatable {
      package var neuron: Int
      package var mcc: [Double]
      package var means: [Double]
    }
  }
}
