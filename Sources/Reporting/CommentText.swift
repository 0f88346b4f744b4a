import ReportModel

/// The text of a comment on a pull request, within its budgets.
package enum CommentText {
  /// Joins the unfolded parts, the folded ones and the links; parts that do not fit are left out from
  /// the end.
  package static func fitting(opening: [String], folds: [[String]], links: String) -> String {
    let opening = cut(opening, to: Budget.openSummary.bytes - links.utf8.count - 4)
    var parts = opening
    var room = Budget.summary.bytes - 200 - size(opening) - links.utf8.count
    for fold in folds {
      room -= size(fold)
      guard room >= 0 else { break }
      parts += fold
    }
    return (parts + [links]).joined(separator: "\n\n") + "\n"
  }

  private static func size(_ parts: [String]) -> Int {
    parts.reduce(0) { $0 + $1.utf8.count + 2 }
  }

  /// As many of the first parts as fit; the mark and the headline are always included.
  private static func cut(_ parts: [String], to bytes: Int) -> [String] {
    var kept: [String] = []
    for part in parts where size(kept + [part]) <= bytes { kept.append(part) }
    return kept
  }

  /// Text from outside, shortened and on one line.
  package static func words(_ text: String, _ limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return Markdown.text(text) }
    return Markdown.text(String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…")
  }
}
