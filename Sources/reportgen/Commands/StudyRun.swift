import Analyses
import Files
import Foundation
import LanguageModel
import Reporting
import Study

/// One run of a study, from its files to its findings.
struct StudyRun {
  let findings: FindingsFile
  let provenance: Provenance

  /// - Throws: `Diagnostic`.
  init(
    _ file: StudyFile, corporaFolder: String?, limits: RunLimits, environment: [String: String],
    progress: ProgressLine
  ) throws {
    var clock = PhaseClock()
    let study = try clock.time("reading") {
      try ResolvedStudy(file, corporaFolder: corporaFolder, environment: environment)
    }
    var sweep = Sweep(study, needs: Registry.needs(of: study), environment: environment)
    if let threads = limits.threads { sweep.workers = threads }
    try limits.check(sweep.memoryBytes, of: study.source.name)
    let model = try clock.time("loading the model") {
      try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    }
    let evidence = try clock.time("running the model") {
      try sweep.run(in: model) { progress.update($0) }
    }
    progress.finish()
    findings = try FindingsFile(
      Findings(evidence) { id, run in try clock.time("analysing: " + id, run) })
    provenance = Provenance(study, sweep: sweep, clock: clock)
    // The provenance gives the checksum of the bytes that were used.
    try study.checkpoint.checkUnchanged()
  }
}
