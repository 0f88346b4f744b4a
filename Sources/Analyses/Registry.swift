import Passes
import StudyFile

/// Every analysis, in the order in which `findings.json` and a report hold them.
package enum Registry {
  package static let all: [any Analysis] = [
    Examples(), ActivationHistogram(), Languages(), SparseProbe(), NeuronAccuracy(), LayerProbes(),
    ProbeSweep(), Ablation(), AblationControls(), Comparison(), Effects(), NeuronLogits(),
    LogitAttribution(), WeightSimilarity(), Downstream(), Upstream(), Positions(),
    PositionResponse(), Prompts(), Objections(), SetProbe(), SetExamples(), SetAblation(),
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

  /// The analyses that can be asked of a subject.
  package static func all(of subject: Subject) -> [any Analysis] {
    all.filter { type(of: $0).subjects.contains(subject) }
  }

  /// The analyses that a study runs.
  package static func analyses(of file: StudyFile) -> [any Analysis] {
    all(of: file.subject).filter { file.isOn($0.id) }
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
      let needs = analysis.needs(shown)
      if let scan = needs.scan?.scan { operations += scan.operations(of: study.architecture) }
      for text in needs.texts { operations += text.operations(of: study.architecture) }
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

  /// Memory that a build needs, from sizes alone: the program, texts and tokens, the weights, and the
  /// larger of what loading them and what running them takes besides.
  package static func memoryBytes(_ sweep: Sweep) -> Int {
    let (plan, study) = (plan(sweep), sweep.study)
    let rows = study.corpora.all.reduce(0) { $0 + study.documents(of: .named($1.name)).rows }
    let probed = study.probed.rows
    let columns = 4 * (study.file.probe.candidates + study.file.probe.k) * probed
    // A worker holds a tile of columns where it judges or fits them, a forward pass where it runs.
    let tile = max(plan.scanBytes.perWorker, KeptStreams.tileColumns * 4 * probed)
    let running =
      sweep.workers * max(plan.scratchBytes, tile) + plan.scanBytes.shared + plan.scanBytes.found
      + plan.outcomeBytes + columns
    return programBytes + 100 * rows + study.checkpoint.bytes(sweep.residency)
      + max(running, study.checkpoint.mappedBytes)
  }

  /// The program with its libraries and its pages; measured on the demo.
  private static let programBytes = 40_000_000

  /// What all of a study's analyses together want to see of it, or those of a list.
  package static func needs(
    of study: ResolvedStudy, by analyses: [any Analysis]? = nil
  ) -> Needs {
    (analyses ?? Self.analyses(of: study.file)).reduce(into: Needs()) { needs, analysis in
      let shown = study.showing(analysis.parts, settings: type(of: analysis).settingsRead)
      needs.formUnion(analysis.needs(shown))
    }
  }
}
