import Analyses
import Charts
import Corpora
import JSON
import ReportModel
import StudyFile

/// The changes between two reports: the settings of the study, and their effect on key figures,
/// expectations and all numbers of the findings.
package struct ReportComparison: Sendable {
  /// A key figure of either report in words.
  package struct KeyFigureChange: Sendable, Encodable, Equatable {
    package let label: String
    package let base: String?
    package let head: String?
    /// Head minus base with sign and unit; nil if one is missing or the numbers are identifiers.
    package let change: String?
    /// Whether the change is better or worse for the claim and exceeds the interval: `better,
    /// within the base's interval`.
    package let meaning: String
  }

  /// An expectation of the head, and the value of the base at the same address.
  package struct Expected: Sendable, Encodable, Equatable {
    package let figure: String
    package let expected: String
    package let base: String
    package let head: String
    package let holds: Bool
  }

  /// A setting, a corpus, the model or the program, with its two values.
  package struct Fact: Sendable, Encodable, Equatable {
    package let name: String
    package let base: String?
    package let head: String?

    package init(name: String, base: String?, head: String?) {
      self.name = name
      self.base = base
      self.head = head
    }
  }

  /// A number of the findings that differs. A value is nil if its report has no number at this
  /// address.
  package struct Change: Sendable, Encodable, Equatable {
    package let figure: String
    package let base: Double?
    package let head: Double?

    /// Whether the numbers are identifiers, whose difference has no meaning.
    package var isIdentity: Bool { FigureName.isIdentity(figure) }

    package var difference: Double? {
      isIdentity ? nil : base.flatMap { base in head.map { $0 - base } }
    }
  }

  package let title: String
  /// The base report's title and, if known, its path, for readers who do not see the command.
  package let baseName: String
  package let settings: [Fact]
  package let keyFigures: [KeyFigureChange]
  package let expectations: [Expected]
  package let changes: [Change]
  /// The same changes, ordered by their size relative to the interval or to the number itself.
  let moved: [Change]
  /// The number of addresses in both reports together.
  package let figureCount: Int
  /// Further sections, between the key figures and the numbers that moved.
  let further: [Section]

  /// A comparison of two atlases, whose findings hold more than reports.
  ///
  /// - Parameters:
  ///   - before: the numbers of the base that are compared, as an object; below, those of the head
  ///   - figures: the key figures of both
  package init(
    title: String, baseName: String, settings: [Fact], figures: [KeyFigureChange],
    expectations: [Expected], before: JSON, after: JSON, further: [Section]
  ) {
    self.title = title
    self.baseName = baseName
    self.settings = settings
    keyFigures = figures
    self.expectations = expectations
    let figures = Self.merged(Self.numbers(before), Self.numbers(after))
    figureCount = figures.count
    changes = figures.filter { $0.1 != $0.2 }.map { Change(figure: $0.0, base: $0.1, head: $0.2) }
    moved = Self.ordered(changes, base: Dictionary(figures.map { ($0.0, $0.1) }) { a, _ in a })
    self.further = further
  }

  /// - Parameter basePath: the path of the base, as on the command line.
  package init(base: Report, head: Report, basePath: String? = nil) {
    baseName = "“\(base.title)”" + (basePath.map { " (\($0))" } ?? "")
    title = "What changed in \(head.title)"
    settings = StudyChanges.facts(base: base, head: head)
    keyFigures = KeyFigureChanges.figures(base: base, head: head)
    expectations = Self.expected(
      head.checks, before: CheckResult.all(head.study.file.expect, findings: base.findingsTree))
    let figures = Self.merged(Self.numbers(base.findingsTree), Self.numbers(head.findingsTree))
    figureCount = figures.count
    changes = figures.filter { $0.1 != $0.2 }.map { Change(figure: $0.0, base: $0.1, head: $0.2) }
    moved = Self.ordered(changes, base: Dictionary(figures.map { ($0.0, $0.1) }) { a, _ in a })
    further = []
  }

  /// The expectations of the head, each with what the base has at its address.
  package static func expected(_ checks: [CheckResult], before: [CheckResult]) -> [Expected] {
    zip(checks, before).map { check, before in
      Expected(
        figure: check.figure, expected: check.expected, base: before.found, head: check.found,
        holds: check.holds)
    }
  }

  /// Whether all expectations of the head hold.
  package var holds: Bool { expectations.allSatisfy(\.holds) }

  /// The comparison in one line of plain text.
  package var summary: String {
    let numbers =
      changes.isEmpty
      ? "No number differs from the base report, \(baseName) (\(figureCount.grouped) compared)."
      : "\(changes.count.grouped) of \(figureCount.of("number")) "
        + "\(changes.count == 1 ? "differs" : "differ") from the base report, \(baseName)."
    let study =
      settings.isEmpty
      ? "No setting was changed. "
      : "\(settings.count.of("setting")) \(settings.count == 1 ? "was" : "were") changed. "
    let failed = expectations.count { !$0.holds }
    let expected =
      expectations.isEmpty
      ? ""
      : failed == 0
        ? expectations.count == 1
          ? " The one expectation holds."
          : " All \(expectations.count.of("expectation")) hold."
        : " \(failed) of \(expectations.count.of("expectation")) failed."
    return study + numbers + expected
  }

  /// Orders changes by size, the largest first. A number with an interval is measured by half the
  /// interval's width, another by its own size. Identifiers come after them, and last are numbers
  /// that only one report has.
  private static func ordered(_ changes: [Change], base: [String: Double?]) -> [Change] {
    func score(_ change: Change) -> Double {
      guard let from = change.base, change.head != nil else { return -2 }
      guard let difference = change.difference else { return -1 }
      if change.figure.hasSuffix(".value") {
        let start = change.figure.dropLast("value".count)
        if let low = base[start + "low"] ?? nil, let high = base[start + "high"] ?? nil, high > low
        {
          return difference.magnitude / ((high - low) / 2)
        }
      }
      // The ends of an interval change with its value, which is listed anyway.
      if change.figure.hasSuffix(".low") || change.figure.hasSuffix(".high") { return 0 }
      return min(difference.magnitude / max(from.magnitude, 1e-9), 1)
    }
    return changes.enumerated().map { (score($0.element), $0.offset, $0.element) }
      .sorted { ($1.0, $0.1) < ($0.0, $1.1) }.map(\.2)
  }

  /// The number with its sign: `+0.0503`, `0`.
  static func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + NumberText.significant(value)
  }

  /// All numbers of the findings with their addresses.
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

  /// Joins two lists by name: first in the order of the base, then names that only the head has.
  static func merged<Value>(
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
