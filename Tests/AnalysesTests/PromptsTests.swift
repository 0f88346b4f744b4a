import Analyses
import Charts
import Foundation
import ReportModel
import StudyFile
import Testing

struct PromptsTests {
  private static let neuron = NeuronAddress(layer: 3, neuron: 436)
  /// Ids 0 and 2 tie.
  private static let logits: [Float] = [2, 1, 2, -1, 0.5]

  private static func prompt(
    clean: [Float] = logits, ablated: [Float] = [1, 3, 2, -1, 0.5], answers: [Int] = [0, 1],
    text: String = "De leden"
  ) -> Prompts.Prompt {
    Prompts.Prompt(
      text: text, tokens: ["<|endoftext|>", "De", " leden"], answers: answers,
      clean: NextTokens(logits: clean), ablated: NextTokens(logits: ablated), shown: 2,
      name: { " t\($0)" })
  }

  @Test func equalLogitsRankByTheLowerIndex() {
    let next = NextTokens(logits: Self.logits)
    #expect(Self.logits.indices.map { next.score(of: $0).rank } == [0, 2, 1, 4, 3])
    #expect(next.top(10) == [0, 2, 1, 4, 3])
    #expect(next.top(2) == [0, 2])
  }

  /// NumPy in float64; 1e-15 is rounding.
  @Test func softmaxIsTakenInDouble() {
    let next = NextTokens(logits: Self.logits)
    let expected = [
      0.37867360689993834, 0.13930623489272376, 0.37867360689993834, 0.018853048755832866,
      0.0844935025515668,
    ]
    for (id, probability) in expected.enumerated() {
      let score = next.score(of: id)
      #expect(abs(score.probability - probability) < 1e-15)
      #expect(abs(score.logProbability - log(probability)) < 1e-14)
      #expect(score.logit == Double(Self.logits[id]))
    }
  }

  @Test func largeLogitsDoNotOverflow() {
    let next = NextTokens(logits: [3e4, 0, 3e4])
    #expect(abs(next.score(of: 0).probability - 0.5) < 1e-12)
    #expect(next.score(of: 1).probability == 0)
    #expect(abs(next.score(of: 1).logProbability + 3e4 + log(2)) < 1e-8)
  }

  @Test func bothRunsListTheirOwnFirstTokensAndEitherHasAll() {
    let prompt = Self.prompt()
    #expect(prompt.clean.map(\.token) == [" t0", " t2"])
    #expect(prompt.ablated.map(\.token) == [" t1", " t2"])
    #expect(prompt.either.map(\.id) == [0, 2, 1])
    #expect(prompt.answers.map(\.clean.rank) == [0, 2])
    #expect(prompt.answers.map(\.ablated.rank) == [2, 0])
    #expect(!prompt.keepsItsFirst)
    #expect(Self.prompt(ablated: Self.logits).keepsItsFirst)
  }

  @Test func keysAreThoseThatOtherProgramsRelyOn() throws {
    let data = try JSONEncoder().encode(Self.prompt())
    let prompt = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(prompt.keys).isSuperset(of: ["text", "tokens", "answers", "clean", "ablated"]))
    let answer = try #require((prompt["answers"] as? [[String: Any]])?.first)
    let clean = try #require(answer["clean"] as? [String: Any])
    #expect(Set(clean.keys) == ["rank", "logit", "probability", "log_probability"])
    let next = try #require((prompt["clean"] as? [[String: Any]])?.first)
    #expect(Set(next.keys) == ["token", "logit", "probability"])
    #expect(try JSONDecoder().decode(Prompts.Prompt.self, from: data) == Self.prompt())
  }

  private static func note(_ prompt: Prompts.Prompt) throws -> String {
    let section = Prompts().section([prompt], in: try DemoStudy.findings())
    return try #require(section?.figures.first).note
  }

  @Test func captionHasItsNumbers() {
    let caption = Prompts.caption(Self.prompt(), neuron: Self.neuron)
    #expect(caption.contains("After “De leden”"))
    #expect(caption.contains("“ t0” (37.9 %)"))
    #expect(caption.contains("with L3N436 ablated it is “ t1”"))
  }

  @Test func theNoteFollowsEachAnswer() throws {
    let note = try Self.note(Self.prompt())
    #expect(note.contains("“ t0” goes from rank 0 to rank 2"))
    #expect(note.contains("its logit goes from 2.00 to 1.00"))
    #expect(note.contains("log-probability from −0.971 to"))
  }

  /// The notebook's cell 48: " de" becomes likelier while its logit falls.
  @Test func aProbabilityThatRisesWhileTheLogitFallsIsPointedOut() throws {
    let crossing = Self.prompt(ablated: [1.5, -1, -1, -1, -1], answers: [0])
    #expect(try Self.note(crossing).contains("becomes likelier though its logit falls"))
    let other = Self.prompt(ablated: [2.5, 5, 2, -1, 0.5], answers: [0])
    #expect(try Self.note(other).contains("becomes less likely though its logit rises"))
    let plain = Self.prompt(ablated: [1, 1, 2, -1, 0.5], answers: [0])
    #expect(try !Self.note(plain).contains("though"))
  }

  @Test func hostileTextIsShownAsText() throws {
    let study = try DemoStudy.findings()
    let text = "<script>`|\u{202E}\n# *x* " + String(repeating: "a", count: 200)
    let section = try #require(Prompts().section([Self.prompt(text: text)], in: study))
    for case .prose(let prose) in section.blocks {
      let own = prose.replacing("<!-- -->", with: "").replacing("\\<", with: "")
      #expect(!own.contains("<"))
      #expect(!prose.contains("\u{202E}"))
    }
    let caption = Prompts.caption(Self.prompt(text: text), neuron: Self.neuron)
    #expect(!caption.contains("\n") && !caption.contains("\u{202E}"))
    #expect(caption.contains("…”"))
  }

  @Test func everyPromptHasAFigureAndItsAnswersATable() throws {
    let study = try DemoStudy.findings()
    let section = try #require(
      Prompts().section([Self.prompt(), Self.prompt(answers: [])], in: study))
    var figures: [String] = []
    var tables: [DataTable] = []
    for block in section.blocks {
      if case .figure(let figure) = block { figures.append(figure.id) }
      if case .table(let table) = block { tables.append(table) }
    }
    #expect(figures == ["prompt-1", "prompt-2"])
    // All answers in one, then those of a prompt with every number.
    #expect(tables.map(\.rows.count) == [2, 6])
    #expect(Prompts().section([], in: study) == nil)
  }
}
