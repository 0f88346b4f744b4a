import ReportModel
import SiteRenderer
import Testing

/// Text from outside, seen through the renderer: the words, and no element that they made.
struct MarkdownTextTests {
  private func html(_ markdown: String) -> String {
    MarkdownRenderer.render(markdown).html
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static let texts = [
    "plain", "- a", "+ a", "* a", "1. a", "12) a", "# a", "a #", "> a", "---", "***", "===", "```",
    "~~~", "`a`", "``", "a|b", "a\\|b", "\\", "\\\\", "*a*", "__a__", "~~a~~", "[a](b)", "![a](b)",
    "[a]: b", "[^1]", "<b>", "<!-- a", "<?a", "<a@b.c>", "<https://a.b>", "&amp;", "&#32;", "$a$",
    "a  b", "|a|", ":--", "|--|", "www.a.b", "http://a.b", "a@b.c", "\"'", "é\u{301}",
    "\"\u{301}", "*\u{301}a*", "<\u{338}b>", "🏳️‍🌈", "12345678901. a", "\\*a*", "a\\",
  ]

  @Test(arguments: texts)
  func textIsShownAsItIs(text: String) {
    #expect(html(Markdown.text(text)) == "<p>\(escaped(text))</p>\n")
    #expect(html("# " + Markdown.text(text)).contains(">\(escaped(text)) <a class=\"anchor\""))
    let table = html("| x | y |\n|---|---|\n| \(Markdown.text(text)) | z |")
    #expect(table.contains("<td>\(escaped(text))</td><td>z</td>"), "\(table)")
    #expect(html("- " + Markdown.text(text)).contains("<li>\(escaped(text))</li>"))
    #expect(
      html("**a.** " + Markdown.text(text)) == "<p><strong>a.</strong> \(escaped(text))</p>\n")
  }

  @Test(arguments: texts)
  func codeIsShownAsItIs(text: String) {
    // A pipe stands between two spans.
    let shown = escaped(text).split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "<code>\($0)</code>" }.joined(separator: "|")
    #expect(html("x " + Markdown.code(text)) == "<p>x \(shown)</p>\n")
    let table = html("| x | y |\n|---|---|\n| \(Markdown.code(text)) | z |")
    #expect(table.contains("<td>\(shown)</td><td>z</td>"), "\(table)")
  }

  @Test(arguments: [
    ("a\nb", "a↵b"), ("a\r\nb", "a␍↵b"), ("\tb", "→b"), ("a\0", "a␀"), ("a\u{202E}b", "a⇐b"),
    ("a\u{2028}b", "a↵b"), ("\u{FEFF}a", "◌a"),
  ])
  func whatCannotBeSeenIsASign(text: String, shown: String) {
    #expect(Markdown.text(text) == shown)
    #expect(Markdown.code(text) == "`\(shown)`")
  }

  @Test func outerSpacesStay() {
    #expect(html(Markdown.text("    a ")) == "<p>    a </p>\n")
    #expect(html(Markdown.text(" ")) == "<p> </p>\n")
    #expect(html("x " + Markdown.code(" a ")) == "<p>x <code> a </code></p>\n")
    #expect(html("x " + Markdown.code("  ")) == "<p>x <code>  </code></p>\n")
    #expect(Markdown.text("") == "" && Markdown.code("") == "")
  }
}
