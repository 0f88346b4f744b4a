import Charts
import Testing

struct TextTests {
  @Test(arguments: [
    (0.0123456, "0.0123"), (66_194, "66,194"), (1.2e-7, "1.20×10⁻⁷"), (-0.5, "−0.500"), (0, "0"),
    (1_000, "1,000"), (-0.0, "0"), (.nan, "–"), (.infinity, "–"), (9.9996, "10.00"),
    (.leastNonzeroMagnitude, "4.94×10⁻³²⁴"), (1.7e308, "1.70×10³⁰⁸"), (1e22, "1.00×10²²"),
    (9.9999e-5, "1.00×10⁻⁴"),
  ])
  func significantDigitsReadWell(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test func fixedDecimalsNeverShowANegativeZero() {
    #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.fixed(2.75, decimals: 1) == "2.8")
    #expect(NumberText.fixed(1e30, decimals: 3) == "1.00×10³⁰")
  }

  @Test(arguments: [
    ("\0", "␀"), ("a\nb", "a↵b"), ("\t", "→"), ("\r\n", "␍↵"), ("\u{7F}", "␡"),
    ("\u{202E}abc", "⇐abc"), ("\u{2066}x\u{2069}", "⇒x⇔"), ("\u{FFFE}", "\u{FFFD}"),
    ("\u{1}", "␁"), ("\u{85}", "↵"), ("\u{9F}", "\u{FFFD}"), ("\u{200B}", "◌"), ("👩‍👩‍👧", "👩‍👩‍👧"),
  ])
  func controlCharactersBecomeSymbols(text: String, shown: String) {
    #expect(ReadableText.visible(text) == shown)
  }

  @Test func tokensShowTheirOuterSpaces() {
    #expect(ReadableText.token(" van") == "␣van")
    #expect(ReadableText.token("  ") == "␣␣")
    #expect(ReadableText.token(" a b ") == "␣a b␣")
  }

  @Test(arguments: [
    ("ablation", "ablation"), ("a b\"<c>", "a-b--c-"), ("3d", "chart-3d"), ("", "chart-"),
    ("é", "chart--"),
  ])
  func identifiersAreXMLNames(slug: String, name: String) {
    #expect(ReadableText.identifier(slug) == name)
  }

  @Test func ideographsAndEmojiTakeTwoCells() {
    #expect("aé的🙂👩‍👩‍👧e\u{301}".map(TextWidth.cells) == [1, 1, 2, 2, 2, 1])
  }

  @Test(arguments: [10.0, 40, 80, 200, 1000])
  func fittingTextFits(width: Double) {
    let text = TextWidth.fitting("A rather long name of a corpus 的的的", width: width, size: 13)
    #expect(TextWidth.of(text, size: 13) <= max(width, TextWidth.of("…", size: 13)))
  }
}
