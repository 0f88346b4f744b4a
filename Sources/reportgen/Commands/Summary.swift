import ArgumentParser
import Diagnostics
import Reporting
import SiteRenderer
import Storage

/// `reportgen summary`: writes a report as a comment for a pull request.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a report or an atlas as a comment for a pull request.",
    discussion: """
      The first line is a mark, <!-- reportgen:NAME -->, by which a job finds the comment to update.
      """)

  @Argument(help: "The report's or atlas's folder, or its findings.json.", completion: .file())
  var report: String

  @Option(
    help: ArgumentHelp("The report or atlas to compare with.", valueName: "report"),
    completion: .file())
  var base: String?

  @Option(
    help: ArgumentHelp("Where its folder is published, for links.", valueName: "url"))
  var linkBase: String?

  @Option(
    help: ArgumentHelp(
      "The findings.json that the links show; the comment says when it holds other numbers.",
      valueName: "findings.json"), completion: .file())
  var committed: String?

  func run() throws {
    let summary = try PublishedWork(at: report).summary(
      base: try base.map { try PublishedWork(at: $0) }, basePath: base ?? "",
      linkBase: try linkBase.map { try LinkBase($0) },
      committed: try committed.map { try FileBytes(reading: $0).sha256 })
    try StandardOutput.write(summary)
  }
}

/// `reportgen compare`: shows what changed between two reports.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Says what changed between two reports or two atlases; exit code 1 when an expectation fails."
  )

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case markdown, html, json
  }

  @Argument(
    help: "The report or atlas before: its folder, or its findings.json.", completion: .file())
  var base: String

  @Argument(help: "The one after.", completion: .file())
  var head: String

  @Option(help: "How to say it.")
  var format = Format.markdown

  @OptionGroup var output: JSONArgument

  func run() throws {
    let comparison = try PublishedWork(at: head).comparison(
      base: try PublishedWork(at: base), basePath: base)
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
