import LanguageModel
import Passes
import StudyFile
import Tokenization

/// Direct logit attribution: which components of the residual stream raise a prompt's first answer
/// relative to its second, clean and ablated (notebook cells 43 to 47).
package struct LogitAttribution: Analysis {
  package static let id = "logit_attribution"
  package static let question =
    "Which components write the difference of two answers, with and without the neuron?"
  package static let isOptional = false
  package static let answers: Set<KnownObjection> = [.ownScales, .changingSigns]
  package static let parts: StudyParts = .prompts

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs {
    Needs(texts: Set(study.prompts.filter(Self.isAttributed).flatMap(PromptTraces.runs)))
  }

  private static func isAttributed(_ prompt: ResolvedStudy.ResolvedPrompt) -> Bool {
    prompt.answers.count >= 2
  }

  package func run(_ evidence: Evidence) throws -> [Attribution] {
    let tokenizer = evidence.study.tokenizer
    return try evidence.study.prompts.enumerated().compactMap { index, prompt in
      guard Self.isAttributed(prompt) else { return nil }
      let traces = try PromptTraces(evidence, prompt: index)
      let answers = prompt.answers.prefix(2)
      let difference = AnswerDifference(
        first: answers[0].id, second: answers[1].id, in: evidence.model)
      let post = traces.clean.post
      return Attribution(
        prompt: prompt.text, tokens: prompt.ids.map(tokenizer.string(of:)),
        answers: answers.map { tokenizer.string(of: $0.id) },
        labels: traces.clean.components.map(\.label),
        clean: difference.contributions(in: traces.clean),
        ablated: difference.contributions(in: traces.ablated),
        activation: post.column(evidence.neuron.neuron).map(Double.init), bias: difference.bias,
        logitDifference: Runs(
          clean: difference.logits(in: traces.clean), ablated: difference.logits(in: traces.ablated)
        ), uncapped: Self.uncapped(difference, traces),
        scale: Runs(clean: Double(traces.clean.scale), ablated: Double(traces.ablated.scale)))
    }
  }

  private static func uncapped(_ difference: AnswerDifference, _ traces: PromptTraces) -> Runs? {
    guard let clean = difference.uncapped(in: traces.clean),
      let ablated = difference.uncapped(in: traces.ablated)
    else { return nil }
    return Runs(clean: clean, ablated: ablated)
  }

  /// One prompt's attribution. Differences are first answer minus second.
  package struct Attribution: Codable, Sendable, Equatable {
    package var prompt: String
    /// The tokens of the prompt, BOS first where there is one.
    package var tokens: [String]
    package var answers: [String]
    /// The components, with the labels of TransformerLens's `decompose_resid(layer=-1)`.
    package var labels: [String]
    /// The contribution of each component to the logit difference, in the clean run; below, in the
    /// ablated run.
    package var clean: [Double]
    package var ablated: [Double]
    /// hook_post of the studied neuron at every position in the clean run.
    package var activation: [Double]
    /// The difference of the answers' b_U.
    package var bias: Double
    package var logitDifference: Runs
    /// The logit difference before the model's soft cap, to which the components add up; absent if
    /// the model has no cap.
    package var uncapped: Runs?
    /// The scale of the final norm at the last token (`ln_final.hook_scale`).
    package var scale: Runs

    enum CodingKeys: String, CodingKey {
      case prompt, tokens, answers, labels, clean, ablated, activation, bias, scale, uncapped
      case logitDifference = "logit_difference"
    }
  }

  /// A number in the clean and in the ablated run.
  package struct Runs: Codable, Sendable, Equatable {
    package var clean: Double
    package var ablated: Double

    package init(clean: Double, ablated: Double) {
      self.clean = clean
      self.ablated = ablated
    }
  }
}

extension LogitAttribution.Attribution {
  /// The contributions of each component in both runs.
  package var components: [(label: String, clean: Double, ablated: Double)] {
    zip(labels, zip(clean, ablated)).map { ($0, $1.0, $1.1) }
  }

  /// The logit difference that components and b_U should add up to.
  package var whole: LogitAttribution.Runs { uncapped ?? logitDifference }

  /// The sum of all components and b_U, which equals `whole` but for rounding.
  package var sums: LogitAttribution.Runs {
    LogitAttribution.Runs(clean: clean.reduce(bias, +), ablated: ablated.reduce(bias, +))
  }

  /// The larger of the two runs' differences between `sums` and `whole`.
  package var largestSumError: Double {
    max(abs(sums.clean - whole.clean), abs(sums.ablated - whole.ablated))
  }
}
