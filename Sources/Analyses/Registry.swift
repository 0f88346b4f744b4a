import Passes
import StudyFile

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
  /// The analyses that a study wants.
  package static func analyses(of file: StudyFile) -> [any Analysis] {
    all.filter { file.isOn($0.id) }
  }

  /// What each analysis that a study wants would compute besides the sweep if it were the only one,
  /// where that is anything.
  package static func operations(
    of study: ResolvedStudy
  ) -> [(id: String, operations: OperationCount)] {
    analyses(of: study.file).compactMap { analysis in
      let shown = study.showing(analysis.parts, settings: type(of: analysis).settings)
      var ledger = PassLedger(of: study.architecture)
      var operations = ledger.wave(analysis.passes(Settled(planning: shown)))
        .operations(of: study.architecture)
      operations += analysis.operations(shown)
      return operations.total > 0 ? (analysis.id, operations) : nil
    }
  }

  /// The passes that analyses want, as far as they are known.
  static func passes(of analyses: [any Analysis], _ evidence: Evidence) -> [Pass] {
    analyses.flatMap { analysis in
      analysis.passes(
        evidence.showing(analysis.parts, settings: type(of: analysis).settings).settled)
    }
  }

  /// What all of a study's analyses together run, passes that several want counted once.
  package static func wave(of study: ResolvedStudy) -> Wave {
    var ledger = PassLedger(of: study.architecture)
    return ledger.wave(
      analyses(of: study.file).flatMap { analysis in
        analysis.passes(
          Settled(
            planning: study.showing(analysis.parts, settings: type(of: analysis).settings)))
      })
  }

  /// What all of a study's analyses together want to see of it, or those of a list.
  package static func needs(
    of study: ResolvedStudy, by analyses: [any Analysis]? = nil
  ) -> Needs {
    (analyses ?? Self.analyses(of: study.file)).reduce(into: Needs()) { needs, analysis in
      let shown = study.showing(analysis.parts, settings: type(of: analysis).settings)
      needs.formUnion(analysis.needs(shown))
    }
  }
}
