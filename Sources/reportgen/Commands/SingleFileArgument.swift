import ArgumentParser
import Reporting
import Storage

/// `--single-file`: the report as one page that needs no other file.
struct SingleFileArgument: ParsableArguments {
  @Option(
    name: .customLong("single-file"),
    help: ArgumentHelp(
      "Also write the report as one page with styles and charts inside.", valueName: "out.html"),
    completion: .file())
  var path: String?

  static let option = "--single-file"

  var file: OutputFile? { path.map { OutputFile($0, mark: PageBuilder.singleFileMark) } }

  /// The page, if `--single-file` is given.
  func page(_ report: Report, _ publisher: SitePublisher) throws -> String? {
    try path.map { _ in try publisher.pages.singleFile(report) }
  }

  func write(_ page: String?) throws {
    guard let file, let page else { return }
    try file.write(page)
  }
}
