import Analyses
import Charts
import SiteRenderer

/// The index's entry for one report; its keys do not depend on how a study names its corpora.
package struct IndexEntry: Sendable, Codable, Equatable {
  package var slug: String
  package var title: String
  /// The verdict's label as in `Verdict.Label`; nil if there is none.
  package var verdict: String?
  package var verdictWords: String
  package var claim: String
  package var neuron: String
  package var model: String
  package var target: String
  package var date: String?
  /// The held-out MCC; below, the change of the target's loss in percent.
  package var mcc: Measured?
  package var loss: Measured?
  /// Whether the loss is measured on documents that were not used to choose the neuron.
  package var isHeldOut: Bool?

  package init(_ report: Report, findings: Findings) {
    slug = report.slug
    title = report.title
    verdict = report.verdict?.label.rawValue
    verdictWords = report.verdict?.label.words ?? "Not judged"
    claim = report.finding
    neuron = report.study.subjectLabel
    model = report.study.model.name
    target = report.study.file.target
    date = report.date
    mcc = findings.heldOutMCC
    loss = findings.targetLoss?.percent
    isHeldOut = findings.targetLoss?.isNew
  }

  /// An entry for a report that cannot be read.
  package init(unreadable slug: String) {
    self.slug = slug
    title = slug
    verdictWords = "Unreadable"
    claim = "The findings of this report cannot be read."
    neuron = ""
    model = ""
    target = ""
  }
}

/// The list of reports, with a row for each and a chart of all.
struct SiteIndex {
  private let entries: [IndexEntry]

  /// Sorts the entries: the latest report first; of one day, the strongest evidence first, then the
  /// highest MCC.
  init(_ entries: [IndexEntry]) {
    self.entries = entries.sorted { a, b in
      func rank(_ entry: IndexEntry) -> (Int, Double, String) {
        (Self.order(entry.verdict), -(entry.mcc?.value ?? -1), entry.slug)
      }
      let (first, second) = (a.date ?? "", b.date ?? "")
      return first == second ? rank(a) < rank(b) : first > second
    }
  }

  var page: IndexPage {
    let mcc = Self.domain(entries.compactMap(\.mcc))
    let loss = Self.domain(entries.compactMap(\.loss))
    return IndexPage(
      title: "Neuron reports",
      introduction: "What single neurons of language models respond to, and what they change.",
      counts: counts, filters: filters, scatter: scatter,
      reports: entries.map { entry in
        IndexPage.Row(
          href: "reports/\(entry.slug)/index.html", title: entry.title,
          tone: Self.tone(entry.verdict), verdict: entry.verdictWords, claim: entry.claim,
          neuron: entry.neuron, model: entry.model, target: entry.target,
          mcc: Self.cell(entry.mcc, mcc, isSigned: false),
          loss: Self.cell(entry.loss, loss, isSigned: true),
          heldOut: entry.isHeldOut.map { $0 ? "yes" : "no" } ?? "–", date: entry.date ?? "–",
          keys: keys(entry))
      })
  }

  /// The values that a script sorts by and filters use.
  private func keys(_ entry: IndexEntry) -> IndexPage.Keys {
    .init(
      verdict: Self.order(entry.verdict), mcc: entry.mcc?.value, loss: entry.loss?.value,
      filterVerdict: "v\(verdicts.firstIndex(of: entry.verdictWords) ?? 0)",
      filterModel: "m\(models.firstIndex(of: entry.model) ?? 0)",
      filterTarget: "t\(targets.firstIndex(of: entry.target) ?? 0)")
  }

  private var verdicts: [String] {
    Set(entries.map { "\(Self.order($0.verdict))\u{0}\($0.verdictWords)" }).sorted().map {
      String($0.drop { $0 != "\u{0}" }.dropFirst())
    }
  }
  private var models: [String] { Set(entries.map(\.model)).sorted() }
  private var targets: [String] { Set(entries.map(\.target)).sorted() }

  private var counts: String {
    let parts = verdicts.map { words in
      "\(entries.count { $0.verdictWords == words }) \(words.lowercased())"
    }
    return "\(entries.count.of("report")): \(parts.joined(separator: ", "))"
  }

  /// The filters by which a reader hides reports; the style sheet limits the number of choices.
  private var filters: [IndexPage.Filter] {
    func filter(_ name: String, _ key: String, _ values: [String]) -> IndexPage.Filter? {
      (2...IndexPage.mostChoices).contains(values.count)
        ? .init(
          name: name,
          choices: values.enumerated().map { .init(key: "\(key)\($0.offset)", label: $0.element) })
        : nil
    }
    return [
      filter("Verdict", "v", verdicts), filter("Model", "m", models),
      filter("Target", "t", targets),
    ].compactMap(\.self)
  }

  /// A chart of all reports; nil if fewer than three have both numbers.
  private var scatter: String? {
    let verdicts = verdicts
    let points = entries.compactMap { entry -> ScatterChart.Point? in
      guard let mcc = entry.mcc, let loss = entry.loss else { return nil }
      return .init(
        x: mcc.value, y: loss.value, label: "\(entry.title) (\(entry.neuron))",
        group: verdicts.firstIndex(of: entry.verdictWords) ?? 0)
    }
    guard points.count > 2 else { return nil }
    let chart = Chart.scatter(
      ScatterChart(
        title: "All reports", x: Axis("Held-out MCC"), y: Axis("Change of loss", unit: "%"),
        groups: verdicts, points: points))
    func svg(_ box: Chart.Box, _ slug: String) -> String {
      chart.svg(slug: slug, description: chart.outline, form: .inline, box: box)
    }
    return "<div class=\"wide\">\n\(svg(.wide, "all-reports"))</div>\n"
      + "<div class=\"narrow\">\n\(svg(.narrow, "all-reports-narrow"))</div>"
  }

  private static func tone(_ verdict: String?) -> ReportPage.Tone {
    switch verdict {
    case "weak": .weak
    case let label? where label.hasPrefix("strong"): .strong
    default: .none
    }
  }

  /// The position of a verdict in the order from the strongest to the weakest.
  private static func order(_ verdict: String?) -> Int {
    verdict.flatMap { label in Verdict.Label.allCases.firstIndex { $0.rawValue == label } } ?? 9
  }

  private static func domain(_ values: [Measured]) -> ClosedRange<Double> {
    let all: [Double?] = values.flatMap { [$0.value, $0.low, $0.high] }
    let ends = all.compactMap(\.self) + [0]
    return (ends.min() ?? 0)...(ends.max() ?? 1)
  }

  private static func cell(
    _ value: Measured?, _ domain: ClosedRange<Double>, isSigned: Bool
  ) -> IndexPage.Cell? {
    value.map { value in
      let words = isSigned ? value.words : value.unsignedWords
      let number = words.prefix { $0 != " " }
      return .init(
        number: String(number), interval: String(words.dropFirst(number.count + 1)),
        mark: InlineMark.svg(.init(value.value, low: value.low, high: value.high), over: domain))
    }
  }
}
