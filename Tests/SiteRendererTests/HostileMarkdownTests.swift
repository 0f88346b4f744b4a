import SiteRenderer
import Testing

/// Text that tries to act, to hide, or to exhaust the renderer.
struct HostileMarkdownTests {
  func html(_ markdown: String) -> String {
    MarkdownRenderer.render(markdown).html
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "text <script>alert(1)</script> text",
    "<img src=x onerror=alert(1)>", "text <img src=x onerror=alert(1)>", "</title><b>", "]]><b>",
    "<!-- comment --><b>", "<!-- anchor: x -->", "<?php ?><b>", "<svg onload=alert(1)>",
    "# <b>", "| <b> |\n|--|\n| <i> |", "<details><summary><b></summary>\n\n</details>",
    "<details><summary>&lt;b></summary>\n\n</details>",
    "<iframe src=\"data:text/html,x\"></iframe>",
    "![<b>](x.png)", "[<b>](x)", "[a](x \"<b>\")", "`<b>`", "```<b>\n<b>\n```", "\"\u{301}<b>",
    "&lt;b&gt;", "<\u{338}b>", "<b\u{301}>", "[a](<\"\u{301}onmouseover=alert(1)>)",
  ])
  func htmlOfTheSourceIsShownNeverObeyed(markdown: String) {
    let html = html(markdown)
    for tag in ["<script", "<b", "<i>", "<svg", "<iframe", "<?", "<!--", "</title", "<summary><"] {
      #expect(!html.contains(tag), "\(html)")
    }
    for element in Markup.elements(in: html) {
      #expect(!element.attributes.contains { $0.hasPrefix("on") || $0 == "style" }, "\(html)")
    }
    #expect(!html.contains("<img src=x"))
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)", "vbscript:x",
    "data:text/html,x", "data:image/png;base64,AAAA", "file:///etc/passwd", "<java\tscript:x>",
    "blob:x", "x-y:z", "<\\\\host\\x>", "\u{1}javascript:x",
  ])
  func addressesThatActBecomeText(address: String) {
    for markdown in ["[a](\(address))", "![a](\(address))", "[![a](\(address))](\(address))"] {
      let html = html(markdown)
      #expect(!html.contains("href="), "\(html)")
      #expect(!html.contains("src="), "\(html)")
    }
    #expect(!html("<\(address)>").contains("href=\"javascript"))
  }

  @Test(arguments: [
    "https://host/x.png", "//host/x.png", "/x.png", "../x.png", "a/../../x.png", "%2e%2E/x.png",
    ".%2e/x.png", "http:x.png", "C:x.png", "<\\\\host\\x.png>",
  ])
  func imagesFromElsewhereLoadNothing(address: String) {
    let html = html("![words](\(address))")
    #expect(!html.contains("<img"), "\(html)")
    #expect(html.contains("words"))
  }

  @Test(arguments: ["x.csv", "../../index.html", "#a", "https://h/a:b", "mailto:a@b", "a/b:c"])
  func harmlessLinksAreLinks(address: String) {
    #expect(html("[a](\(address))") == "<p><a href=\"\(address)\">a</a></p>\n")
  }

  @Test func charactersThatHideAreShown() {
    let html = html("a\u{202E}b &#x202E; \u{0}c `\u{2066}` \u{85}\u{7F} \u{FFFF}")
    #expect(
      html
        == "<p>a⟨U+202E⟩b ⟨U+202E⟩ ␀c <code>⟨U+2066⟩</code> ⟨U+0085⟩␡ ⟨U+FFFF⟩</p>\n")
    let heading = MarkdownRenderer.render("# a &#x202E;").headings
    #expect(heading.map(\.text) == ["a ⟨U+202E⟩"])
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ">", "[", "![", "*", "_", "`", "<", "|", "- ", "> - ", "\\", "&", "</details>\n\n", "a**b",
      "<details><summary>x</summary>\n\n", "|-", "# a\n", "![a](x)", "[a](", "<!--", "<!A ", "\"",
      "| a |\n|---|\n\n", "| a |\n|---|\n", "```\n", "~", "[a]: b\n", "[a][b]", "\t", "\u{301}",
      "<!-- anchor: x -->\n# x\n", "1. ", "![a](c.svg)\n\n**b**\n\n", "<b>", "<?", "&#0;",
    ])
  func hundredThousandOfAnythingIsRendered(piece: String) {
    let rendered = MarkdownRenderer.render(String(repeating: piece, count: 100_000))
    #expect(Set(rendered.headings.map(\.id)).count == rendered.headings.count)
  }

  @Test func aTableThatWouldOutgrowItsSourceStaysText() {
    let wide = String(repeating: "|a", count: 5_000) + "|\n" + String(repeating: "|-", count: 5_000)
    let rendered = html(wide + "|\n" + String(repeating: "|b\n", count: 5_000))
    #expect(!rendered.contains("<table"))
    #expect(html(wide + "|\n|b\n").contains("<table"))
  }

  /// Random mixtures of everything that means something, from a fixed seed.
  @Test func noMixtureBreaksTheMarkup() throws {
    let pieces = [
      "| a | b |\n", "|---|:-:|\n", "\n", "\n\n", "<details><summary>s</summary>", "</details>",
      "![x](c.svg)", "**c** ", "[d](d.csv)", "# h", "<!-- anchor: k -->", "```", "> ", "- ", "  ",
      "    ", "`", "<b>", "\\|", "|", "\"", "&amp;", "\u{202E}", "[", "](", ")", "*", "x", "<",
      "\t",
    ]
    var state: UInt64 = 20_250_917
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<24 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let html = MarkdownRenderer.render(text).html
      try #require(Markup.fault(in: html) == nil, "\(text)\n\(html)")
    }
  }
}
