import Study

/// Every analysis, in the order in which `findings.json` and a report hold them.
package enum Registry {
  package static let all: [any Analysis] = [
    Examples(), ActivationHistogram(), Languages(), SparseProbe(), NeuronAccuracy(), LayerProbes(),
    ProbeSweep(), Ablation(), AblationControls(), Comparison(), Effects(), NeuronLogits(),
    LogitAttribution(), WeightSimilarity(), Downstream(), Upstream(), Positions(),
    PositionResponse(), Prompts(), Objections(),
  ]
}

extension Analysis {
  package var id: String { Self.id }
  var parts: StudyParts { Self.parts }
}

extension Registry {
  /// What all analyses together want to see of a study, or those of a list.
  package static func needs(
    of study: ResolvedStudy, by analyses: [any Analysis] = all
  ) -> Needs {
    analyses.reduce(into: Needs()) { $0.formUnion($1.needs(study.showing($1.parts))) }
  }
}
