import ArgumentParser
import Diagnostics
import Pipeline

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen work run`: runs units.
struct WorkRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a unit, or several, of a pass; what stands already is not run again.",
    discussion: """
      Exit codes: 0 done, 2 the command line is wrong, 3 an input is bad or has changed since the plan, 4 \
      reading, writing or memory failed, 7 a pass before this one is not complete. 2 and 3 fail again; 4 \
      may pass with more memory.
      """)

  @Argument(help: "The folder of the work.", completion: .directory)
  var folder: String

  @Argument(help: "The pass, as `reportgen work status FOLDER --passes` names it.")
  var pass: String

  @Option(help: "A unit, from 0 on.")
  var unit: Int?

  @Option(help: ArgumentHelp("Several units.", valueName: "first-last"))
  var units: UnitRange?

  @OptionGroup var limits: LimitArguments
  @OptionGroup var output: QuietArgument

  func validate() throws {
    if (unit == nil) == (units == nil) {
      throw ValidationError("Give --unit 3, or --units 0-9.")
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let work = try WorkFolder(folder)
    _ = try work.manifest.pass(pass)
    try work.manifest.numerics.enter(environment)
    let progress = ProgressLine(isQuiet: output.quiet)
    var limits = limits.limits
    limits.threads = limits.threads ?? work.manifest.threads
    let planned = try Work(
      try work.file(), corporaFolder: work.manifest.corpora, limits: limits,
      setting: .init(
        folder: folder, numerics: work.manifest.numerics, unitMinutes: work.manifest.unitMinutes,
        notice: { progress.announce($0) }), environment: environment, progress: progress)
    try planned.check(against: work.manifest)
    let own = units?.range ?? (unit ?? 0)...(unit ?? 0)
    try planned.run(own, of: pass, in: work)
    progress.finish()
  }
}

/// A range of units, as `--units` takes it.
struct UnitRange: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else {
      return nil
    }
    range = first...last
  }
}
