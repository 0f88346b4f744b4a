import Diagnostics
import StudyFile
import Testing

@Suite struct SlugTests {
  @Test(arguments: [
    ("The Dutch neuron of the demo model", "the-dutch-neuron-of-the-demo-model"),
    ("  Où est-ce?  L3N609 ", "ou-est-ce-l3n609"), ("Straße & Œuvre", "strasse-oeuvre"),
    ("../../etc/passwd", "etc-passwd"), ("Łódź—Ærø", "lodz-aero"), ("İstanbul", "istanbul"),
    ("a.b_c", "a-b-c"),
  ])
  func isMadeFromTheTitle(title: String, slug: String) { #expect(Slug.from(title) == slug) }

  @Test func isNeverEmptyAndAlwaysSafe() {
    for title in ["日本語", "", "—", "../..", "\u{301}", String(repeating: "a-", count: 500)] {
      #expect(Slug.isValid(Slug.from(title)))
    }
  }

  @Test func titlesWithoutLettersDoNotShareOne() {
    #expect(Slug.from("日本") != Slug.from("中国"))
    #expect(Slug.from("日本") == Slug.from("日本"))
  }
}

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("neurn", "neuron"), ("Layer", "layer"), ("lyaer", "layer"), ("corproa", "corpora"),
    ("documnets", "documents"),
  ])
  func findsTheTypingError(wrong: String, right: String) {
    let known = ["title", "neuron", "layer", "corpora", "documents"]
    #expect(NearestName.of(wrong, among: known) == right)
  }

  @Test func doesNotGuess() {
    for wrong in ["", "zzzzz", String(repeating: "layer", count: 100_000)] {
      #expect(NearestName.of(wrong, among: ["layer"]) == nil)
    }
  }
}
