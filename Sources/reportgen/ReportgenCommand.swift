import ArgumentParser
import Storage

/// `reportgen`: the root command, which lists its subcommands.
struct ReportgenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reportgen",
    abstract: "Runs the study of a neuron in a language model and publishes it as a static site.",
    discussion: """
      A study is a YAML file; `reportgen init NAME` writes one to start from. Without any, the \
      demo is built: the Dutch neuron of a small model that the program carries.

      Exit codes: 0 done, 1 an expectation failed, 2 the command line or the study file is wrong, \
      3 bad input data, 4 reading, writing or memory failed or a file passed its size budget, 6 the site is being built by another \
      process, 7 work of other processes is not complete.
      """,
    version: ProgramVersion.current,
    subcommands: [
      Build.self, AtlasCommand.self, Init.self, Plan.self, ShowCorpora.self, Render.self,
      Check.self, Verify.self,
      Summary.self, Compare.self, Activations.self, Tokens.self, Models.self, Templates.self,
      Cache.self, WorkCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: nil)

  @Flag(
    name: [.customLong("licences"), .customLong("licenses")],
    help: "Show the licences of the program and of all its parts.")
  var showsLicences = false

  func run() throws {
    guard showsLicences else { throw CleanExit.helpRequest(self) }
    for name in ["licences.txt", "LICENSE"] {
      guard let file = try Folder.embedded.file("licences/" + name) else { continue }
      try StandardOutput.write(file.withBytes { String(decoding: $0, as: UTF8.self) })
    }
  }
}
