import LanguageModel
import Passes
import StudyFile
import Tokenization

/// The most likely next tokens after each of the study's prompts, clean and ablated (notebook cells
/// 35, 42 and 48).
package struct Prompts: Analysis {
  package static let id = "prompts"
  package static let question = "What does the model say next, clean and ablated?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.fallingLogits]
  package static let parts: StudyParts = .prompts

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(texts: Set(study.prompts.flatMap(PromptTraces.runs)))
  }

  package func run(_ evidence: Evidence) throws -> [Prompt] {
    let tokenizer = evidence.study.tokenizer
    return try evidence.study.prompts.enumerated().map { index, prompt in
      let traces = try PromptTraces(evidence, prompt: index)
      return Prompt(
        text: prompt.text, tokens: prompt.ids.map(tokenizer.string(of:)),
        answers: prompt.answers.map { Int($0.id) },
        clean: NextTokens(logits: traces.clean.logits),
        ablated: NextTokens(logits: traces.ablated.logits),
        name: { tokenizer.string(of: Int32($0)) })
    }
  }

  package struct Prompt: Codable, Sendable, Equatable {
    package var text: String
    /// The tokens of the prompt, BOS first where there is one.
    package var tokens: [String]
    package var answers: [FollowedToken]
    /// The ten most likely next tokens, the most likely first, in the clean run; below, in the
    /// ablated run.
    package var clean: [NextToken]
    package var ablated: [NextToken]
    /// The tokens of `clean`, then those that only `ablated` has, with their scores in both runs.
    package var either: [FollowedToken]

    /// Whether both runs have the same most likely token.
    package var keepsItsFirst: Bool { either.first?.ablated.rank == 0 }
  }

  /// One of the most likely tokens of a run.
  package struct NextToken: Codable, Sendable, Equatable {
    package var token: String
    package var logit: Double
    package var probability: Double
  }

  /// A token's scores in both runs.
  package struct FollowedToken: Codable, Sendable, Equatable {
    package var token: String
    package var id: Int
    package var clean: TokenScore
    package var ablated: TokenScore
  }
}

extension Prompts.Prompt {
  /// Scores the answers and the most likely tokens in both runs.
  ///
  /// - Parameters:
  ///   - answers: the ids of the study's answers
  ///   - name: the text of a token id
  package init(
    text: String, tokens: [String], answers: [Int], clean: NextTokens, ablated: NextTokens,
    shown: Int = 10, name: (Int) -> String
  ) {
    func follow(_ id: Int) -> Prompts.FollowedToken {
      Prompts.FollowedToken(
        token: name(id), id: id, clean: clean.score(of: id), ablated: ablated.score(of: id))
    }
    func list(_ ids: [Int], in next: NextTokens) -> [Prompts.NextToken] {
      ids.map { id in
        let score = next.score(of: id)
        return Prompts.NextToken(
          token: name(id), logit: score.logit, probability: score.probability)
      }
    }
    let tops = (clean: clean.top(shown), ablated: ablated.top(shown))
    self.text = text
    self.tokens = tokens
    self.answers = answers.map(follow)
    self.clean = list(tops.clean, in: clean)
    self.ablated = list(tops.ablated, in: ablated)
    either = (tops.clean + tops.ablated.filter { !tops.clean.contains($0) }).map(follow)
  }
}
