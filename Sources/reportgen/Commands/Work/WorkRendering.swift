import ArgumentParser
import Diagnostics
import Pipeline
import Storage
import StudyFile

/// The option by which a build renders what other processes have found.
struct WorkArgument: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Render what the units of this folder of work have found, and compute nothing.",
      valueName: "folder"), completion: .directory)
  var work: String?
}

/// The rendering of divided work.
struct WorkRendering {
  private let work: WorkFolder
  private let file: NamedFile

  /// Checks that the work is that of the one study which is named, and complete.
  ///
  /// - Throws: `Diagnostic`; of kind `.incomplete` if a pass is not complete.
  init(_ folder: String, _ files: [NamedFile], corporaFolder: String?, model: String?) throws {
    work = try WorkFolder(folder)
    guard let file = files.first, files.count == 1 else {
      throw Diagnostic(
        .study, file: "build", field: "--work", expected: "one study", found: "\(files.count)",
        advice: "Render one folder of work at a time.")
    }
    let planned = try work.file()
    self.file = planned
    for (option, asked, own) in [
      ("--corpora", corporaFolder, work.manifest.corpora), ("--model", model, work.manifest.model),
    ] where asked != nil && asked != own {
      throw Diagnostic(
        .study, file: folder, field: option, expected: own ?? "none, as when the work was planned",
        found: asked ?? "", advice: "Leave the option out; the plan has it.")
    }
    guard planned.place == file.place else {
      throw Diagnostic(
        .study, file: folder, field: WorkManifest.name, expected: "the work of \(file.place.file)",
        found: "that of \(planned.place.file)", advice: "Name the study that was planned.")
    }
    if let first = work.progress().first(where: { !$0.missing.isEmpty }) {
      throw work.incomplete(first.pass, first.missing)
    }
  }

  /// What publishes the pages, without a model.
  func publishing(
    _ site: SiteArguments, _ environment: [String: String], _ progress: ProgressLine
  ) throws -> PublishingWork {
    let manifest = work.manifest
    var publishing = PublishingWork(
      files: [file], corporaFolder: manifest.corpora,
      // Nothing is computed, so that no limit of memory holds.
      limits: RunLimits(memory: .max), site: site, environment: environment,
      cache: WorkFolder.cache(work.folder, manifest.numerics) { progress.announce($0) },
      progress: progress)
    publishing.rendering = work
    return publishing
  }
}
