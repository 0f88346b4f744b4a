import Study

/// Every analysis, in the order in which `findings.json` and a report hold them.
package enum Registry {
  package static let all: [any Analysis] = [
    Examples(), ActivationHistogram(), Languages(), SparseProbe(), NeuronAccuracy(), ProbeSweep(),
    Ablation(), AblationControls(), Effects(), NeuronLogits(), LogitAttribution(),
    WeightSimilarity(), Downstream(), Upstream(), Positions(), PositionResponse(), Prompts(),
    Objections(),
  ]
}

extension Analysis {
  package var id: String { Self.id }
}

extension Registry {
  /// What all analyses together want to see of a study.
  package static func needs(of study: ResolvedStudy) -> Needs {
    all.reduce(into: Needs()) { $0.formUnion($1.needs(study)) }
  }
}
