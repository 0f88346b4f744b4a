import Diagnostics
import Storage
import StudyFile
import Testing

/// What the file of an atlas says, and what it may not say.
struct AtlasFileTests {
  private static let base = """
    kind: atlas
    title: Languages
    model: builtin:demo
    corpora:
      - {name: A, path: a.txt}
      - {name: B, path: b.txt}

    """

  private static func read(_ lines: String) throws -> AtlasFile {
    try AtlasFile(yaml: base + lines)
  }

  @Test func defaultsAreThoseOfTheManual() throws {
    let atlas = try Self.read("")
    #expect(atlas.slug == "languages" && atlas.revision == "main" && atlas.revisions.isEmpty)
    #expect(!atlas.parallel && atlas.documents == 1000 && atlas.window == nil && atlas.seed == 0)
    #expect(atlas.split.confirmation == 0.6 && atlas.split.similarity == 0.8)
    #expect(atlas.grades == AtlasGrades() && atlas.permutations == 999)
    #expect(atlas.sets?.sizes == [1, 2, 4, 8, 16, 32, 64, 128, 256])
    #expect(atlas.sets?.documents == 10 && atlas.sets?.window == 32)
    #expect(atlas.pages.neurons == 50 && atlas.expect.isEmpty)
  }

  @Test func everyKeyIsRead() throws {
    let atlas = try Self.read(
      """
      slug: lang
      revision: step5
      revisions: [step0, ./early]
      bos: no
      parallel: yes
      documents: 90
      window: 64
      seed: 4
      split: {confirmation: 0.5, similarity: 1}
      grades: {level: 0.01, confirmed: 0.95, next: 0.7, suggestive: 0.8}
      permutations: 1999
      sets: {sizes: [2, 8], documents: 9, window: 32}
      pages: {neurons: 7, named: [L3N436], passages: 2, window: 20}
      expect: [{figure: labels.A.confirmed, at_least: 1}]
      date: 2026-01-31
      authors: [A. Author]
      url: https://example.org
      doi: 10.1234/abc
      """)
    #expect(atlas.slug == "lang" && atlas.revision == "step5")
    #expect(atlas.revisions == ["step0", "./early"] && atlas.bos == false && atlas.parallel)
    #expect(atlas.documents == 90 && atlas.window == 64 && atlas.seed == 4)
    #expect(atlas.split.confirmation == 0.5 && atlas.split.similarity == 1)
    #expect(atlas.grades.level == 0.01 && atlas.grades.confirmed == 0.95)
    #expect(atlas.grades.next == 0.7 && atlas.grades.suggestive == 0.8)
    #expect(atlas.permutations == 1999)
    #expect(atlas.sets?.sizes == [2, 8] && atlas.sets?.documents == 9 && atlas.sets?.window == 32)
    #expect(atlas.pages.neurons == 7 && atlas.pages.named == ["L3N436"])
    #expect(atlas.pages.passages == 2 && atlas.pages.window == 20)
    #expect(atlas.expect.count == 1 && atlas.date == "2026-01-31")
    #expect(atlas.authors == ["A. Author"] && atlas.url == "https://example.org")
    #expect(atlas.doi == "10.1234/abc")
    #expect(try Self.read("sets: no").sets == nil)
  }

  /// Lines that follow the base from line 7 on, and words of the message.
  @Test(arguments: [
    ("permutatons: 9", "line 7, permutatons: expected a known key, found \"permutatons\""),
    ("permutatons: 9", "Did you mean permutations?"),
    ("target: A", "line 7, target: expected a known key"),
    ("permutations: 18", "line 7, permutations: expected an integer from 19 to 99999"),
    ("permutations: 19", "line 7, permutations: expected more than 19 for the level 0.05"),
    (
      "permutations: 19\ngrades: {level: 1e-300}",
      "line 7, permutations: expected a level that 99999 permutations can reach"
    ),
    ("grades: {level: 1e-300}", "line 7, grades: expected a level that 99999 permutations"),
    ("grades: {level: 0.0009}", "line 7, grades: expected more than 1110 for the level 0.0009"),
    ("split: {confirmation: 1}", "line 7, split.confirmation: expected a share from 0.1 to 0.9"),
    ("grades: {confirmed: 1}", "line 7, grades.confirmed: expected an AUC from 0.5, below 1"),
    ("sets: {sizes: [4, 2]}", "line 7, sets.sizes[1]: expected a number above 4, found \"2\""),
    ("sets: {sizes: []}", "line 7, sets.sizes: expected at least one number"),
    ("sets: yes", "line 7, sets: expected a mapping with sizes, documents, window"),
    ("pages: {named: [3N4]}", "line 7, pages.named[0]: expected a neuron such as L3N436"),
    ("pages: {named: [L3N4, L3N4]}", "line 7, pages.named[1]: expected each neuron once"),
    ("revisions: [a, a]", "line 7, revisions[1]: expected each checkpoint once"),
    ("documents: 3", "line 7, documents: expected an integer from 4 to 1000000"),
    ("parallel: maybe", "line 7, parallel: expected yes or no"),
  ]) func anImpossibleFileIsRefused(lines: String, message: String) {
    #expect { try Self.read(lines) } throws: { "\($0)".contains(message) || words($0, message) }
  }

  private func words(_ error: any Error, _ message: String) -> Bool {
    guard let fault = error as? Diagnostic else { return false }
    return fault.description.contains(message)
  }

  @Test func labelsAreAtLeastTwoAndDiffer() {
    func read(_ corpora: String) -> String {
      do {
        _ = try AtlasFile(yaml: "kind: atlas\ntitle: T\nmodel: m\ncorpora:\n" + corpora)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(read("  - {name: A, path: a.txt}").contains("expected at least two corpora, found 1"))
    let twice = "  - {name: A, path: a.txt}\n"
    #expect(read(twice + twice).contains("expected each corpus once"))
    #expect(
      read(twice + "  - {name: B, path: a.txt}").contains("expected other text than that of A"))
    #expect(
      read(twice + "  - {name: B, path: b.txt, role: evaluation}")
        .contains("expected a label: a corpus of role study"))
  }

  @Test func onlyItsKindMakesAnAtlas() throws {
    func file(_ text: String) -> FileBytes { FileBytes(Array(text.utf8), name: "x.yml") }
    #expect(AtlasFile.isAtlas(file(Self.base)))
    #expect(!AtlasFile.isAtlas(file("title: kind of atlas\nkinds: atlas")))
    #expect(!AtlasFile.isAtlas(file("kind: [atlas")))
    #expect(try !AtlasFile.isAtlas(BuiltInStudy.demo.file))
    let demo = try #require(try BuiltInAtlas.named("demo-atlas"))
    #expect(demo.corpora.count == 8 && demo.parallel)
  }

  @Test func addressesOfNeuronsAreRead() {
    #expect(NeuronAddress("L3N436") == NeuronAddress(layer: 3, neuron: 436))
    for text in ["", "L", "LN", "L3", "3N4", "L3N", "L-3N4", "L3N4N5", "L3N4 ", "l3n4", "L٣N4"] {
      #expect(NeuronAddress(text) == nil)
    }
  }
}
