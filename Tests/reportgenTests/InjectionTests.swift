import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Row 39: text that acts, hides or breaks out, through a whole build; a report of plain words
/// beside it says which elements are to be expected.
struct InjectionTests {
  static let hostile =
    "</title><script>alert(1)</script><img src=x onerror=alert(1)> ]]> ![x](javascript:alert(1)) "
    + "[y](javascript:alert(1)) | ` ``` <!-- --> \u{202E}txt &lt;b&gt; {{{x}}} {{x}} \" ' $x$"

  /// A study that says `text` wherever it can.
  private static func study(_ text: String, file name: String) throws -> TinyStudy {
    let study = try TinyStudy()
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let file = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      .replacing("\\/", with: "/")
    let value = quoted.replacing("\\/", with: "/").replacing("\u{202E}", with: "\\u202E")
    try study.folder.write(
      """
      title: \(value)
      slug: tiny
      model: model
      corpora:
        - {name: \(value), path: \(file), note: \(value)}
        - {name: B, path: b.txt}
        - {name: Stories, path: \(file), role: evaluation, note: \(value)}
      target: \(value)
      layer: 0
      probe: {documents: 12, k: 3, candidates: 4, splits: 2}
      prompts:
        - {text: \(value), answers: ["<", "`", "|"]}
      expect:
        - {figure: sparse_probe.test_accuracy, at_least: 0.5}
      published:
        - {figure: sparse_probe.test_accuracy, value: 0.5, tolerance: 1, source: \(value)}
      notes: notes.md

      """, to: "study.yml")
    try study.folder.write(
      TinyStudy.documents(of: "aeiou").map { $0 + text }.joined(separator: "\n"), to: name)
    // In notes two braces ask for a figure; an author escapes them.
    let notes = text.replacing("{{{", with: "{\\{{").replacing(" {{", with: " \\{{")
    try study.folder.write("Notes: \(notes)\n", to: "notes.md")
    return study
  }

  private static func built(_ text: String, file: String) throws -> TinyStudy {
    let study = try Self.study(text, file: file)
    let build = try study.build()
    #expect(build.status == 0, "\(build.errors)")
    return study
  }

  @Test func hostileTextIsShownAndNeverObeyed() throws {
    // A prompt cut to the context would hide the rest of the text.
    let text = Self.hostile
    let plain = try Self.built("words of no harm", file: "plain.txt")
    for part in Self.parts(of: text) {
      let hostile = try Self.built(part, file: "<img src=x onerror=alert(1)> ` | ![x](y).txt")
      try Self.checkPage(hostile, plain)
      try Self.checkCharts(hostile, plain)
      Self.checkMarkdown(hostile.folder.text(TinyStudy.report + "/report.md"))
      for name in hostile.folder.names(in: TinyStudy.report) where name.hasSuffix(".csv") {
        let rows = Self.csv(hostile.folder.text(TinyStudy.report + "/" + name))
        #expect(!rows.isEmpty && Set(rows.map(\.count)).count == 1, "\(name)")
      }
      #expect(try hostile.run(["verify", TinyStudy.report]).status == 0)
    }
  }

  /// Pieces that fit the tiny model's context as a prompt.
  private static func parts(of text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    return stride(from: 0, to: scalars.count, by: 45).map { start in
      String(String.UnicodeScalarView(scalars[start..<min(start + 58, scalars.count)]))
    }
  }

  private static func checkPage(_ hostile: TinyStudy, _ plain: TinyStudy) throws {
    for page in ["\(TinyStudy.report)/index.html", "Site/index.html"] {
      let (text, harmless) = (hostile.folder.text(page), plain.folder.text(page))
      #expect(!text.isEmpty)
      let (tags, expected) = (tags(text), tags(harmless))
      let names = Set(tags.map(\.name))
      let known = Set(expected.map(\.name)).union(["code", "/code"])
      #expect(names.isSubset(of: known), "\(names.subtracting(known))")
      for name in ["script", "img", "style", "iframe"] {
        #expect(
          tags.count { $0.name == name } == expected.count { $0.name == name }, "\(page): \(name)")
      }
      for tag in tags {
        let attributes = tag.text.split { " \n\t/".contains($0) }.dropFirst()
        #expect(!attributes.contains { $0.hasPrefix("on") && $0.contains("=") }, "\(tag.text)")
        #expect(!tag.text.contains("javascript:"), "\(tag.text)")
      }
      #expect(!text.unicodeScalars.contains("\u{202E}"))
    }
  }

  /// The tags of a page, without the values of attributes that name no address: they may hold any
  /// text. Quotation marks inside a tag keep its end.
  private static func tags(_ page: String) -> [(name: String, text: String)] {
    let bytes = Array(page.utf8)
    var tags: [(String, String)] = []
    var at = 0
    while let start = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
      var end = start + 1
      var quote: UInt8?
      var kept: [UInt8] = []
      while end < bytes.count, quote != nil || bytes[end] != UInt8(ascii: ">") {
        if quote == bytes[end] {
          quote = nil
        } else if quote == nil, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[end]) {
          quote = bytes[end]
        }
        let isAddress = [Array("href=\"".utf8), Array("src=\"".utf8)].contains {
          kept.suffix($0.count).elementsEqual($0)
        }
        if quote == nil || isAddress || bytes[end] == quote { kept.append(bytes[end]) }
        end += 1
      }
      let text = String(decoding: kept, as: UTF8.self).lowercased()
      tags.append((String(text.prefix { !$0.isWhitespace }), text))
      at = min(end, bytes.count)
    }
    return tags
  }

  private static func checkCharts(_ hostile: TinyStudy, _ plain: TinyStudy) throws {
    let charts = hostile.folder.names(in: TinyStudy.report).filter { $0.hasSuffix(".svg") }
    #expect(!charts.isEmpty)
    for chart in charts {
      let path = "\(TinyStudy.report)/\(chart)"
      let (found, expected) = (
        Elements(hostile.folder.text(path)), Elements(plain.folder.text(path))
      )
      #expect(found.isWellFormed && expected.isWellFormed, "\(chart)")
      #expect(found.names.isSubset(of: expected.names), "\(chart)")
      // A label that is too long is squeezed, or turned.
      let known = expected.attributes.union(["lengthAdjust", "transform"])
      #expect(found.attributes.isSubset(of: known), "\(found.attributes.subtracting(known))")
    }
  }

  /// Outside code, nothing that a forge would take for HTML or a link to a script.
  private static func checkMarkdown(_ text: String) {
    #expect(!text.unicodeScalars.contains("\u{202E}"))
    let fences = text.split(separator: /(?m)^```.*$/)
    let prose = fences.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    for line in prose.joined(separator: "\n").split(separator: "\n")
    // Our own anchors; and notes are their author's Markdown, links included.
    where !line.hasPrefix("<!-- anchor: ") && !line.hasPrefix("Notes: ") {
      // The empty comments that divide references are the program's own.
      let outside = line.replacing(/(`+)(?:[^`]|(?!\1)`+)*?\1(?!`)/, with: "")
        .replacing("<!-- -->", with: "")
      #expect(outside.firstMatch(of: /(^|[^\\])<(script|img|\/title|!--)/) == nil, "\(line)")
      #expect(outside.firstMatch(of: /[^\\]\]\(javascript/) == nil, "\(line)")
    }
  }

  /// The fields of RFC 4180.
  static func csv(_ text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var wasQuote = false
    for scalar in text.unicodeScalars {
      // A quotation mark right behind one that ended the quotes was doubled.
      let isDoubled = wasQuote && scalar == "\"" && !isQuoted
      wasQuote = scalar == "\"" && isQuoted
      switch scalar {
      case "\"":
        isQuoted.toggle()
        guard isDoubled else { continue }
        rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
      case "," where !isQuoted: rows[rows.count - 1].append("")
      case "\r" where !isQuoted: continue
      case "\n" where !isQuoted: rows.append([""])
      default: rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
      }
    }
    return rows.dropLast()
  }
}

/// The names of the elements and attributes of a chart.
private final class Elements: NSObject, XMLParserDelegate {
  private(set) var names: Set<String> = []
  private(set) var attributes: Set<String> = []
  private(set) var isWellFormed = false

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    names.insert(name)
    self.attributes.formUnion(attributes.keys)
  }
}
