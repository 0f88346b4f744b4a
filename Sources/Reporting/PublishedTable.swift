import Charts
import JSON
import ReportModel

/// The table published / reproduced / corrected, for a study that reproduces figures of another.
enum PublishedTable {
  /// The result in words: `2 of 124 published figures are reproduced within tolerance.`; nil if
  /// there are none.
  static func outcome(_ comparisons: [PublishedComparison]) -> String? {
    if comparisons.isEmpty { return nil }
    let inside = comparisons.count(where: \.isInside)
    return "\(inside.grouped) of \(comparisons.count.of("published figure")) "
      + "\(inside == 1 ? "is" : "are") reproduced within tolerance."
  }

  static func section(_ comparisons: [PublishedComparison]) -> Section? {
    guard let outcome = outcome(comparisons) else { return nil }
    var order: [String] = []
    for comparison in comparisons where !order.contains(FigureName.part(comparison.figure)) {
      order.append(FigureName.part(comparison.figure))
    }
    let parts = order.map { part in
      (part, comparisons.filter { FigureName.part($0.figure) == part })
    }
    var words = outcome
    if comparisons.contains(where: { $0.corrected != nil }) {
      words +=
        " *Corrected* is the same figure over real tokens alone, where the published one includes"
        + " the padding of its batches."
    }
    let summary = DataTable(
      title: "Published figures by part", header: ["part", "reproduced", "of"],
      rows: parts.map { part, own in
        [
          .text(FigureName.words(part)), .integer(own.count(where: \.isInside)),
          .integer(own.count),
        ]
      })
    return Section(
      id: "published", title: "Published, reproduced, corrected",
      blocks: [.prose(words), .table(summary)]
        + parts.map { part, own in
          .fold(
            "\(FigureName.words(part)): \(own.count(where: \.isInside)) of \(own.count) reproduced",
            [.table(table(own, title: "Published figures: \(FigureName.words(part))"))])
        })
  }

  private static func table(_ comparisons: [PublishedComparison], title: String) -> DataTable {
    let hasCorrected = comparisons.contains { $0.corrected != nil }
    let corrected = hasCorrected ? ["Corrected"] : []
    return DataTable(
      title: title,
      header: ["Figure", "Outcome", "Published", "Reproduced"] + corrected + ["Source"],
      rows: comparisons.map { row($0, hasCorrected: hasCorrected) }, isStacked: true)
  }

  private static func row(
    _ comparison: PublishedComparison, hasCorrected: Bool
  ) -> [DataTable.Cell] {
    let published = published(comparison)
    var cells: [DataTable.Cell] = [
      .named(FigureName.wordsInPart(comparison.figure), code: comparison.figure),
      comparison.isInside ? .text("inside") : .strong("outside"),
      comparison.isList ? .aside(published) : .text(published),
      .text(comparison.agreement),
    ]
    if hasCorrected {
      let corrected = comparison.corrected.map { words($0, comparison) }
      cells.append(
        corrected.map { comparison.isList ? .aside($0) : .text($0) } ?? .aside("–"))
    }
    return cells + [.text(comparison.source)]
  }

  private static func published(_ comparison: PublishedComparison) -> String {
    let value = words(comparison.published, comparison)
    return comparison.tolerance == 0
      ? value : "\(value) ± \(PublishedComparison.digits(comparison.tolerance, 2))"
  }

  /// One number, or the first of a list and the length of the list; `findings.json` has them all.
  private static func words(_ values: [Double], _ comparison: PublishedComparison) -> String {
    let count = values.count > 3 ? 2 : values.count
    let shown = values.prefix(count).map { comparison.digits($0) }
      .joined(separator: ", ")
    return count < values.count ? "\(shown), … (\(values.count))" : shown
  }
}

extension PublishedComparison {
  /// How the reproduced figure agrees with the published one: its value and deviation, or for a
  /// list how many numbers agree and which is the first that does not. Identifiers are not
  /// subtracted.
  var agreement: String {
    guard let reproduced else { return "not found" }
    if isList {
      let agrees = zip(reproduced, published).map { ($0 - $1).magnitude <= tolerance + 1e-12 }
      guard let first = agrees.firstIndex(of: false) else {
        return "all \(published.count) agree"
      }
      return "\(agrees.count(where: \.self)) of \(published.count) agree, first difference at "
        + "\(first + 1)"
    }
    let value = digits(reproduced[0])
    guard !isIdentity, let difference, difference != 0 else { return value }
    return "\(value) (\(difference > 0 ? "+" : "")\(NumberText.significant(difference, digits: 2)))"
  }

  var isIdentity: Bool { FigureName.isIdentity(figure) }

  /// Six digits; a count has its thousands apart, a number that names something has not.
  func digits(_ value: Double) -> String {
    let isCount = !isIdentity && value == value.rounded() && value.magnitude >= 1000
    return isCount ? NumberText.fixed(value, decimals: 0) : Self.digits(value, 6)
  }

  static func digits(_ value: Double, _ count: Int) -> String {
    (SignificantDigits.text(value, count) ?? "–").replacing("-", with: "−")
  }
}
