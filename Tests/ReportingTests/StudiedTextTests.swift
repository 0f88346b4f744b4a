import Corpora
import Passes
import ReportModel
import Reporting
import StudyFile
import Testing

/// How a page says that the neuron was chosen, with choices made to break the sentence.
struct StudiedTextTests {
  private static func words(
    _ neuron: NeuronReference, _ choice: NeuronChoice? = nil
  ) throws -> String {
    var study = try Sample.file(Sample.json()).findings.study
    study.file.neuron = neuron
    study.neuronChoice = choice
    return StudiedText(study).section.blocks.compactMap { block -> String? in
      if case .prose(let prose) = block { prose } else { nil }
    }.joined(separator: "\n").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func choice(
    _ winners: [NeuronChoice.Winner], searched: Int = 1500, tied: Int? = 0
  ) -> NeuronChoice {
    NeuronChoice(
      layer: 3, neuron: 436, mcc: 0.81249, splits: winners.reduce(0) { $0 + $1.splits },
      winners: winners, searched: searched, tied: tied,
      documents: ClassPair(target: 18, other: 18))
  }

  private static let measured =
    "No analysis beyond the notebook's own measures these documents, unless its section says so."

  @Test func theBestNeuronIsSaidWithItsScoreAndTheSplitsThatChooseIt() throws {
    let text = try Self.words(
      .best,
      Self.choice([.init(layer: 3, neuron: 436, splits: 4), .init(layer: 2, neuron: 7, splits: 1)]))
    #expect(
      text.contains(
        "The study asks for the best neuron (`neuron: best`): of the 1,500 neurons searched that "
          + "are higher on Dutch, L3N436 has the highest MCC on tokens of documents that its "
          + "threshold was not fitted on, 0.812, over 18 documents of Dutch and 18 of the other "
          + "class, drawn at random. Of 5 splits, each alone would choose L3N436 in 4 and L2N7 in "
          + "1. "
          + Self.measured))
  }

  /// Neurons that do exactly as well are counted; the first by layer and index is taken.
  @Test(arguments: [
    (1, " 1 other neuron has the same; the first is taken."),
    (3, " 3 other neurons have the same; the first is taken."), (0, ""),
    (nil as Int?, ""),
  ])
  func tiesAreSaid(tied: Int?, words: String) throws {
    let winner = NeuronChoice.Winner(layer: 3, neuron: 436, splits: 1)
    let text = try Self.words(.best, Self.choice([winner], searched: 1, tied: tied))
    #expect(text.contains("of the 1 neuron searched"))
    #expect(
      text.contains(
        "drawn at random.\(words) Of 1 split, each alone would choose L3N436 in 1. "
          + Self.measured))
  }

  /// Where nothing is higher on the target none has the highest MCC.
  @Test func noNeuronThatIsHigherIsNoBestNeuron() throws {
    let text = try Self.words(.best, Self.choice([], searched: 0, tied: 0))
    #expect(text.contains("none is higher on Dutch: L3N436 stands in for it."))
    #expect(!text.contains("highest MCC") && !text.contains("would choose"))
  }

  @Test func withoutSplitsNoneIsSaidToChoose() throws {
    let text = try Self.words(.best, Self.choice([]))
    #expect(text.contains("drawn at random. \(Self.measured)") && !text.contains("would choose"))
  }

  /// The notebook's choice takes either sign; a number was chosen by nobody.
  @Test func theNotebooksChoiceAndANumberAreTold() throws {
    let text = try Self.words(.auto)
    #expect(
      text.contains(
        "the one whose mean on Dutch is furthest from its mean on the other class, above it or "
          + "below, on the first 200 documents of each class."))
    #expect(try !Self.words(.number(436)).contains("choice"))
  }
}
