import Diagnostics
import Foundation
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

  /// A letter and its canonical decomposition, which Foundation knows, give the same slug.
  @Test func everyCharacterIsReadAsItsDecomposition() {
    var letters = 0
    for scalar in (UInt32(0x80)...0x10FFFF).compactMap(Unicode.Scalar.init) {
      let text = String(scalar)
      let decomposed = text.decomposedStringWithCanonicalMapping
      guard decomposed.unicodeScalars.count > 1 || decomposed.unicodeScalars.first != scalar else {
        continue
      }
      #expect(Slug.from("a " + text + "z") == Slug.from("a " + decomposed + "z"), "\(scalar.value)")
      letters += Slug.from("a " + text + "z").hasSuffix("-z") ? 0 : 1
    }
    #expect(letters >= 246)
  }

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
