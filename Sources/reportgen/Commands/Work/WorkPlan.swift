import ArgumentParser
import Diagnostics
import LinearAlgebra
import Pipeline
import Storage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen work plan`: divides work into units.
struct WorkPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Divides a study or an atlas into units and writes them into a folder.",
    discussion: """
      The folder must be one that all machines see; paths are kept as they are given, so run everything \
      from the same folder. Planning the same work again changes nothing.
      """)

  @Argument(help: "A study or an atlas: a file, or a built-in one.", completion: .file())
  var study: String

  @Option(
    help: ArgumentHelp("The folder of the work.", valueName: "folder"), completion: .directory)
  var work: String

  @Option(help: "The kernels that all machines use; those of this processor unless given.")
  var numerics: NumericsProfile?

  @Option(
    name: .customLong("unit-minutes"),
    help: "The minutes of a unit, at 100 GFLOP/s: two cores of an ordinary machine.")
  var unitMinutes = 20.0

  @Option(
    name: .customLong("corpora"),
    help: ArgumentHelp("The folder that relative corpus paths start at.", valueName: "folder"),
    completion: .directory)
  var corporaFolder: String?

  @Option(
    help: ArgumentHelp("A model instead of the study's.", valueName: "model"), completion: .file())
  var model: String?

  @OptionGroup var limits: LimitArguments
  @OptionGroup var output: JSONArgument

  func validate() throws {
    guard unitMinutes > 0, unitMinutes <= 100_000 else {
      throw ValidationError("--unit-minutes takes a number from 0 to 100000, found \(unitMinutes).")
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let file = try StudyArguments.named([study], corporaFolder: corporaFolder, model: model)[0]
    var paths = CommandPaths()
    switch file {
    case .study(let file): paths.reads(file, corporaFolder: corporaFolder)
    case .atlas(let file): paths.reads(file, corporaFolder: corporaFolder)
    }
    paths.keeps(work, as: "--work")
    try paths.check()
    try CommandPaths.checkOutsideSites(work)
    var profile = numerics ?? .widest
    // A plan that stands says which kernels its parts come from.
    if numerics == nil, let known = try? WorkFolder(work) { profile = known.manifest.numerics }
    let setting = Work.Setting(folder: work, numerics: profile, unitMinutes: unitMinutes)
    let planned = try Work(
      file, corporaFolder: corporaFolder, limits: limits.limits, setting: setting,
      environment: environment)
    let kind = if case .atlas = file { "atlas" } else { "study" }
    let (folder, isKnown) = try WorkFolder.plan(
      WorkManifest(
        numerics: profile, kind: kind, study: study, model: model, corpora: corporaFolder,
        threads: limits.threads, unitMinutes: unitMinutes, inputs: planned.inputs,
        passes: planned.passes), in: work)
    try planned.keepShared()
    if output.isJSON {
      return try WorkStatusDocument(folder).write()
    }
    try StandardOutput.writeLine(folder.description(isKnown: isKnown))
  }
}

extension WorkFolder {
  /// The plan as a person reads it.
  fileprivate func description(isKnown: Bool) -> String {
    var lines = [
      "\(manifest.study) in \(folder)" + (isKnown ? ", planned before" : ""),
      "  numerics  \(manifest.numerics.rawValue)",
    ]
    for pass in manifest.passes {
      let seconds = pass.seconds
      lines.append(
        "  \(pass.name.column(8))  \(Quantity.of(pass.units.count, "unit")), "
          + "\(Quantity.operations(pass.operations)), "
          + "about \(Quantity.duration(seconds.all)) on two cores, "
          + "\(Quantity.duration(seconds.longest)) the longest, "
          + "\(Quantity.bytes(pass.memory)) each")
    }
    lines.append("Next: reportgen init --cluster slurm|snakemake|parallel FOLDER, or")
    let first = manifest.passes.first { !$0.units.isEmpty }
    lines.append("  reportgen work run \(folder) \(first?.name ?? "") --unit 0")
    return lines.joined(separator: "\n")
  }
}
