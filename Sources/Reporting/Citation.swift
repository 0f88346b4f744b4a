import Charts

/// How to cite a report.
enum Citation {
  static func bibTeX(_ report: Report) -> String {
    let year = report.date.map { String($0.prefix(4)) }
    let model = [report.study.model.name, report.study.model.revision].compactMap(\.self)
    let fields = [
      ("title", "{\(escaped(report.title))}"),
      ("year", year.map(escaped)),
      ("howpublished", "Report made with reportgen"),
      (
        "note",
        "Neuron \(report.study.neuron) of \(escaped(model.joined(separator: ", revision ")))"
      ),
    ]
    let lines = fields.compactMap { name, value in
      value.map { "  " + name + String(repeating: " ", count: 12 - name.count) + " = {\($0)}" }
    }
    return "@misc{reportgen-\(report.slug),\n\(lines.joined(separator: ",\n"))\n}"
  }

  /// What TeX would obey, in words that TeX prints.
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
