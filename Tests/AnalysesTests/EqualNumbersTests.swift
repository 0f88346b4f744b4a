import Analyses
import Corpora
import Foundation
import LanguageModel
import Passes
import StudyFile
import Testing

/// Where a class is held against a class, both have as many documents.
struct EqualNumbersTests {
  /// Twelve documents of Dutch and four of each of seven others, of which four of each class probe:
  /// eight are left of the one, and twenty-four of the other.
  private static func study() throws -> ResolvedStudy {
    var file = try EvidenceStudy.resolved().file
    file.probe.documents = 4
    return try ResolvedStudy(file, environment: [:])
  }

  @Test func aSampleIsNoLargerThanTheSmallerClass() throws {
    let study = try Self.study()
    #expect(study.measuringDocuments(of: .target).ofEither == 8)
    for corpus in [CorpusReference.target, .other] {
      let sample = DocumentSample(of: corpus, in: study)
      #expect(sample.size.documents == 8 && !sample.size.holdsSelection)
      #expect(DocumentSample(of: corpus, in: study, documents: 5).size.documents == 5)
    }
    for name in study.file.other {
      // One document of each of the first four corpora probes.
      #expect([3, 4].contains(DocumentSample(of: .named(name), in: study).size.documents))
    }
    // Donors are held against nothing.
    #expect(DocumentSample(of: .other, in: study, isBalanced: false).size.documents == 24)
  }

  /// Whole documents are drawn too, the corpora of the other class in turn and never the first.
  @Test func placesAreDrawnInEqualNumbers() throws {
    let study = try Self.study()
    #expect(study.measuringPlaces(of: .target) == Array(4..<12))
    let places = study.measuringPlaces(of: .other)
    #expect(places.count == 8 && places == places.sorted() && places != Array(4..<12))
    let documents = study.documents(of: .other).documents
    let counts = Dictionary(grouping: places.map { documents[$0].corpus }) { $0 }.mapValues(\.count)
    #expect(counts.count == 7 && counts.values.allSatisfy { $0 <= 2 })
    let drawn = Set(
      DocumentSample(of: .other, in: study).documents.map { "\($0.corpus) \($0.index)" })
    #expect(Set(places.map { "\(documents[$0].corpus) \(documents[$0].index)" }) == drawn)
  }

  @Test func everyAnalysisOfBothClassesTakesEqualNumbers() throws {
    let study = try Self.study()
    var needs = Upstream().needs(study)
    needs.formUnion(Examples().needs(study))
    needs.formUnion(PositionResponse().needs(study))
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let evidence = try Sweep(
      study, needs: needs, environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
    let upstream = try Upstream().run(evidence)
    #expect(upstream.samples.target.documents == 8 && upstream.samples.other.documents == 8)
    let examples = try Examples().run(evidence)
    #expect(examples.classes.map(\.documents) == [8, 8])
    // The probe is fitted on those that chose, and judged on others.
    #expect(examples.probe.sample == .init(fitted: 4, judged: 8, isNew: true))
    #expect(examples.probe.falseNegatives.passages.allSatisfy { $0.document >= 4 })
    #expect(!examples.probe.falseNegatives.passages.isEmpty)
    let positions = try PositionResponse().run(evidence)
    #expect(positions.corpora.map { $0.counts.first } == [8, 8])
    #expect(positions.switches?.samples.target.documents == 8)
    #expect(positions.switches?.samples.other.documents == 8)
  }
}
