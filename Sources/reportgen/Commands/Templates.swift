import ArgumentParser
import Diagnostics
import Foundation
import SiteRenderer

/// `reportgen templates`: the program's templates, to be changed.
struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the templates, style sheet and script that pages are made from.",
    discussion: """
      Change what you like, delete the rest, and give the folder to --templates. README.md in it \
      explains every variable.
      """)

  @Option(
    help: ArgumentHelp("The folder to write; files in it are never overwritten.", valueName: "dir"))
  var export: String

  func run() throws {
    let files = try TemplateLibrary.exported()
    let manager = FileManager.default
    for file in files where manager.fileExists(atPath: export + "/" + file.path) {
      throw Diagnostic(
        .study, file: export + "/" + file.path, expected: "a name that is free",
        found: "a file of this name", advice: "Name another folder, or move the file away.")
    }
    do {
      try manager.createDirectory(atPath: export, withIntermediateDirectories: true)
      for file in files {
        try Data(file.text.utf8).write(
          to: URL(filePath: export + "/" + file.path), options: .withoutOverwriting)
      }
    } catch {
      throw Diagnostic(
        .resources, file: export, expected: "a folder that can be written",
        found: error.localizedDescription, advice: "Check the folder and its permissions.")
    }
    print("Wrote \(files.count) files. Next: reportgen render --templates \(export)")
  }
}
