import Analyses
import Charts
import ReportModel

/// The first screen of a report: title, verdict with its tests, claim, main weakness, claim card.
struct Opening: Sendable {
  /// One of the tests behind the verdict, in words.
  struct Test: Sendable {
    /// The outcome: `passed`, `failed` or `not run`.
    let outcome: String
    let name: String
    /// The test's number and its limit.
    let words: String

    /// The sign of the outcome: ✓, ✗ or –.
    var sign: String {
      switch outcome {
      case "passed": "✓"
      case "failed": "✗"
      default: "–"
      }
    }
  }

  let title: String
  let subtitle: String
  let date: String?
  let verdict: Verdict?
  let tests: [Test]
  /// The first sentence of the claim; below, its other sentences.
  let lead: String
  let detail: String
  let weakness: String?
  /// Warnings before the claim, such as failed expectations or figures that were not reproduced.
  let notices: [String]
  let card: Figure?

  init(_ report: Report) {
    title = report.title
    subtitle = Self.subtitle(report.study)
    date = report.date
    verdict = report.verdict
    tests = (report.verdict?.tests ?? []).map {
      Test(outcome: $0.outcome.rawValue, name: $0.name.rawValue, words: $0.words)
    }
    lead = report.claim?.lead ?? report.finding
    detail = report.claim?.detail ?? ""
    weakness = report.claim?.weakness
    notices = [PublishedTable.outcome(report.comparisons), Self.failed(report.checks)]
      .compactMap(\.self)
    card = report.card
  }

  /// The number of passed tests, such as `4 of 4 tests passed`; empty if there are no tests.
  var passed: String {
    tests.isEmpty
      ? "" : "\(tests.count { $0.outcome == "passed" }) of \(tests.count) tests passed"
  }

  /// The studied neuron, its model, and the number of documents and tokens.
  static func subtitle(_ study: FindingsStudy) -> String {
    let (target, other) = (study.classes.target, study.classes.other)
    let revision = study.model.revision.map { ", revision \($0)" } ?? ""
    return "\(subject(study)) of \(study.model.name)\(revision); "
      + "\(target.documents.grouped) \(study.file.target) and "
      + "\(other.documents.of("other document"))"
  }

  /// `Neuron 436 of layer 3 (L3N436)`, `2 neurons of layers 3 and 4 (L3N436 and L4N52)`
  private static func subject(_ study: FindingsStudy) -> String {
    guard let set = study.file.neurons else {
      return "Neuron \(study.neuron.neuron) of layer \(study.neuron.layer) (\(study.neuron))"
    }
    let layers = set.layers
    let isRange = layers.count > 2 && layers.last == layers[0] + layers.count - 1
    let words =
      isRange
      ? "\(layers[0]) to \(layers[0] + layers.count - 1)" : Wording.list(layers.map(\.grouped))
    return "\(set.count.of("neuron")) of layer\(layers.count == 1 ? "" : "s") \(words) "
      + "(\(study.subjectNames))"
  }

  private static func failed(_ checks: [CheckResult]) -> String? {
    checks.allSatisfy(\.holds) ? nil : CheckResult.summary(checks)
  }
}
