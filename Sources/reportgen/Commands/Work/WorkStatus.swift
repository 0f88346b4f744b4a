import ArgumentParser
import Diagnostics
import Pipeline

/// `reportgen work status`: says what is done, from the names and times of files alone.
struct WorkStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Says what is done of some work, at what rate, and how long the rest takes.",
    discussion: """
      It looks at the names and times of parts and opens none. The other options print one number or name a line, for scripts.
      """)

  @Argument(help: "The folder of the work.", completion: .directory)
  var folder: String

  @Flag(help: "Print the names of the passes, in their order.")
  var passes = false

  @Option(help: ArgumentHelp("Print the units of a pass that are missing.", valueName: "pass"))
  var missing: String?

  @Option(help: ArgumentHelp("Print the number of units of a pass.", valueName: "pass"))
  var count: String?

  @Option(
    help: ArgumentHelp("Print the megabytes that a unit of a pass needs.", valueName: "pass"))
  var memory: String?

  @Option(
    help: ArgumentHelp("Print the minutes to ask for a unit of a pass.", valueName: "pass"))
  var minutes: String?

  @Option(
    help: ArgumentHelp(
      "Print the passes that have to be complete before a pass.", valueName: "pass"))
  var after: String?

  @OptionGroup var output: JSONArgument

  func validate() throws {
    let named = [missing, count, memory, minutes, after].count { $0 != nil }
    if named + (passes ? 1 : 0) + (output.isJSON ? 1 : 0) > 1 {
      throw ValidationError("Give one of the options at a time.")
    }
  }

  func run() throws {
    let work = try WorkFolder(folder)
    let manifest = work.manifest
    if passes {
      try print(manifest.passes.map(\.name))
    } else if let missing {
      let pass = try manifest.pass(missing)
      try print(
        work.progress().first { $0.pass == pass.name }?.missing.map(String.init) ?? [])
    } else if let count {
      try print(["\(try manifest.pass(count).units.count)"])
    } else if let memory {
      try print(["\((try manifest.pass(memory).memory + 999_999) / 1_000_000)"])
    } else if let minutes {
      try print(["\(try manifest.pass(minutes).minutes)"])
    } else if let after {
      try print(try manifest.pass(after).after)
    } else if output.isJSON {
      try WorkStatusDocument(work).write()
    } else {
      try StandardOutput.writeLine(WorkStatusDocument(work).description)
    }
  }

  private func print(_ lines: [String]) throws {
    for line in lines { try StandardOutput.writeLine(line) }
  }
}
