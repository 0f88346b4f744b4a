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
  /// The analyses that a study can leave out.
  package static func optional(_ analyses: [any Analysis] = all) -> [any Analysis] {
    analyses.filter { type(of: $0).isOptional }
  }

  /// The analyses that a study runs.
  package static func analyses(of file: StudyFile) -> [any Analysis] {
    all.filter { file.isOn($0.id) }
  }

  /// The operations that each of a study's analyses would need if it ran alone, besides the columns
  /// of classes; analyses that need none are left out.
  package static func operations(
    of study: ResolvedStudy
  ) -> [(id: String, operations: OperationCount)] {
    analyses(of: study.file).compactMap { analysis in
      let shown = study.showing(analysis.parts, settings: type(of: analysis).settingsRead)
      var ledger = PassLedger(of: study.architecture)
      var operations = ledger.wave(analysis.passes(Settled(planning: shown)))
        .operations(of: study.architecture)
      if let scan = analysis.needs(shown).scan?.scan {
        operations += scan.operations(of: study.architecture)
      }
      return operations.total > 0 ? (analysis.id, operations) : nil
    }
  }

  /// The passes that analyses want, as far as they are known.
  static func passes(of analyses: [any Analysis], _ evidence: Evidence) -> [Pass] {
    analyses.flatMap { analysis in
      analysis.passes(
        evidence.showing(analysis.parts, settings: type(of: analysis).settingsRead).settled)
    }
  }

  /// The plan of all of a study's analyses together; passes that several analyses want count once.
  package static func plan(_ sweep: Sweep) -> SweepPlan {
    let study = sweep.study
    return sweep.plan(
      analyses(of: study.file).flatMap { analysis in
        analysis.passes(
          Settled(
            planning: study.showing(analysis.parts, settings: type(of: analysis).settingsRead)))
      })
  }

  /// The memory in bytes that a build needs, estimated from sizes alone: weights, each worker's
  /// scratch, what passes read, texts and tokens, and the program with its pages.
  package static func memoryBytes(_ sweep: Sweep) -> Int {
    let (plan, study) = (plan(sweep), sweep.study)
    let rows = study.corpora.all.reduce(0) { $0 + study.documents(of: .named($1.name)).rows }
    let probed = study.probed.rows
    let columns = 4 * (study.file.probe.candidates + study.file.probe.k) * probed
    // A worker holds a tile of columns while it judges or fits them, and a forward pass while it
    // runs one.
    let tile = max(plan.scanBytes.perWorker, 2 * 64 * 4 * probed)
    return study.checkpoint.bytes(sweep.residency) + sweep.workers * max(plan.scratchBytes, tile)
      + plan.outcomeBytes + columns + plan.scanBytes.found + 40_000_000 + 100 * rows
  }

  /// The needs of all of a study's analyses, or of those in a list.
  package static func needs(
    of study: ResolvedStudy, by analyses: [any Analysis]? = nil
  ) -> Needs {
    (analyses ?? Self.analyses(of: study.file)).reduce(into: Needs()) { needs, analysis in
      let shown = study.showing(analysis.parts, settings: type(of: analysis).settingsRead)
      needs.formUnion(analysis.needs(shown))
    }
  }
}
