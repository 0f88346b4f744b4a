import Analyses
import JSON
import StudyFile

/// The differences between the studies of two reports: settings, corpora, model and program.
package enum StudyChanges {
  /// Keys that are not settings: texts about the study, resolved values, and the study's own
  /// checks.
  private static let left: Set<String> = [
    "notes_text", "expect", "published", "notes", "date", "title", "slug", "authors", "url", "doi",
  ]

  static func facts(base: Report, head: Report) -> [ReportComparison.Fact] {
    settings(base: base.json["study"] ?? .null, head: head.json["study"] ?? .null)
      + made(base: base.made, head: head.made)
  }

  /// The settings that differ between two study files, as findings hold them.
  package static func settings(base: JSON, head: JSON) -> [ReportComparison.Fact] {
    ReportComparison.merged(values(base), values(head)).filter { $0.1 != $0.2 }.map {
      ReportComparison.Fact(name: name($0.0), base: $0.1, head: $0.2)
    }
  }

  /// Programs and model files that differ, where both reports say what made them.
  package static func made(base: Provenance?, head: Provenance?) -> [ReportComparison.Fact] {
    guard let base, let head else { return [] }
    let facts = [
      ("program version", base.version, head.version),
      ("model checksum", base.modelChecksum ?? "none", head.modelChecksum ?? "none"),
    ]
    return facts.filter { $0.1 != $0.2 }.map {
      ReportComparison.Fact(name: $0.0, base: $0.1, head: $0.2)
    }
  }

  /// Every value of the study with its address, such as `probe.documents` and `200`.
  private static func values(_ study: JSON) -> [(String, String)] {
    var found: [(String, String)] = []
    func collect(_ json: JSON, _ address: String) {
      switch json {
      case .object(let members):
        for member in members where !(address.isEmpty && left.contains(member.key)) {
          let key = FigureAddress.step(member.key)
          collect(member.value, address.isEmpty ? key : address + "." + key)
        }
      case .array(let items) where items.allSatisfy({ $0["name"]?.string != nil }):
        for item in items {
          collect(item, address + "." + FigureAddress.step(item["name"]?.string ?? ""))
        }
      case .array(let items):
        let scalars = items.compactMap(scalar)
        if scalars.count == items.count {
          found.append((address, scalars.joined(separator: ", ")))
        } else {
          for (index, item) in items.enumerated() { collect(item, "\(address).\(index)") }
        }
      default: if let text = scalar(json) { found.append((address, text)) }
      }
    }
    collect(study, "")
    return found
  }

  private static func scalar(_ json: JSON) -> String? {
    switch json {
    case .string(let text): text
    case .bool(let flag): flag ? "on" : "off"
    case .number: json.double.map { SignificantDigits.text($0) ?? "–" }
    case .null, .array, .object: nil
    }
  }

  /// The address in words: `corpus_counts.Dutch.tokens` becomes `Dutch, tokens`.
  private static func name(_ address: String) -> String {
    for (start, word) in [
      ("corpus_counts.", "read of corpus "), ("resolved_model.", "model, "),
      ("resolved_neuron.", "studied neuron, "), ("corpora.", "corpus "),
    ] where address.hasPrefix(start) {
      return word + address.dropFirst(start.count)
    }
    return address
  }
}

/// Compares the key figures of two reports.
package enum KeyFigureChanges {
  /// The figures of both lists by their labels.
  package static func figures(
    base: [KeyFigure], head: [KeyFigure]
  ) -> [ReportComparison.KeyFigureChange] {
    func labelled(_ figures: [KeyFigure]) -> [(String, KeyFigure)] {
      figures.map { ($0.label, $0) }
    }
    return ReportComparison.merged(labelled(base), labelled(head)).map { label, before, after in
      ReportComparison.KeyFigureChange(
        label: label, base: before?.words, head: after?.words, change: change(before, after),
        meaning: meaning(before, after))
    }
  }

  static func figures(base: Report, head: Report) -> [ReportComparison.KeyFigureChange] {
    let rows = figures(base: base.keyFigures, head: head.keyFigures)
    guard !rows.isEmpty else { return [] }
    let (before, after) = (base.verdict, head.verdict)
    return [
      ReportComparison.KeyFigureChange(
        label: "Verdict", base: before?.label.words, head: after?.label.words, change: nil,
        meaning: before?.label == after?.label ? "unchanged" : "changed")
    ] + rows
  }

  private static func change(_ base: KeyFigure?, _ head: KeyFigure?) -> String? {
    guard let base, let head, !head.isIdentity else { return nil }
    let difference = head.value.value - base.value.value
    if difference == 0 { return "0" }
    return ReportComparison.signed(difference) + head.unit
  }

  private static func meaning(_ base: KeyFigure?, _ head: KeyFigure?) -> String {
    guard let base, let head else { return "in one report only" }
    if base.value.value == head.value.value { return "same" }
    let direction = head.isBetter(than: base).map { $0 ? "better" : "worse" } ?? "as good"
    guard !head.isIdentity, let low = base.value.low, let high = base.value.high else {
      return direction
    }
    let isInside = low <= head.value.value && head.value.value <= high
    return "\(direction), \(isInside ? "within" : "beyond") the base's interval"
  }
}
