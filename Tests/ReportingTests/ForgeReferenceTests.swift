import ReportModel
import Reporting
import SiteRenderer
import Testing

/// What forges take for a reference, looked for as they do: in the pieces of text that HTML divides,
/// outside code, by the patterns of GitHub's html-pipeline and GitLab's filters.
struct ForgeReferenceTests {
  static let texts = [
    "@octocat", "Ping @octocat, see #12", "@org/team", "(@a-b)", "a@b.example", "@_x", "#1",
    "a #12.",
    "GH-12", "gh-7", "JIRA-1234", "owner/repo#5", "o.w/r_e-p#5!", "user/repo@16c999e8c7113440",
    "user@16c999e8c71134401a78d4d46435517b2271d6ac", "16c999e8c71134401a78d4d46435517b2271d6ac",
    "see 16c999e, DEADBEEF1, 1234567.", "a 12345678901 b", "repo!12", "!12", "$34", "&56", "%7",
    "%\"next\"", "~bug", "~\"to do\"", "[issue:3]", "https://github.com/o/r/issues/5", "@@a", "##1",
    "x#1#2", "@a@b", "a\u{301}@octocat", "#12\u{301}", "L3N609 GH-1", "/close",
    String(repeating: "0123456789abcdef", count: 4),
  ]

  private static var patterns: [Regex<AnyRegexOutput>] {
    [
      Regex<AnyRegexOutput>(/(?:^|[^A-Za-z0-9_])@[A-Za-z0-9_][A-Za-z0-9_-]*/), Regex(/#[0-9]+/),
      Regex(/(?:^|[^A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]*-[0-9]+/),
      Regex(/(?:^|[^A-Za-z0-9_])[0-9a-fA-F]{7,64}(?:$|[^A-Za-z0-9_])/), Regex(/[!$&%][0-9]+/),
      Regex(/[%~]["A-Za-z]/), Regex(/\[[a-z_]+:[0-9]+/), Regex(/https?:\/\//),
    ].map { $0.matchingSemantics(.unicodeScalar) }
  }

  /// The texts between tags and comments of what GitHub-flavoured Markdown makes of a line: the
  /// only tags are those of code.
  private static func pieces(_ markdown: String) -> [String] {
    let outside = markdown.replacing(/(`+)(?:[^`]|(?!\1)`+)*?\1(?!`)/, with: "<!-- -->")
    return outside.replacing(/\\([!-\/:-@\[-`{-~])/) { String($0.output.1) }
      .split(separator: "<!-- -->").map(String.init)
  }

  private static func references(_ markdown: String) -> [String] {
    pieces(markdown).flatMap { piece in
      patterns.compactMap { piece.firstMatch(of: $0).map { String(piece[$0.range]) } }
    }
  }

  @Test func thePatternsFindWhatIsNotDivided() {
    for text in Self.texts where !["/close", "a@b.example"].contains(text) {
      #expect(!Self.references(text).isEmpty, "\(text)")
      // Backslashes do not help: they are gone in the page.
      #expect(!Self.references(Markdown.alternative(text)).isEmpty, "\(text)")
    }
  }

  @Test(arguments: texts)
  func noTextRefersToAnything(text: String) {
    #expect(Self.references(Markdown.text(text)).isEmpty, "\(Markdown.text(text))")
    #expect(Self.references(Markdown.html(text)).isEmpty, "\(Markdown.html(text))")
    #expect(Self.references("x " + Markdown.code(text)).isEmpty)
    // Bots take commands from the beginning of a line.
    #expect(!Markdown.text(text).hasPrefix("/"))
  }

  @Test(arguments: texts)
  func aPageShowsTheTextWhole(text: String) {
    let html = MarkdownRenderer.render(Markdown.text(text)).html
    #expect(
      html == "<p>\(text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;"))</p>\n")
  }

  @Test(arguments: [
    "0.123456789", "5 % of 12", "L3N609", "2026-02-28", "a - 1", "façade", "efface", "x & y",
    "a: b",
    "probe.1", "Éa-b",
  ])
  func wordsAndNumbersStayAsTheyAre(text: String) {
    #expect(!Markdown.text(text).contains("<!--"), "\(Markdown.text(text))")
  }

  @Test func commentsHoldNoReferences() throws {
    let words = "@octocat #12 GH-12 o/r#5 u/r@16c999e8c7 16c999e8c71134401a78d4d46435517b2271d6ac"
    let hostile = try Sample.report(words: words)
    let plain = try Sample.report(words: "plain")
    let comments = [
      PullRequestSummary(hostile).markdown, PullRequestSummary(hostile, base: plain).markdown,
      PullRequestSummary(plain, base: hostile).markdown,
      ReportComparison(base: plain, head: hostile, basePath: words).markdown,
      ReportComparison(base: hostile, head: plain, basePath: words).markdown,
    ]
    for comment in comments {
      #expect(comment.contains("octocat"))
      for line in comment.split(separator: "\n") {
        // Addresses and image descriptions are attributes, where forges look for nothing.
        let text = String(line).replacing(/!\[.*\]\([^)]*\)/, with: "")
          .replacing(/\]\([^)]*\)/, with: "]").replacing("SHA-256 ", with: "")
        #expect(Self.references(text).isEmpty, "\(Self.references(text)) in \(line)")
      }
    }
  }
}
