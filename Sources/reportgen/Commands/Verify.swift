import ArgumentParser
import Atlas
import AtlasPages
import Diagnostics
import JSON
import Passes
import Pipeline
import Reporting
import Storage
import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen verify`: checks a report or an atlas against its checksums and, on request, against its
/// study.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks every file of a report or an atlas against its recorded checksum.",
    discussion: """
      With --rerun the study is run again, without the cache, and every number of findings.json compared: integers must \
      be equal, other numbers may differ by 1e-4, or by 1e-4 of a number above 1. \
      Exit code 3 when a file or a number differs.
      """)

  @Argument(help: "The report's or atlas's folder.", completion: .directory)
  var report: String

  @Flag(help: "Run the study again and compare the numbers.")
  var rerun = false

  @Option(
    help: ArgumentHelp("The study file, when it is not where the report's build found it."),
    completion: .file(extensions: ["yml", "yaml"]))
  var study: String?

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp("The folder that relative corpus paths start at.", valueName: "folder"),
    completion: .directory)
  var corporaFolder: String?

  @OptionGroup var limits: LimitArguments
  @OptionGroup var quiet: QuietArgument
  @OptionGroup var output: JSONArgument

  func run() throws {
    try SitePublisher.checkIsReport(report, holding: Provenance.name)
    let integrity = try ReportIntegrity(of: report)
    if output.isJSON {
      let isRun = rerun && integrity.faults.isEmpty
      let comparison = isRun ? try compare(integrity.provenance) : nil
      try VerifyDocument(integrity, rerun: comparison).write()
      try check(integrity)
      if let comparison { try check(comparison) }
      return
    }
    for fault in integrity.faults {
      try StandardOutput.writeLine("\(fault.kind.rawValue)  \(fault.path)")
    }
    try check(integrity)
    try StandardOutput.writeLine("\(integrity.files) files are as they were published.")
    guard rerun else { return }
    let comparison = try compare(integrity.provenance)
    try check(comparison)
    try StandardOutput.writeLine(
      "\(comparison.numbers) numbers are the study's; the largest difference is "
        + PrintedNumber.text(comparison.largest, .general, digits: 2) + ".")
  }

  private func check(_ integrity: ReportIntegrity) throws {
    if let first = integrity.faults.first {
      throw Diagnostic(
        .data, file: report, field: first.path,
        expected: "the \(integrity.files) files that were published",
        found: "\(integrity.faults.count) changed, missing or extra",
        advice: "`reportgen build` makes the report again; `reportgen render` its pages.")
    }
  }

  private func check(_ comparison: FindingsComparison) throws {
    if let first = comparison.faults.first {
      throw Diagnostic(
        .data, file: report + "/" + FindingsFile.name, field: first.address,
        expected: "\(first.found), which the study gives now",
        found: "\(first.expected); \(comparison.faults.count) differences in all",
        advice: "Look for another model, corpus or version in provenance.json.")
    }
  }

  /// Runs the study again.
  private func compare(_ provenance: Provenance) throws -> FindingsComparison {
    let findings = try FileBytes(reading: report + "/" + FindingsFile.name)
    let json = try JSON(parsing: findings)
    if AtlasFindingsFile.isAtlas(json) { return try compare(json, provenance) }
    let published = try FindingsFile(reading: findings)
    let file = try studyFile(provenance)
    let progress = ProgressLine(isQuiet: quiet.quiet)
    progress.announce("\(file.title)")
    let rerun = try StudyRun(
      file, corporaFolder: corporaFolder, limits: limits.limits,
      environment: ProcessInfo.processInfo.environment, cache: nil, progress: progress
    ).outcome()
    return FindingsComparison(published: published, rerun: rerun.findings)
  }

  /// Runs the atlas again.
  private func compare(_ published: JSON, _ provenance: Provenance) throws -> FindingsComparison {
    let file = try atlasFile(provenance)
    let progress = ProgressLine(isQuiet: quiet.quiet)
    progress.announce("\(file.title)")
    let rerun = try AtlasRun(
      file, corporaFolder: corporaFolder, limits: limits.limits,
      environment: ProcessInfo.processInfo.environment, cache: nil, progress: progress
    ).outcome()
    return FindingsComparison(published: published, rerun: rerun.findings.json)
  }

  /// The file that the atlas was built from.
  private func atlasFile(_ provenance: Provenance) throws -> AtlasFile {
    let path = study ?? provenance.study.path
    let builtIn = BuiltInAtlas.allCases.first { "builtin:studies/\($0.rawValue).yml" == path }
    let file =
      try builtIn.flatMap { try BuiltInAtlas.named($0.rawValue) } ?? AtlasFile(reading: path)
    guard file.origin.sha256 == provenance.study.sha256 else {
      throw Diagnostic(
        .data, file: path, expected: "the atlas's file as it was built, \(provenance.study.sha256)",
        found: file.origin.sha256, advice: "Name that file with --study FILE.")
    }
    return file
  }

  /// The study that the report was built from.
  private func studyFile(_ provenance: Provenance) throws -> StudyFile {
    let builtIn = "builtin:studies/"
    let path = study ?? provenance.study.path
    if path.hasPrefix(builtIn), path.hasSuffix(".yml"),
      let file = try BuiltInStudy.named(String(path.dropFirst(builtIn.count).dropLast(4)))
    {
      return file
    }
    let file = try NeuronStudy.file(named: path) ?? StudyFile(reading: path)
    guard file.origin.sha256 == provenance.study.sha256 else {
      throw Diagnostic(
        .data, file: path, expected: "the study that was built, \(provenance.study.sha256)",
        found: file.origin.sha256, advice: "Name that study with --study FILE.")
    }
    return file
  }
}
