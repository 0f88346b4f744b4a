/// A `<details>` line of a report: the only HTML that Markdown input may use.
enum DetailsTag: Equatable {
  /// `<details><summary>…</summary>`, with the summary's text.
  case open(summary: String)
  /// `</details>`
  case close

  /// The tags that an HTML block consists of, or nil when it holds anything else.
  static func tags(in block: String) -> [DetailsTag]? {
    var tags: [DetailsTag] = []
    var awaitsSummary = false
    for line in block.split(separator: "\n") {
      var line = trimmed(line[...])
      if line.isEmpty { continue }
      if !awaitsSummary {
        if line == "</details>" {
          tags.append(.close)
          continue
        }
        guard line.hasPrefix("<details>") else { return nil }
        line = trimmed(line.dropFirst("<details>".count))
        awaitsSummary = true
        if line.isEmpty { continue }
      }
      guard line.hasPrefix("<summary>"), line.hasSuffix("</summary>"),
        line.utf8.count >= "<summary></summary>".utf8.count
      else { return nil }
      let summary = line.dropFirst("<summary>".count).dropLast("</summary>".count)
      guard !summary.utf8.contains(UInt8(ascii: "<")) else { return nil }
      tags.append(.open(summary: decoded(summary)))
      awaitsSummary = false
    }
    return awaitsSummary || tags.isEmpty ? nil : tags
  }

  var html: String {
    switch self {
    case .open(let summary): "<details><summary>\(HTMLText.escaped(summary))</summary>"
    case .close: "</details>"
    }
  }

  /// What is shown when the tag has no partner.
  var source: String {
    switch self {
    case .open(let summary): "<details><summary>\(summary)</summary>"
    case .close: "</details>"
    }
  }

  private static func trimmed(_ line: Substring) -> Substring {
    guard let first = line.firstIndex(where: { !$0.isWhitespace }),
      let last = line.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return line[first...last]
  }

  /// A forge reads a summary as HTML, so its writer escaped it.
  private static func decoded(_ text: Substring) -> String {
    String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&")
  }
}
