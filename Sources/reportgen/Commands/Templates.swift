import ArgumentParser
import SiteRenderer
import Storage

/// `reportgen templates`: writes the program's templates into a folder, where they can be changed.
struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the templates, style sheet and script that pages are made from.",
    discussion: """
      Change what you like, delete the rest, and give the folder to --templates. README.md in it \
      explains every variable.
      """)

  @Option(
    help: ArgumentHelp("The folder to write; files in it are never overwritten.", valueName: "dir"),
    completion: .directory)
  var export: String

  func run() throws {
    try CommandPaths.checkOutsideSites(export)
    let files = try TemplateLibrary.exported()
    try NewFiles.write(files, into: export)
    try StandardOutput.writeLine(
      "Wrote \(files.count) files. Next: reportgen render --templates \(export)")
  }
}
