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
  /// Refuses a value of the environment's variable that this program or processor cannot follow: it would
  /// quietly compute by other kernels.
  ///
  /// - Throws: `Diagnostic` of kind `.study`.
  static func check(_ environment: [String: String]) throws {
    guard let name = environment[variable] else { return }
    guard let profile = Self(rawValue: name) else {
      throw Diagnostic(
        .study, file: variable, expected: allCases.map(\.rawValue).joined(separator: ", "),
        found: "\"\(name.prefix(80))\"", advice: "Name one of them, or unset the variable.")
    }
    try profile.checkAvailable()
  }

  /// - Throws: `Diagnostic` of kind `.study` if the processor or its OpenBLAS cannot compute by it.
  private func checkAvailable() throws {
    guard isAvailable else {
      throw Diagnostic(
        .study, file: "numerics", expected: "a processor that can run \(rawValue)",
        found: "one that can run \(Self.widest.rawValue)",
        advice: "Use another machine, or \(Self.widest.rawValue), under which digits differ.")
    }
  }

  /// Goes on under this profile; where the process runs under another, it starts again.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if the processor cannot, of kind `.data` if OpenBLAS has not
  ///   followed.
  func enter(_ environment: [String: String]) throws {
    try checkAvailable()
    if environment[Self.variable] == rawValue {
      if let core, !MatrixProduct.library.contains("(\(core))") {
        throw Diagnostic(
          .data, file: "OpenBLAS", expected: "kernels of the profile \(rawValue), \(core)",
          found: MatrixProduct.library,
          advice: "Install an OpenBLAS with kernels for all processors (DYNAMIC_ARCH).")
      }
      return
    }
    // OpenBLAS and the kernels read the profile when they are loaded.
    setenv(Self.variable, rawValue, 1)
    if let path = ProgramFile.path { execv(path, CommandLine.unsafeArgv) }
    throw Diagnostic(
      .resources, file: "reportgen", expected: "to start again under \(rawValue)",
      found: String(cString: strerror(errno)),
      advice: "Start it with \(Self.variable)=\(rawValue).")
  }

  /// What OpenBLAS calls the profile's kernels; nil on a processor for which it has no profiles.
  private var core: String? {
    #if arch(x86_64)
      switch self {
      case .avx512: "SkylakeX"
      case .avx2: "Haswell"
      case .portable: "Prescott"
      }
    #else
      nil
    #endif
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
