import StudyFile

/// What an analysis wants to read of the model. The needs of all analyses are merged before the
/// model runs once.
package struct Needs: Sendable {
  /// Columns: one number for each token of a class.
  package var columns: Set<ColumnNeed> = []
  /// Neurons whose activations over the probe documents are kept, besides the candidates'.
  package var probed: Set<NeuronReference> = []
  /// A scan of every neuron of every layer over all tokens of some documents.
  package var scan: ScanNeed?
  /// Short texts that are run alone.
  package var texts: Set<TextRun> = []

  package init(
    columns: Set<ColumnNeed> = [], probed: Set<NeuronReference> = [], scan: ScanNeed? = nil,
    texts: Set<TextRun> = []
  ) {
    self.columns = columns
    self.probed = probed
    self.scan = scan
    self.texts = texts
  }

  /// Adds another analysis's needs. At most one scan is kept: the first.
  package mutating func formUnion(_ other: Needs) {
    columns.formUnion(other.columns)
    probed.formUnion(other.probed)
    scan = scan ?? other.scan
    texts.formUnion(other.texts)
  }

  /// Every class whose documents have to be run.
  package var corpora: Set<CorpusReference> { Set(columns.map(\.corpus)) }

  /// The passes that read a class's columns: the clean one and the ablated one, as needed.
  package func passes(of corpus: CorpusReference, _ settled: Settled) -> [Pass] {
    var passes: [Run: Set<Readout>] = [:]
    for need in columns where need.corpus == corpus {
      let column = settled.pass(need.quantity, of: corpus)
      passes[column.run, default: []].insert(column.readout)
    }
    return Run.allCases.compactMap { run in
      passes[run].map { settled.pass(run, of: corpus, reading: $0) }
    }
  }
}

/// Whether the studied neuron is ablated.
package enum Run: Sendable, Hashable, CaseIterable {
  case clean
  /// The studied neuron is ablated at every position, as in the notebook.
  case ablated
}

/// A wanted column: one number for each token of a class.
package struct ColumnNeed: Sendable, Hashable {
  package enum Quantity: Sendable, Hashable {
    /// The loss of predicting the next token, in nats.
    case loss(Run)
    /// hook_post of a neuron of the study's layer, in the clean run.
    case activation(NeuronReference)
  }

  package let corpus: CorpusReference
  package let quantity: Quantity

  package init(_ quantity: Quantity, of corpus: CorpusReference) {
    self.corpus = corpus
    self.quantity = quantity
  }
}
