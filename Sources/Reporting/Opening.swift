import Analyses
import Charts
import ReportModel

/// The first screen of a report: title, verdict with its tests, claim, main weakness, claim card.
struct Opening: Sendable {
  /// One of the verdict's tests, in words.
  struct Test: Sendable {
    /// `passed`, `failed` or `not run`.
    let outcome: String
    let name: String
    /// Its number beside its limit.
    let words: String

    /// ✓, ✗ or –.
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
  /// The claim's first sentence, then the others.
  let lead: String
  let detail: String
  let weakness: String?
  /// What a reader must know before the claim: failed expectations, figures not reproduced.
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

  /// `Strong evidence · 4 of 4 tests passed`; the second part is empty without tests.
  var passed: String {
    tests.isEmpty
      ? "" : "\(tests.count { $0.outcome == "passed" }) of \(tests.count) tests passed"
  }

  /// Which neuron of which model, and how much of what it was studied on.
  static func subtitle(_ study: FindingsStudy) -> String {
    let (target, other) = (study.classes.target, study.classes.other)
    let revision = study.model.revision.map { ", revision \($0)" } ?? ""
    return "Neuron \(study.neuron.neuron) of layer \(study.neuron.layer) (\(study.neuron)) of "
      + "\(study.model.name)\(revision); \(target.documents.grouped) \(study.file.target) and "
      + "\(other.documents.of("other document"))"
  }

  private static func failed(_ checks: [CheckResult]) -> String? {
    checks.allSatisfy(\.holds) ? nil : CheckResult.summary(checks)
  }
}
