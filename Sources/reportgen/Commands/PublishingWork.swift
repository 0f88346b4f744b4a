import Diagnostics
import Pipeline
import Reporting
import Storage
import StudyFile

/// Runs studies and atlases and publishes them, for the commands that do.
struct PublishingWork {
  let files: [NamedFile]
  let corporaFolder: String?
  let limits: RunLimits
  let site: SiteArguments
  let environment: [String: String]
  let cache: ContentCache?
  let progress: ProgressLine
  /// The file for a report as one page, and the one for every token's activation.
  var singleFile: OutputFile?
  var activations: String?
  /// Whether the studies are those of an atlas's neurons, which are no files.
  var comesFromAtlas = false
  /// The work of other processes, where their findings are rendered and no model is run.
  var rendering: WorkFolder?

  /// Publishes one after the other, and prints the path of each page.
  ///
  /// - Throws: `Diagnostic`, before anything is computed if paths conflict or cannot be written.
  func run() throws {
    try checkPaths()
    let publisher = try site.publisher(environment, cache: cache)
    for file in files {
      switch file {
      case .study(let file): try publisher.prepare(slug: file.slug)
      case .atlas(let file): try publisher.prepare(atlas: file.slug)
      }
    }
    var unwritten: (any Error)?
    for file in files {
      let page = try publish(file, by: publisher)
      // A page whose path cannot be printed does not keep the others from being published.
      do {
        try StandardOutput.writeLine(page)
      } catch {
        unwritten = error
      }
    }
    if let unwritten { throw unwritten }
  }

  /// - Returns: the path of the page.
  private func publish(_ file: NamedFile, by publisher: SitePublisher) throws -> String {
    switch file {
    case .study(let file):
      progress.announce("\(file.title)")
      var run = try StudyRun(
        file, corporaFolder: corporaFolder, limits: limits, activations: activations,
        environment: environment, cache: cache, progress: progress)
      run.rendering = rendering.map(WorkOutcome.init)
      for note in run.study.modelNotes { progress.announce("Note: \(note)") }
      try run.publish(by: publisher, singleFile: singleFile).faults.forEach(Messages.error)
      return site.pagePath(file.slug)
    case .atlas(let file):
      progress.announce("\(file.title)")
      var run = try AtlasRun(
        file, corporaFolder: corporaFolder, limits: limits, environment: environment, cache: cache,
        progress: progress)
      run.rendering = rendering.map(WorkOutcome.init)
      for note in run.atlas.notes { progress.announce("Note: \(note)") }
      try run.publish(by: publisher).faults.forEach(Messages.error)
      return site.atlasPath(file.slug)
    }
  }

  /// Refuses paths that cannot be written or that conflict with each other.
  private func checkPaths() throws {
    var paths = CommandPaths()
    var studies = 0
    for file in files {
      switch file {
      case .study(let file):
        studies += 1
        // The study of an atlas's neuron is no file: the atlas may lie in the site.
        for input in file.inputs(corporaFolder: corporaFolder)
        where !comesFromAtlas || input.path != file.origin.file {
          paths.reads(input.path, as: input.name)
        }
      case .atlas(let file): paths.reads(file, corporaFolder: corporaFolder)
      }
    }
    site.declare(in: &paths)
    if let rendering {
      paths.keeps(rendering.folder, as: "--work")
    } else if let cache {
      paths.keeps(cache.folder, as: "the cache")
    }
    if let singleFile {
      try paths.writes(singleFile, for: SingleFileArgument.option, reports: studies)
    }
    if let activations {
      try paths.writes(
        ActivationExport.file(activations), for: "--export-activations", reports: studies)
    }
    try paths.check()
  }
}
