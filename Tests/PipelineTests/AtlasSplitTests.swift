import Atlas
import Corpora
import Passes
import Pipeline
import StudyFile
import Testing

/// A study that repeats an atlas's rule measures nothing on documents that chose its neuron there.
struct AtlasSplitTests {
  private static let yaml = """
    title: A neuron of the demo atlas
    model: builtin:demo
    corpora:
      - {name: Dutch, path: "builtin:corpora/nl.txt"}
      - {name: German, path: "builtin:corpora/de.txt"}
      - {name: English, path: "builtin:corpora/en.txt"}
    target: German
    layer: 3
    neuron: 436
    documents: 2000

    """

  private struct Place: Hashable {
    let corpus: String
    let index: Int
  }

  /// The atlas of these corpora, and the study of a neuron with its rule.
  private static func resolved(
    parallel: Bool, confirmation: Double
  ) throws -> (atlas: ResolvedAtlas, study: ResolvedStudy) {
    let names =
      "{name: Dutch, path: \"builtin:corpora/nl.txt\"}, "
      + "{name: German, path: \"builtin:corpora/de.txt\"}, "
      + "{name: English, path: \"builtin:corpora/en.txt\"}"
    let atlas = try AtlasFile(
      yaml: """
        kind: atlas
        title: An atlas
        model: builtin:demo
        corpora: [\(names)]
        parallel: \(parallel ? "yes" : "no")
        seed: 5
        split: {confirmation: \(confirmation), similarity: 0.9}
        """)
    let rule = atlas.division
    let study = try StudyFile(
      yaml: yaml + "choosing: {atlas: {confirmation: \(rule.confirmation), similarity: "
        + "\(rule.similarity), parallel: \(parallel ? "yes" : "no"), seed: \(rule.seed), documents: "
        + "\(rule.documents)}}\n")
    #expect(study.choosing?.atlas == rule)
    return (
      try ResolvedAtlas(atlas, environment: [:]), try ResolvedStudy(study, environment: [:])
    )
  }

  @Test(arguments: [(true, 0.6), (false, 0.3)])
  func whatChoseIsNotMeasured(_ parallel: Bool, _ confirmation: Double) throws {
    let (atlas, study) = try Self.resolved(parallel: parallel, confirmation: confirmation)
    let names = atlas.file.corpora.map(\.name)
    func places(_ confirming: Bool, _ labels: [Int]) -> Set<Place> {
      Set(
        atlas.documents.filter { $0.confirms == confirming && labels.contains($0.label) }
          .map { Place(corpus: names[$0.label], index: $0.index) })
    }
    func places(_ documents: [TokenizedDocument]) -> Set<Place> {
      Set(documents.map { Place(corpus: $0.corpus, index: $0.index) })
    }
    #expect(study.drawsChoosing)
    for (reference, labels) in [
      (CorpusReference.target, [1]), (.other, [0, 2]), (.named("Dutch"), [0]),
    ] {
      let measured = study.measuringDocuments(of: reference)
      #expect(measured.isNew)
      #expect(places(measured.documents) == places(true, labels), "\(reference)")
    }
    for (reference, labels) in [(CorpusReference.target, [1]), (.other, [0, 2])] {
      let choosing = places(study.choosingDocuments(of: reference).documents)
      #expect(!choosing.isEmpty && choosing.isSubset(of: places(false, labels)), "\(reference)")
    }
  }

  @Test func theRuleIsAPartOfWhatResultsDependOn() throws {
    let (_, study) = try Self.resolved(parallel: true, confirmation: 0.6)
    let (_, other) = try Self.resolved(parallel: true, confirmation: 0.5)
    #expect(study.file.showing([]) != other.file.showing([]))
  }
}
