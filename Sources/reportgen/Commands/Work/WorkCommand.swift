import ArgumentParser
import Diagnostics
import LinearAlgebra
import Pipeline
import Storage
import StudyFile

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `reportgen work`: the verbs by which any engine runs a study or an atlas on many machines.
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Divides a study or an atlas into units that many machines can run.",
    discussion: """
      `plan` writes the units into a folder that all machines see, any engine calls `run` for each, and \
      `reportgen build STUDY --work DIR` renders what they have left; the bytes are those of one \
      machine. `reportgen init --cluster ENGINE DIR` writes a recipe, and `reportgen manual cluster` \
      explains it.
      """,
    subcommands: [WorkPlan.self, WorkRun.self, WorkMerge.self, WorkStatus.self])
}

extension NumericsProfile: ExpressibleByArgument {}

extension NumericsProfile {
  /// Goes on under this profile; where the process runs under another, it starts again.
  ///
  /// - Throws: `Diagnostic` of kind `.data` if the processor or the program cannot.
  func enter(_ environment: [String: String]) throws {
    guard isAvailable else {
      throw Diagnostic(
        .data, file: "numerics", expected: "a processor that can run \(rawValue)",
        found: "one that can run \(Self.widest.rawValue)",
        advice: "Run the unit on another machine, or plan with --numerics \(Self.widest.rawValue).")
    }
    if environment[Self.variable] == rawValue { return }
    // OpenBLAS and the kernels read the profile when they are loaded.
    setenv(Self.variable, rawValue, 1)
    if let path = ProgramFile.path { execv(path, CommandLine.unsafeArgv) }
    throw Diagnostic(
      .resources, file: "reportgen", expected: "to start again under \(rawValue)",
      found: String(cString: strerror(errno)),
      advice: "Start it with \(Self.variable)=\(rawValue).")
  }
}

extension Work {
  /// The work of a named study or atlas.
  init(
    _ file: NamedFile, corporaFolder: String?, limits: RunLimits, setting: Setting,
    environment: [String: String], progress: any RunObserver
  ) throws {
    switch file {
    case .study(let study):
      try self.init(
        study, corporaFolder: corporaFolder, limits: limits, setting: setting,
        environment: environment, progress: progress)
    case .atlas(let atlas):
      try self.init(
        atlas, corporaFolder: corporaFolder, limits: limits, setting: setting,
        environment: environment, progress: progress)
    }
  }
}

extension WorkFolder {
  /// The study or atlas that was planned.
  ///
  /// - Throws: `Diagnostic`.
  func file() throws -> NamedFile {
    try StudyArguments.named(
      [manifest.study], corporaFolder: manifest.corpora, model: manifest.model)[0]
  }
}
