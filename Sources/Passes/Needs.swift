import StudyFile

/// What an analysis wants to see of the model; the needs of all are merged before it runs once.
package struct Needs: Sendable, Equatable {
  /// Numbers kept for every token of a class.
  package var columns: Set<ColumnNeed> = []
  /// Sums over the tokens of a class, of every neuron of a layer.
  package var sums: Set<SumNeed> = []
  /// Neurons whose activations over the probe documents are wanted, beside the candidates.
  package var probed: Set<NeuronReference> = []

  package init(
    columns: Set<ColumnNeed> = [], sums: Set<SumNeed> = [], probed: Set<NeuronReference> = []
  ) {
    self.columns = columns
    self.sums = sums
    self.probed = probed
  }

  package mutating func formUnion(_ other: Needs) {
    columns.formUnion(other.columns)
    sums.formUnion(other.sums)
    probed.formUnion(other.probed)
  }

  /// Every class whose documents have to be run.
  package var corpora: Set<CorpusReference> {
    Set(columns.map(\.corpus)).union(sums.map(\.corpus))
  }
}

/// Which model is run.
package enum Run: Sendable, Hashable, CaseIterable {
  case clean
  /// hook_post of the study's neuron is set to its mean over the other class, at every position.
  case ablated
}

/// One number for each token of a class.
package struct ColumnNeed: Sendable, Hashable {
  package enum Quantity: Sendable, Hashable {
    /// The loss of predicting the next token, in nats.
    case loss(Run)
    /// hook_post of a neuron of the study's layer, clean.
    case activation(NeuronReference)
  }

  package let corpus: CorpusReference
  package let quantity: Quantity

  package init(_ quantity: Quantity, of corpus: CorpusReference) {
    self.corpus = corpus
    self.quantity = quantity
  }
}

/// hook_post of every neuron of a layer, summed over the tokens after BOS.
package struct SumNeed: Sendable, Hashable {
  package let layer: Int
  package let run: Run
  package let corpus: CorpusReference

  package init(layer: Int, run: Run, of corpus: CorpusReference) {
    self.layer = layer
    self.run = run
    self.corpus = corpus
  }
}
