import Charts
import ReportModel

/// The section that says how to cite a report.
enum Citation {
  static func section(_ report: Report) -> Section {
    Section(
      id: "cite", title: "How to cite",
      blocks: [
        .prose(Markdown.text(words(report))),
        .fold("BibTeX", [.code(bibTeX(report), language: "bibtex")]),
      ])
  }

  /// The citation in words: `A. Author (2025). The Dutch neuron. Report made with reportgen,
  /// findings 3fb1e6e8.`
  private static func words(_ report: Report) -> String {
    let file = report.study.file
    let authors = file.authors.map { list($0) } ?? "Author not given"
    let address = [file.doi.map { "doi:\($0)" }, file.url].compactMap(\.self)
    // A title that ends a sentence by itself needs no full stop.
    let stop = report.title.last.map { "?!.…".contains($0) } ?? false ? "" : "."
    return
      "\(authors) (\(year(report) ?? "no date")). \(report.title)\(stop) Report made with "
      + "reportgen, findings \(version(report))."
      + (address.isEmpty ? "" : " " + address.joined(separator: ", ") + ".")
  }

  private static func list(_ names: [String]) -> String {
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func year(_ report: Report) -> String? { report.date.map { String($0.prefix(4)) } }

  /// The first digits of the findings' checksum, which identify these numbers.
  private static func version(_ report: Report) -> String {
    String(report.checksum.prefix(8))
  }

  static func bibTeX(_ report: Report) -> String {
    let file = report.study.file
    let model = [report.study.model.name, report.study.model.revision].compactMap(\.self)
    let fields = [
      ("author", file.authors.map { $0.map { "{\(escaped($0))}" }.joined(separator: " and ") }),
      ("title", "{\(escaped(report.title))}"),
      ("year", year(report).map(escaped)),
      ("doi", file.doi.map(escaped)),
      // Inside \url, TeX only interprets characters that the `url` of a study must not have.
      ("url", file.url),
      ("howpublished", "Report made with reportgen"),
      ("version", "findings \(version(report))"),
      (
        "note",
        "\(report.study.file.subject == .set ? "Neurons" : "Neuron") \(report.study.subjectNames) of "
          + "\(escaped(model.joined(separator: ", revision ")))"
      ),
    ]
    let lines = fields.compactMap { name, value in
      value.map { "  " + name + String(repeating: " ", count: 12 - name.count) + " = {\($0)}" }
    }
    return "@misc{reportgen-\(report.slug),\n\(lines.joined(separator: ",\n"))\n}"
  }

  /// Escapes the characters that TeX would interpret.
  private static func escaped(_ text: String) -> String {
    ReadableText.visible(text).unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\textbackslash{}"
      case "{": "\\textbraceleft{}"
      case "}": "\\textbraceright{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "%", "&", "#", "_", "$": "\\\(scalar)"
      default: String(scalar)
      }
    }.joined()
  }
}
