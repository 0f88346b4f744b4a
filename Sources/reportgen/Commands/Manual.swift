import ArgumentParser
import AtlasPages
import Diagnostics
import JSON
import Reporting
import SiteRenderer
import Storage

/// `reportgen manual`: the manual, to read, as web pages, as `man` shows it.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Prints the manual; without a page, its contents.",
    discussion: """
      `reportgen manual study` explains every key of a study file, `reportgen manual figures` every \
      figure with its formula and source, `reportgen manual commands` every command.
      """)

  @Argument(help: "A page of the manual.", completion: .list(Manual.names + ["commands"]))
  var page: String?

  @Option(
    help: ArgumentHelp("Write all pages as HTML into a new folder instead.", valueName: "folder"),
    completion: .directory)
  var html: String?

  @Option(
    help: ArgumentHelp(
      """
      Print the JSON Schema of findings.json (findings, or atlas for an atlas's) or of a command's \
      --json instead.
      """, valueName: "name"), completion: .list(["findings", AtlasSchema.name] + Manual.schemas))
  var schema: String?

  @Flag(help: "Print the manual page for `man` instead.")
  var man = false

  func validate() throws {
    let asked = [page != nil, html != nil, schema != nil, man].count { $0 }
    if asked > 1 { throw ValidationError("Give one of PAGE, --html, --schema and --man.") }
  }

  func run() throws {
    if man { return try StandardOutput.write(CommandHelp.whole().roff) }
    if let schema {
      return try StandardOutput.write(
        schema == AtlasSchema.name ? AtlasSchema.json.text : Manual.schema(schema))
    }
    let pages = try Self.pages()
    if let html { return try Self.write(pages, into: html) }
    guard let page else {
      for page in pages {
        try StandardOutput.writeLine("\(page.name.column(10)) \(page.title)")
      }
      return
    }
    guard let found = pages.first(where: { $0.name == page }) else {
      throw Diagnostic(
        .study, file: "manual", field: "PAGE",
        expected: "one of \(pages.map(\.name).joined(separator: ", "))",
        found: "\"\(page.prefix(80))\"",
        advice: NearestName.advice(page, among: pages.map(\.name)))
    }
    try StandardOutput.write(found.markdown)
  }

  static func pages() throws -> [Manual.Page] {
    try Manual.pages()
      + [Manual.Page(name: "commands", markdown: try CommandHelp.whole().markdown)]
  }

  private static func write(_ pages: [Manual.Page], into folder: String) throws {
    try CommandPaths.checkOutsideSites(folder)
    let builder = PageBuilder(templates: try TemplateLibrary())
    let list = pages.map { "- [\($0.title)](\($0.name).md)" }.joined(separator: "\n")
    let contents = Manual.Page(name: "index", markdown: "# The manual of reportgen\n\n\(list)\n")
    let files = ([contents] + pages).map {
      TextFile(path: $0.name + ".html", text: builder.page($0))
    }
    try NewFiles.write(files, into: folder)
    try StandardOutput.writeLine(folder + "/index.html")
  }
}
