import SiteRenderer
import Testing

/// What the renderer makes of the Markdown that reports and their authors write.
struct MarkdownRendererTests {
  func html(_ markdown: String) -> String {
    MarkdownRenderer.render(markdown).html
  }

  @Test func aPipeTableBecomesATableThatScrolls() {
    let html = html(
      """
      | Token | Logit | |
      |:--|--:|:-:|
      | ` de` \\| **du** | 3.14 | [a](b.csv) | cut |
      | # - | | |
      | short
      """)
    #expect(
      html == """
        <div class="scroll" tabindex="0" role="group" aria-label="Table">
        <table>
        <thead>
        <tr><th scope="col" class="left">Token</th><th scope="col" class="right">Logit</th>\
        <td class="center"></td></tr>
        </thead>
        <tbody>
        <tr><td class="left"><code> de</code> | <strong>du</strong></td><td class="right">3.14</td>\
        <td class="center"><a href="b.csv">a</a></td></tr>
        <tr><td class="left"># -</td><td class="right"></td><td class="center"></td></tr>
        <tr><td class="left">short</td><td class="right"></td><td class="center"></td></tr>
        </tbody>
        </table>
        </div>

        """)
  }

  @Test(arguments: [
    ("C #", "C #"), ("##", "##"), ("a \\#", "a #"), ("C#", "C#"), ("1. x", "1. x"),
    ("- x", "- x"), ("> x", "&gt; x"), ("---", "---"), ("`a\\|b`", "<code>a|b</code>"),
    ("<b>", "&lt;b&gt;"), ("![x](https://h/x.png)", "x (https://h/x.png)"),
  ])
  func aCellHoldsInlinesOnly(cell: String, shown: String) {
    #expect(html("| h |\n|--|\n| \(cell) |").contains("<tr><td>\(shown)</td></tr>"))
  }

  @Test(arguments: [
    "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```",
    "~~~~ csv\n| a | b |\n|---|---|\n~~~\n~~~~",
    "    | a | b |\n    |---|---|",
    "- item\n\n      | a | b |\n      |---|---|",
  ])
  func tablesInCodeStayCode(markdown: String) {
    #expect(!html(markdown).contains("<table"))
    #expect(html(markdown).contains("| a | b |\n|---|---|"))
  }

  @Test(arguments: [
    "- item\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |",
    "> | a | b |\n> |---|---|\n> | 1 | 2 |",
  ])
  func tablesInListsAndQuotationsAreTables(markdown: String) {
    #expect(html(markdown).contains("<tr><td>1</td><td>2</td></tr>"))
  }

  @Test(arguments: ["| a | b |\n|---|", "| a |\n| b |", "a | b\n--- --- | x", "|---|\n|---|---|"])
  func linesThatAreNoTableStayText(markdown: String) {
    #expect(!html(markdown).contains("<table"))
  }

  @Test(arguments: [
    "</details>", "<details><summary>s</summary>\n\ntext\n\n</details>",
    "<!-- anchor: x -->\n# h", "> <details><summary>in</summary>\n\n</details>",
  ])
  func htmlIsShownAsCode(markdown: String) {
    let html = html(markdown)
    #expect(!html.contains("<details") && !html.contains("</details") && !html.contains("<!--"))
    #expect(html.contains("&lt;") && html.contains("<pre"))
  }

  @Test func aChartIsAnImage() {
    #expect(
      html("![a \"b\" *c*](charts/x.svg)")
        == "<p><img src=\"charts/x.svg\" alt=\"a &quot;b&quot; c\" /></p>\n")
  }

  @Test func headingsHaveUniquePermanentAnchors() {
    let rendered = MarkdownRenderer.render(
      """
      # Loss & *gain* of `L3N609`!

      ## Über 1½ Dinge

      ## Loss
      ## Loss
      ## Loss

      ## loss-1

      ## ???

      ###### 日本語
      """)
    #expect(
      rendered.headings.map(\.id) == [
        "loss--gain-of-l3n609", "über-1½-dinge", "loss", "loss-1", "loss-2", "loss-1-1",
        "section", "日本語",
      ])
    #expect(rendered.headings.map(\.level) == [2, 2, 2, 2, 2, 2, 2, 6])
    #expect(rendered.headings[0].text == "Loss & gain of L3N609!")
    #expect(
      rendered.html.contains(
        "<h2 id=\"loss\">Loss <a class=\"anchor\" href=\"#loss\" "
          + "aria-label=\"Link to section: Loss\">#</a></h2>"))
  }

  @Test func headingsStandBelowThePagesOwnAndTakeNoneOfItsIds() {
    let rendered = MarkdownRenderer.render(
      "# A\n\n## files\n\n### B", reservedIDs: ["files"], firstLevel: 4)
    #expect(rendered.headings.map(\.level) == [4, 4, 5])
    #expect(rendered.headings.map(\.id) == ["a", "files-1", "b"])
  }

  @Test func aPageThatStandsAloneLinksToNoFile() {
    let html = MarkdownRenderer.render(
      "[a](b.csv) ![c](charts/c.svg) [d](#d) [e](https://e.org)", isAlone: true
    ).html
    #expect(!html.contains("b.csv\"") && !html.contains("<img"))
    #expect(html.contains("href=\"#d\"") && html.contains("href=\"https://e.org\""))
  }

  @Test func theSameTextGivesTheSameBytes() {
    let text = "# A\n\n| a |\n|--|\n| b |\n\n<details><summary>x</summary>\n\n</details>\n"
    let copies = Set((0..<20).map { _ in html(text) })
    #expect(copies.count == 1)
  }

  @Test func lineEndsOfEveryKindAreLineEnds() {
    let text = "# A\n\n| a |\n|--|\n| b |\n"
    #expect(html(text.replacing("\n", with: "\r\n")) == html(text))
    #expect(html(text.replacing("\n", with: "\r")) == html(text))
  }
}
