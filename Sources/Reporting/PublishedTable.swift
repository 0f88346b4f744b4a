import JSON
import ReportModel

/// The table published / reproduced / corrected, which a report of a published study opens with.
enum PublishedTable {
  /// Rows that stand open; the rest is folded.
  private static let openRows = 25
  /// Numbers of a list that a cell shows: the rest would push the comparison off the page.
  private static let shownOfList = 3

  static func markdown(_ comparisons: [PublishedComparison]) -> [String] {
    if comparisons.isEmpty { return [] }
    let rest = Array(comparisons.dropFirst(openRows))
    let folded =
      rest.isEmpty
      ? []
      : [
        "<details><summary>\(rest.count.of("more published figure"))</summary>", table(rest),
        "</details>",
      ]
    return [
      ReportMarkdown.heading("Published, reproduced, corrected", anchor: "published"),
      summary(comparisons), table(Array(comparisons.prefix(openRows))),
    ] + folded
  }

  private static func summary(_ comparisons: [PublishedComparison]) -> String {
    let outside = comparisons.filter { !$0.isInside }
    let inside = comparisons.count - outside.count
    var text =
      "\(inside.grouped) of \(comparisons.count.of("published figure")) "
      + "\(inside == 1 ? "is" : "are") reproduced within tolerance."
    if !outside.isEmpty {
      let names = outside.prefix(10).map { Markdown.code($0.figure) }.joined(separator: ", ")
      text += " Outside: \(names)\(outside.count > 10 ? " and others" : "")."
    }
    if comparisons.contains(where: { $0.corrected != nil }) {
      text +=
        " *Corrected* is the same figure over real tokens alone, where the published one includes"
        + " the padding of its batches."
    }
    return text + " The difference is reproduced minus published; of a list, the largest."
  }

  private static func table(_ comparisons: [PublishedComparison]) -> String {
    ReportMarkdown.table(
      header: [
        "Figure", "Published", "Reproduced", "Corrected", "Difference", "Tolerance", "Inside",
        "Source",
      ],
      isNumeric: [false, true, true, true, true, true],
      rows: comparisons.map { comparison in
        [
          Markdown.code(comparison.figure), digits(comparison.published),
          comparison.reproduced.map(digits) ?? "not found",
          comparison.corrected.map(digits) ?? "–",
          comparison.difference.map { digits($0, 3) } ?? "–", digits(comparison.tolerance, 3),
          comparison.isInside ? "yes" : "**no**", Markdown.text(comparison.source),
        ]
      })
  }

  /// One number, or the first of a list and how many it has; `findings.json` holds them all.
  private static func digits(_ values: [Double]) -> String {
    let shown = values.prefix(shownOfList).map { digits($0, 7) }.joined(separator: ", ")
    return values.count > shownOfList ? "\(shown), … (\(values.count))" : shown
  }

  private static func digits(_ value: Double, _ count: Int) -> String {
    SignificantDigits.text(value, count) ?? "–"
  }
}
