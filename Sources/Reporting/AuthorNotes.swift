import Charts

/// Prepares the author's Markdown for a report. Markdown works, HTML is shown as text, and no
/// construct can swallow the parts of the report after it.
enum AuthorNotes {
  /// Puts a backslash before every `<` outside code that could begin HTML, and closes a fence that
  /// is left open.
  ///
  /// Code means a fence at the beginning of a line, or text between equal backticks on one line. In
  /// other code, such as an indented block, the backslash is visible; this is the price for never
  /// missing what a forge would take for HTML.
  ///
  /// - Parameter reference: returns the Markdown for `{{reference}}` outside code, given its words
  ///   and its line from 1; nil leaves the text unchanged.
  static func markdown(
    _ notes: String, reference: (String, Int) throws -> String?
  ) rethrows -> String {
    var result: [String] = []
    var open: Substring?
    let lines = visible(notes).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let text = line.drop { $0 == " " }
      let indentation = line.count - text.count
      if let fence = open {
        result.append(String(line))
        let marks = text.prefix { $0 == fence.first }
        if indentation < 4, marks.count >= fence.count,
          text.dropFirst(marks.count).allSatisfy({ $0 == " " || $0 == "\t" })
        {
          open = nil
        }
      } else if indentation < 4, let fence = self.fence(text) {
        open = fence
        // An indented fence would end with its list; without indentation it ends the list instead.
        result.append(String(text))
      } else {
        result.append(try escaped(line) { try reference($0, number + 1) })
      }
    }
    if let open { result.append(String(open)) }
    return result.joined(separator: "\n")
  }

  /// Replaces controls and characters that reorder text by signs; marks that a language needs stay.
  private static func visible(_ notes: String) -> String {
    notes.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: String(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069:
        ReadableText.visible(String(scalar))
      default: String(scalar)
      }
    }.joined()
  }

  /// The fence characters at the beginning of a line that opens a code block; nil for other lines.
  private static func fence(_ line: Substring) -> Substring? {
    for mark: Character in ["`", "~"] {
      let marks = line.prefix { $0 == mark }
      if marks.count >= 3, mark == "~" || !line.dropFirst(marks.count).contains("`") {
        return marks
      }
    }
    return nil
  }

  private static func escaped(
    _ line: Substring, reference: (String) throws -> String?
  ) rethrows -> String {
    let scalars = Array(line.unicodeScalars)
    // The starts of backtick runs of each length, to find the end of a code span quickly.
    var runs: [Int: [Int]] = [:]
    var at = 0
    while at < scalars.count {
      let length = scalars[at...].prefix { $0 == "`" }.count
      if length > 0 { runs[length, default: []].append(at) }
      at += max(length, 1)
    }
    var result = String.UnicodeScalarView()
    at = 0
    while at < scalars.count {
      let scalar = scalars[at]
      if scalar == "\\", at + 1 < scalars.count {
        result.append(contentsOf: scalars[at...at + 1])
        at += 2
      } else if scalar == "`" {
        let length = scalars[at...].prefix { $0 == "`" }.count
        let later = runs[length] ?? []
        let next = later.partitioningIndex { $0 > at }
        let end = next < later.count ? later[next] + length : at + length
        result.append(contentsOf: scalars[at..<end])
        at = end
      } else if let words = bracedWords(scalars[at...]), let text = try reference(words) {
        result.append(contentsOf: text.unicodeScalars)
        at += words.unicodeScalars.count + 4
      } else {
        if scalar == "<", !isWebAddress(scalars[(at + 1)...]) { result.append("\\") }
        result.append(scalar)
        at += 1
      }
    }
    return String(result)
  }

  /// The text between `{{` at the beginning and the next `}}`; nil if there is none.
  private static func bracedWords(_ rest: ArraySlice<Unicode.Scalar>) -> String? {
    guard rest.starts(with: ["{", "{"]) else { return nil }
    // No address is longer than 500. Without a limit, many open braces would take quadratic time.
    let words = rest.dropFirst(2).prefix(500).prefix { $0 != "}" }
    guard rest[words.endIndex...].starts(with: ["}", "}"]) else { return nil }
    return String(String.UnicodeScalarView(words))
  }

  /// Whether `<` begins a web address such as `<https://…>`, which is Markdown and not HTML.
  private static func isWebAddress(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
    let address = rest.prefix { $0 != ">" && $0 != "<" && !$0.properties.isWhitespace }
    guard address.endIndex < rest.endIndex, rest[address.endIndex] == ">" else { return false }
    return ["https://", "http://"].contains { address.starts(with: $0.unicodeScalars) }
  }
}

extension Array {
  /// The first index whose element satisfies `belongs`; all elements after it must satisfy it too.
  fileprivate func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
