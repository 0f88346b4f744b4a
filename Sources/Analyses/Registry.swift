import Study

/// Every analysis, in the order in which `findings.json` and a report hold them.
package enum Registry {
  package static let all: [any Analysis] = [
    SparseProbe(), NeuronAccuracy(), ActivationHistogram(), Ablation(), LogitAttribution(),
    WeightSimilarity(), Downstream(), Positions(), Prompts(),
  ]
}

extension Analysis {
  package var id: String { Self.id }
}
