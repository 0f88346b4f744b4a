import ArgumentParser
import Diagnostics
import Foundation
import Reporting

/// `--single-file`: the report as one page that needs no other file.
struct SingleFileArgument: ParsableArguments {
  @Option(
    name: .customLong("single-file"),
    help: ArgumentHelp(
      "Also write the report as one page with styles and charts inside.", valueName: "out.html"))
  var path: String?

  /// Refuses, before anything is computed, what could not be written.
  func check(reports: Int) throws {
    if let path { try OutputPath.check(path, option: "--single-file", reports: reports) }
  }

  /// The page, where one is asked for.
  func page(_ report: Report, _ publisher: SitePublisher) throws -> String? {
    try path.map { _ in try publisher.pages.singleFile(report) }
  }

  func write(_ page: String?) throws {
    guard let path, let page else { return }
    do {
      try Data(page.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Diagnostic(
        .resources, file: path, expected: "a file that can be written",
        found: error.localizedDescription, advice: "Check the folder and its permissions.")
    }
  }
}
