import Analyses
import Diagnostics
import SiteRenderer
import Storage
import StudyFile

/// The manual: pages that people wrote and the program carries, and pages made from the code.
package enum Manual {
  package struct Page: Sendable {
    /// The page's name: the argument of `reportgen manual NAME` and the name of its file.
    package let name: String
    package let markdown: String

    package init(name: String, markdown: String) {
      self.name = name
      self.markdown = markdown
    }

    /// The text of the first heading; the name if there is none.
    package var title: String {
      let line = markdown.split(separator: "\n").first { $0.hasPrefix("# ") }
      return line.map { String($0.dropFirst(2)) } ?? name
    }
  }

  /// The pages that people wrote, in the order of reading.
  private static let written = [
    "concepts", "verdict", "recipes", "python", "json", "atlas", "cluster",
  ]

  /// The names of the pages that need no command line.
  package static let names = written + ["study", "figures"]

  /// Every page that does not need the description of the command line.
  ///
  /// - Throws: `Diagnostic` if the program was built without a page
  package static func pages() throws -> [Page] {
    var pages = try written.map { Page(name: $0, markdown: try text($0 + ".md")) }
    pages.insert(Page(name: "study", markdown: study), at: 2)
    pages.insert(Page(name: "figures", markdown: figures), at: 3)
    return pages
  }

  /// The JSON Schema `name`: of `findings`, or of what a command prints with `--json`.
  ///
  /// - Throws: `Diagnostic` for a name without a schema
  package static func schema(_ name: String) throws -> String {
    if name == "findings" { return FindingsSchema.json.text }
    guard schemas.contains(name) else {
      throw Diagnostic(
        .study, file: "manual", field: "--schema",
        expected: "one of findings, \(schemas.joined(separator: ", "))",
        found: "\"\(name.prefix(80))\"",
        advice: NearestName.advice(name, among: schemas + ["findings"]))
    }
    return try text(name + ".schema.json")
  }

  package static let schemas = ["check", "compare", "models", "plan", "verify", "work"]

  private static func text(_ name: String) throws -> String {
    guard let file = try Folder.embedded.file("manual/" + name) else {
      throw Diagnostic(
        .resources, file: "manual/" + name, expected: "a page that the program carries",
        found: "none", advice: "Build the program again.")
    }
    return file.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Keys for each analysis that a study can leave out, and for the numbers it can be given.
  static var evidence: [StudyKey] {
    Registry.optional().flatMap { analysis in
      let settings = type(of: analysis).settings
      let own = StudyKey(
        path: "evidence.\(analysis.id)",
        values: settings.isEmpty ? "`on`, `off`" : "`on`, `off`, a mapping", standard: "`on`",
        meaning: "Whether `\(analysis.id)` is run.")
      return [own] + settings.map { key($0, of: analysis.id) }
    }
  }

  private static func key(_ setting: Setting, of id: String) -> StudyKey {
    let range = setting.range
    return StudyKey(
      path: "evidence.\(id).\(setting.name)", values: "\(range.lowerBound) to \(range.upperBound)",
      standard: "`\(setting.standard)`", meaning: settingMeanings[setting.name] ?? "")
  }

  /// The meanings of the numbers of analyses, by name. A test checks that each has one.
  private static let settingMeanings = [
    "directions": "Random directions, or sets of them, that it is held against.",
    "documents": "Documents of each class that are scanned.",
    "matched": "Neurons with edits of nearly its size, or sets that fire as often, that it is held "
      + "against.",
    "neurons": "Neurons of a set, from the first, whose passages are shown.",
    "passages": "Passages of each class of each neuron.",
    "pairs": "Pairs of documents that are joined to a switch.",
    "random": "Random neurons, or random sets of the same layers, that it is held against.",
    "resamples": "Draws of the bootstrap behind each interval.",
    "scaled": "Neurons, or random sets, whose edits are scaled to the same size that it is held "
      + "against.",
    "shuffles": "Shuffles of the labels that it is held against.",
    "window": "Tokens of a document that are looked at; at a switch, on either side.",
  ]

  /// The page on every key of a study file.
  private static var study: String {
    var lines = [
      "# The study file", "",
      "YAML. Unknown keys and wrong values are refused with their line. `reportgen init NAME` writes",
      "one with comments, `reportgen init --demo` prints the demo's. This page is made from the code.",
    ]
    for (heading, keys) in StudyKeys.groups + [
      ("Analyses beyond the notebook's, `evidence`", evidence)
    ] {
      lines += [
        "", "## \(heading)", "", "| Key | May be | Unless given | Meaning |", "|---|---|---|---|",
      ]
      lines += keys.map { key in
        "| `\(key.path)` | \(key.values) | \(key.standard.isEmpty ? "must be given" : key.standard) "
          + "| \(key.meaning) |"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The page on every analysis, its figures and the addresses of its numbers.
  private static var figures: String {
    var lines = [
      "# Figures and what they mean", "",
      "One section for each analysis, in the order of `findings.json`. An address names a number in",
      "`expect`, `published` and the notes; `NAME` is a name of the study, `N` a number from 0. Every",
      "figure's data lies beside the report in `data/`. The addresses are made from the code.",
    ]
    for analysis in Registry.all {
      guard let words = AnalysisWords.all[analysis.id] else { continue }
      let addresses = FindingsSchema.addresses(of: analysis)
      lines += [
        "", "## `\(analysis.id)`", "", type(of: analysis).question, "",
        "- To read it: \(words.reading)",
        "- Computed: \(words.formula)", "- Source: \(words.source)",
      ]
      if !addresses.isEmpty {
        lines += ["", "Numbers:", "", "```text"] + addresses + ["```"]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension PageBuilder {
  /// A page of the manual as one HTML file. Its links to other pages lead to their HTML files.
  package func page(_ page: Manual.Page) -> String {
    let text = page.markdown.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0.hasPrefix("# ") || $0.isEmpty }.joined(separator: "\n")
      .replacing(".md)", with: ".html)")
    return manual(title: page.title, MarkdownRenderer.render(text))
  }
}
