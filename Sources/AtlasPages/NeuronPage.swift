import Atlas
import Charts
import ReportModel
import Reporting
import SiteRenderer

/// The page of one neuron: its verdict, its labels, what it fires on, what it writes and reads, and the
/// study that makes its full report.
struct NeuronPage {
  let report: AtlasReport
  let detail: NeuronDetail
  /// The most passages of each kind.
  var passages = Int.max
  /// The addresses before and after it among the neurons with a page.
  var previous: Int?
  var next: Int?
  private let claim: NeuronClaim
  private var findings: AtlasFindings { report.findings }
  private var place: Int { detail.place }

  init(_ report: AtlasReport, _ detail: NeuronDetail) {
    self.report = report
    self.detail = detail
    claim = NeuronClaim(report, detail.place)
  }

  /// - Throws: `Diagnostic` of kind `.data`.
  func page() throws -> AtlasPage {
    let name = report.paths.name(place)
    let layer = place / findings.model.dMLP
    let columns = findings.neurons
    func link(_ place: Int) -> AtlasPage.Link {
      .init(href: "\(report.paths.name(place)).html", text: report.paths.name(place))
    }
    let labels = WrittenSections([labelSection], folder: "../").body
    return AtlasPage(
      depth: 3,
      trail: AtlasTrail.pages(report) + [
        .init(href: "../\(report.paths.layerPage(layer))", text: "Layer \(layer)"),
        .init(
          href: "../\(report.paths.labelPage(claim.label))", text: findings.labelNames[claim.label]),
      ],
      title: "\(name) of \(findings.model.name)",
      subtitle: "Fires on \(AtlasText.percent(columns.firing[place])) of tokens; activation from "
        + "\(AtlasText.fixed(columns.min[place], 2)) to \(AtlasText.fixed(columns.max[place], 2)), mean "
        + "\(AtlasText.fixed(columns.mean[place], 3)); LAPE entropy "
        + AtlasText.fixed(columns.entropy[place], 2),
      grade: .init(tone: claim.grade.tone, label: claim.grade.title), lead: claim.lead,
      detail: claim.detail, search: "../search/",
      body: labels + histogram + passageSections + tokens + (try study),
      previous: previous.map(link), next: next.map(link))
  }

  private func heading(_ title: String, id: String) -> String { "<h2 id=\"\(id)\">\(title)</h2>\n" }

  // MARK: Labels and histogram

  private var labelSection: Section {
    let cells = LabelCells(report, folder: "../")
    let order = findings.cells.indices.sorted { a, b in
      let (first, second) = (findings.cells[a], findings.cells[b])
      return (second.grade[place], second.auc[place], a) < (first.grade[place], first.auc[place], b)
    }
    return Section(
      id: "labels", title: "Every label",
      blocks: [
        .table(
          DataTable(
            title: "\(report.paths.name(place)) with every label, by grade and AUC",
            header: cells.labelHeader, rows: order.map { cells.labelRow(place, $0) }))
      ])
  }

  /// How its activations on the label differ from those on all others, as the share of tokens above
  /// each edge.
  private var histogram: String {
    guard let chart = NeuronHistogram(findings, detail, label: claim.label) else { return "" }
    let name = report.paths.name(place)
    let svg = chart.chart.svg(
      slug: "activations", description: chart.chart.outline, form: .inline, box: .narrow)
    return "<figure class=\"figure\" id=\"figure-activations\">\n<figcaption><strong>"
      + HTMLText.escaped(HTMLText.bound(ReadableText.visible(chart.caption(name))))
      + "</strong> <span class=\"note\">" + HTMLText.escaped(chart.note)
      + "</span></figcaption>\n<div class=\"compact\">\n\(svg)</div>\n</figure>\n"
  }

  // MARK: Passages

  private func section(
    _ title: String, id: String, _ kinds: [AtlasPassage.Kind], isFolded: Bool
  ) -> String {
    let scale = max(findings.neurons.max[place].magnitude, findings.neurons.min[place].magnitude)
    let own = kinds.flatMap { kind in
      detail.passages.filter { $0.kind == kind }.prefix(passages)
    }
    guard !own.isEmpty else { return "" }
    let list = PassageList(findings, own, scale: scale).html
    return isFolded
      ? "<details class=\"section\"><summary><h3 id=\"\(id)\">\(title)</h3></summary>\n\(list)</details>\n"
      : heading(title, id: id) + list
  }

  private var passageSections: String {
    let label = HTMLText.escaped(ReadableText.visible(findings.labelNames[detail.shownFor]))
    let cut = AtlasText.fixed(detail.cut, 2)
    return section("Strongest passages", id: "strongest", [.strongest], isFolded: false)
      + section("At quantiles of its mean over a document", id: "bands", [.band], isFolded: true)
      + section("Random documents", id: "random", [.random], isFolded: true)
      + section(
        "Documents of \(label) that it misses: mean not above \(cut)", id: "missed", [.missed],
        isFolded: true)
      + section(
        "Other documents that it takes for \(label): mean above \(cut)", id: "mistaken",
        [.mistaken], isFolded: true)
  }

  // MARK: Tokens

  private var tokens: String {
    func row(_ title: String, _ tokens: [TokenScore]) -> String {
      guard !tokens.isEmpty else { return "" }
      let list = tokens.map { token in
        "<code>\(HTMLText.escaped(ReadableText.token(token.token)))</code> "
          + NumberText.significant(token.score, digits: 2)
      }
      return "<p>\(title): \(list.joined(separator: ", ")).</p>\n"
    }
    let fires = findings.neurons.fires[place].map {
      "<code>\(HTMLText.escaped(ReadableText.token(findings.tokens[$0])))</code>"
    }
    let body =
      row("It promotes", detail.promotes) + row("It suppresses", detail.suppresses)
      + row("It reads", detail.reads)
      + (fires.isEmpty ? "" : "<p>It fires strongest on \(fires.joined(separator: ", ")).</p>\n")
    guard !body.isEmpty else { return "" }
    return heading("What it writes and reads", id: "tokens") + body
      + "<p class=\"note\">Promoted and suppressed: what a unit of activation adds to a token’s "
      + "logit, less the mean over the vocabulary. Read: the cosine of "
      + (findings.model.isGated ? "W_in, its linear part," : "its input")
      + " with a token’s embedding"
      + (findings.model.isGated
        ? "; its gate reads by W_gate, which is not shown.</p>\n" : ".</p>\n")
  }

  // MARK: The full report

  private var study: String {
    get throws {
      let text = try NeuronStudy(report, place: place).text
      let name = report.paths.name(place)
      return heading("Its full report", id: "study")
        + "<p>Save this file beside the atlas’s and build it, or run <code>reportgen build "
        + "--from-atlas SITE \(name)</code>. The documents that chose the neuron are not measured "
        + "again.</p>\n<pre class=\"study\" tabindex=\"0\" role=\"group\" aria-label=\"Study file\">"
        + "<code>\(HTMLText.escaped(text))</code></pre>\n"
    }
  }
}

extension LabelColumns.Grade {
  var tone: ReportPage.Tone {
    switch self {
    case .confirmed: .strong
    case .suggestive: .weak
    case .none: .none
    }
  }

  var title: String {
    switch self {
    case .confirmed: "Confirmed"
    case .suggestive: "Suggestive"
    case .none: "No grade"
    }
  }
}
