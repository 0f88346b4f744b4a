import Analyses
import Charts
import Corpora
import JSON
import ReportModel
import StudyFile

/// What changed between two reports: key figures first, then expectations, what was studied, and
/// every number of the findings that differs.
package struct ReportComparison: Sendable {
  /// A key figure of either report, as the reports show it.
  package struct KeyFigure: Sendable, Encodable, Equatable {
    package let label: String
    package let base: String?
    package let head: String?
    /// Head minus base, with its sign; nil where one is missing or is no number.
    package let difference: String?
    /// The 95 % interval of the head's figure, where it has one.
    package let interval: String?
  }

  /// An expectation of the head, and what the base has at its address.
  package struct Expected: Sendable, Encodable, Equatable {
    package let figure: String
    package let expected: String
    package let base: String
    package let head: String
    package let holds: Bool
  }

  /// What was studied, where the two differ.
  package struct Fact: Sendable, Encodable, Equatable {
    package let name: String
    package let base: String?
    package let head: String?
  }

  /// A number of the findings that differs; nil where a report has none at this address.
  package struct Change: Sendable, Encodable, Equatable {
    package let figure: String
    package let base: Double?
    package let head: Double?

    package var difference: Double? { base.flatMap { base in head.map { $0 - base } } }
  }

  package let title: String
  /// The base report, for a reader who does not see the command: its title and, where it is known,
  /// its path.
  package let baseName: String
  package let keyFigures: [KeyFigure]
  package let expectations: [Expected]
  package let studied: [Fact]
  package let changes: [Change]
  /// How many numbers the two have together.
  package let figureCount: Int

  /// - Parameter basePath: where the base stands, as the command line names it.
  package init(base: Report, head: Report, basePath: String? = nil) {
    title = "What changed in \(head.title)"
    baseName = "“\(base.title)”" + (basePath.map { " (\($0))" } ?? "")
    keyFigures = Self.keyFigures(base, head)
    let before = CheckResult.all(head.study.file.expect, findings: base.findingsTree)
    expectations = zip(head.checks, before).map { check, before in
      Expected(
        figure: check.figure, expected: check.expected, base: before.found, head: check.found,
        holds: check.holds)
    }
    studied = Self.merged(Self.facts(base.study), Self.facts(head.study))
      .filter { $0.1 != $0.2 }.map { Fact(name: $0.0, base: $0.1, head: $0.2) }
    let figures = Self.merged(Self.numbers(base.findingsTree), Self.numbers(head.findingsTree))
    figureCount = figures.count
    changes = figures.filter { $0.1 != $0.2 }.map { Change(figure: $0.0, base: $0.1, head: $0.2) }
  }

  /// Whether every expectation of the head holds.
  package var holds: Bool { expectations.allSatisfy(\.holds) }

  /// One line of plain text.
  package var summary: String {
    let numbers =
      changes.isEmpty
      ? "No number differs from the base report, \(baseName) (\(figureCount.grouped) compared)."
      : "\(changes.count.grouped) of \(figureCount.of("number")) "
        + "\(changes.count == 1 ? "differs" : "differ") from the base report, \(baseName)."
    let study = studied.isEmpty ? "" : " What was studied differs, too."
    let failed = expectations.count { !$0.holds }
    let expected =
      expectations.isEmpty
      ? ""
      : failed == 0
        ? " All \(expectations.count.of("expectation")) hold."
        : " \(failed) of \(expectations.count.of("expectation")) failed."
    return numbers + study + expected
  }

  // MARK: Finding what differs

  private static func keyFigures(_ base: Report, _ head: Report) -> [KeyFigure] {
    func figures(_ report: Report) -> [(String, Verdict.KeyFigure)] {
      (report.verdict?.keyFigures ?? []).map { ($0.label, $0) }
    }
    func verdict(_ report: Report) -> String? { report.verdict?.label.words }
    let rows = merged(figures(base), figures(head)).map { label, base, head in
      KeyFigure(
        label: label, base: base?.value, head: head?.value, difference: difference(base, head),
        interval: head?.interval)
    }
    guard !rows.isEmpty else { return [] }
    return [
      KeyFigure(
        label: "Verdict", base: verdict(base), head: verdict(head), difference: nil, interval: nil)
    ] + rows
  }

  private static func difference(
    _ base: Verdict.KeyFigure?, _ head: Verdict.KeyFigure?
  ) -> String? {
    guard let base, let head, !head.numbers.isEmpty, base.numbers.count == head.numbers.count
    else { return nil }
    return zip(base.numbers, head.numbers).map { signed($1 - $0) }.joined(separator: " / ")
  }

  /// With its sign: `+0.0503`, `0`.
  static func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + NumberText.significant(value)
  }

  private static func facts(_ study: FindingsStudy) -> [(String, String)] {
    let model = study.model
    return [
      ("Model", model.name),
      ("Revision", model.revision ?? "none"),
      (
        "Shape",
        "\(model.layers.of("layer")), d_model \(model.dModel), d_mlp \(model.dMLP), "
          + "vocabulary \(model.vocabulary), context \(model.context)"
      ),
      ("Neuron", study.neuron.description),
      ("Target", study.file.target),
      ("Seed", String(study.file.probe.seed)),
    ]
      + study.corpora.map { corpus in
        (
          "Corpus \(corpus.name)",
          "\(corpus.documents.of("document")), \(corpus.tokens.of("token")), \(corpus.path)"
        )
      }
  }

  /// Every number of the findings with its address.
  private static func numbers(_ json: JSON) -> [(String, Double)] {
    var found: [(String, Double)] = []
    func collect(_ json: JSON, _ address: String) {
      let prefix = address.isEmpty ? "" : address + "."
      switch json {
      case .number: if let number = json.double { found.append((address, number)) }
      case .array(let items):
        for (index, item) in items.enumerated() { collect(item, prefix + String(index)) }
      case .object(let members):
        for member in members { collect(member.value, prefix + FigureAddress.step(member.key)) }
      case .null, .bool, .string: break
      }
    }
    collect(json, "")
    return found
  }

  /// Both lists by name: the base's order, then what only the head has.
  private static func merged<Value>(
    _ base: [(String, Value)], _ head: [(String, Value)]
  ) -> [(String, Value?, Value?)] {
    let before = Dictionary(base) { first, _ in first }
    let after = Dictionary(head) { first, _ in first }
    var seen: Set<String> = []
    return (base + head).compactMap { name, _ in
      seen.insert(name).inserted ? (name, before[name], after[name]) : nil
    }
  }
}
