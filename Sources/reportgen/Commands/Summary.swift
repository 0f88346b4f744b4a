import ArgumentParser
import Diagnostics
import Reporting
import SiteRenderer
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `reportgen summary`: writes a report as a comment for a pull request.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a report as a comment for a pull request.",
    discussion: """
      The first line is a mark, <!-- reportgen:NAME -->, by which a job finds the comment to update.
      """)

  @Argument(help: "The report's folder, or its findings.json.", completion: .file())
  var report: String

  @Option(
    help: ArgumentHelp("The report to compare with.", valueName: "report"), completion: .file())
  var base: String?

  @Option(
    help: ArgumentHelp("Where the report's folder is published, for links.", valueName: "url"))
  var linkBase: String?

  @Option(
    help: ArgumentHelp(
      "The findings.json that the links show; the comment says when it holds other numbers.",
      valueName: "findings.json"), completion: .file())
  var committed: String?

  func run() throws {
    let summary = PullRequestSummary(
      try Report(at: report), base: try base.map { try Report(at: $0) },
      linkBase: try linkBase.map { try LinkBase($0) },
      committed: try committed.map { try FileBytes(reading: $0).sha256 })
    try StandardOutput.write(summary.markdown)
  }
}

/// `reportgen compare`: shows what changed between two reports.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what changed between two reports; exit code 1 when an expectation fails.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case markdown, html, json
  }

  @Argument(help: "The report before: its folder, or its findings.json.", completion: .file())
  var base: String

  @Argument(help: "The report after.", completion: .file())
  var head: String

  @Option(help: "How to say it.")
  var format = Format.markdown

  @OptionGroup var output: JSONArgument

  func run() throws {
    let comparison = ReportComparison(
      base: try Report(at: base), head: try Report(at: head), basePath: base)
    let text =
      switch output.isJSON ? .json : format {
      case .markdown: comparison.markdown
      case .html: PageBuilder(templates: try TemplateLibrary()).page(comparison)
      case .json: try comparison.json
      }
    try StandardOutput.write(text)
    if !comparison.holds { throw ExitCode(Diagnostic.Kind.expectation.rawValue) }
  }
}

extension Report {
  /// Reads the published report in the folder `path`, or the findings file `path`.
  init(at path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      self.init(try FindingsFile(reading: FileBytes(reading: path)))
      return
    }
    try SitePublisher.checkIsReport(path, holding: FindingsFile.name)
    self.init(try FindingsFile(reading: FileBytes(reading: path + "/" + FindingsFile.name)))
    // A folder without it, or with one of another version, is compared all the same.
    made = try? Provenance(reading: path + "/" + Provenance.name)
  }
}
