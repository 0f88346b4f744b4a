import Charts
import Diagnostics
import JSON
import StudyFile

/// Fills in the references of an author's notes: `{{figure:ablation}}` becomes a link to a figure,
/// `{{ablation.corpora.French.masked.ablated | %.3f}}` a number.
struct NotesReferences {
  /// The target of links to figures.
  enum Target {
    /// The figure's place on the page.
    case anchor
    /// The file of the figure's chart.
    case chart
  }

  let report: Report
  let target: Target
  private let document: ReportDocument

  init(report: Report, target: Target) {
    self.report = report
    self.target = target
    document = report.document
  }

  /// The Markdown that replaces `{{words}}`.
  ///
  /// - Throws: `Diagnostic` of kind `.study` that names the line of the notes and the nearest name.
  func markdown(_ words: String, line: Int) throws -> String {
    switch try NotesReference(words, file: report.study.file.notes, line: line) {
    case .figure(let id): try figure(id, line: line)
    case .number(let address, let format): try number(address, format: format, line: line)
    }
  }

  private func figure(_ id: String, line: Int) throws -> String {
    let figures = document.figures
    guard let index = figures.firstIndex(where: { $0.id == id }) else {
      throw failure(
        line, expected: "a figure of the report", found: "\"\(id)\"",
        advice: NearestName.advice(id, among: figures.map(\.id)))
    }
    let path = figures[index].chartPath
    let address =
      switch target {
      case .chart: path
      case .anchor: "#" + figures[index].anchor
      }
    return "[figure \(index + 1)](\(address))"
  }

  private func number(
    _ address: FigureAddress, format: NumberFormat?, line: Int
  ) throws -> String {
    let text = address.text
    let found: JSON
    do {
      found = try address.value(in: report.findingsTree, file: FindingsFile.name)
    } catch let fault as Diagnostic {
      throw failure(
        line, expected: fault.expected, found: "\(fault.found) in {{\(text)}}",
        advice: fault.advice)
    }
    guard let value = found.double else {
      throw failure(
        line, expected: "a number at \(text)", found: found.summary,
        advice: "Name one number in it.")
    }
    guard let format else { return NumberText.significant(value, digits: 4) }
    guard let words = format.text(value) else {
      throw failure(
        line, expected: "%.3f, %.2e, %.4g or, for a whole number, %d", found: "%d for a fraction",
        advice: "Digits may be 0 to 17.")
    }
    return words
  }

  private func failure(
    _ line: Int, expected: String, found: String, advice: String
  ) -> Diagnostic {
    NotesReference.failure(
      report.study.file.notes, line, expected: expected, found: found, advice: advice)
  }
}

/// One `{{…}}` in an author's notes.
enum NotesReference {
  case figure(String)
  case number(FigureAddress, format: NumberFormat?)

  /// Parses the words between the braces.
  ///
  /// - Parameter file: the path of the notes, for messages.
  /// - Throws: `Diagnostic` of kind `.study` that names the line of the notes.
  init(_ reference: String, file: String?, line: Int) throws {
    let words = reference.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.trimmed }
    let name = words.first ?? ""
    if name.hasPrefix("figure:"), words.count == 1 {
      self = .figure(name.dropFirst("figure:".count).trimmed)
      return
    }
    let address: FigureAddress
    do {
      address = try FigureAddress.parse(name)
    } catch {
      throw Self.failure(
        file, line, expected: error.expected, found: "{{\(name)}}",
        advice: "Write {{figure:ID}} or an address of the findings; \\{{ for braces as they are.")
    }
    guard words.count > 1 else {
      self = .number(address, format: nil)
      return
    }
    guard let format = NumberFormat(words[1]) else {
      throw Self.failure(
        file, line, expected: "%.3f, %.2e, %.4g or, for a whole number, %d",
        found: "\"\(words[1])\"", advice: "Digits may be 0 to 17.")
    }
    self = .number(address, format: format)
  }

  static func failure(
    _ file: String?, _ line: Int, expected: String, found: String, advice: String
  ) -> Diagnostic {
    Diagnostic(
      .study, file: file ?? "notes", field: "line \(line)", expected: expected,
      found: String(found.prefix(200)), advice: advice)
  }
}

extension Report {
  /// Checks that everything the author's notes refer to exists.
  ///
  /// - Throws: `Diagnostic` of kind `.study` that names the line of the notes.
  package func checkNotes() throws {
    let references = NotesReferences(report: self, target: .anchor)
    _ = try AuthorNotes.markdown(study.notes ?? "") {
      try references.markdown($0, line: $1)
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let start = drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { String(start[...$0]) } ?? ""
  }
}
