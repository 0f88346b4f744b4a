import Analyses
import Passes
import ReportModel
import Testing

/// What a page says of the documents that a number is measured on, at the edges of "few".
struct SampleWordsTests {
  private static func size(
    _ documents: Int, leftOut: Int = 0, isChosenOn: Bool = false
  ) -> DocumentSample.Size {
    DocumentSample.Size(
      documents: documents, tokens: 10 * documents, available: documents + leftOut,
      leftOut: leftOut, holdsSelection: isChosenOn, window: 64)
  }

  @Test(arguments: [
    (1, ", fewer than 10, which carry no interval"),
    (9, ", fewer than 10, which carry no interval"),
    (10, ", fewer than 20, so that the interval is wide and one document can move it"),
    (19, ", fewer than 20, so that the interval is wide and one document can move it"),
    (20, ""), (40, ""),
  ])
  func fewDocumentsAreCommentedOn(documents: Int, words: String) {
    let size = Self.size(documents, leftOut: 3)
    #expect(size.choice == "none of which the neuron was chosen on" + words)
    let text = size.words("Du*tch")
    #expect(text.contains("after leaving out the 3 documents set apart for choosing the neuron."))
    #expect(text.contains(Markdown.text("Du*tch")))
    let measured = documents == 1 ? "1 document" : "\(documents) documents"
    #expect(text.hasSuffix(words.isEmpty ? "neuron." : " Measured are \(measured)\(words)."))
  }

  @Test func documentsThatChoseAreNamed() {
    let size = Self.size(12, isChosenOn: true)
    #expect(size.choice.hasPrefix("some of which the neuron was chosen on, fewer than 20"))
    #expect(size.words("Dutch").contains("**The neuron was chosen on some of them**"))
    var counted = size
    counted.chosenOn = 7
    #expect(counted.choice.hasPrefix("7 of which the neuron was chosen on, fewer than 20"))
    #expect(counted.words("Dutch").contains("**The neuron was chosen on 7 of them**"))
    #expect(Self.size(30).words("Dutch").hasSuffix("none of which the neuron was chosen on."))
  }

  /// A corpus with fewer documents than the target is commented on beside it.
  @Test func aSmallOtherCorpusIsNamed() throws {
    let evidence = try PatchingGolden().evidence
    var result = try AblationControls().run(evidence)
    let study = FindingsStudy(evidence.study, neuron: evidence.neuron)
    let few = try #require(AblationControls().section(result, in: study)).figures[0].note
    #expect(few.contains("24 documents of Dutch") && !few.contains("fewer than"))
    var german = try #require(result.corpora["Dutch"])
    german.sample.documents = 9
    result.corpora["German"] = german
    let note = try #require(AblationControls().section(result, in: study)).figures[0].note
    #expect(
      note.hasSuffix(
        " The smallest other corpus has 9 documents, fewer than 10, which carry no interval."))
  }
}
