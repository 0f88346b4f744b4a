import Diagnostics
import LanguageModel
import Passes

/// The clean and the ablated run of one prompt.
struct PromptTraces {
  let clean: Trace
  let ablated: Trace

  /// What has to be run for it.
  static func runs(of prompt: ResolvedStudy.ResolvedPrompt) -> [TextRun] {
    Run.allCases.map { TextRun(prompt.ids, $0) }
  }

  /// - Throws: `Diagnostic` of kind `.data` where the model overflows on the prompt.
  init(_ evidence: Evidence, prompt index: Int) throws {
    let ids = evidence.study.prompts[index].ids
    clean = evidence.trace(ids, .clean)
    ablated = evidence.trace(ids, .ablated)
    let activations = clean.post.column(evidence.neuron.neuron)
    guard [clean.logits, ablated.logits, activations].allSatisfy({ $0.allSatisfy(\.isFinite) })
    else {
      throw Diagnostic(
        .data, file: evidence.study.source.name, field: "prompts[\(index)]",
        expected: "finite activations", found: "NaN or infinity",
        advice: "The model overflows on this prompt; check the checkpoint.")
    }
  }
}
