/// TransformerLens's short names of hub models
/// (`transformer_lens.loading_from_pretrained.MODEL_ALIASES`, version 2.16.1).
enum HubAliases {
  /// The full name of an alias; nil if `name` is not an alias.
  static func fullName(of name: String) -> String? {
    if name.contains("/") { return nil }
    if let exact = names[name] { return exact }
    for (prefix, organisation) in organisations where name.hasPrefix(prefix) {
      return organisation + "/" + name
    }
    for (prefix, family) in capitalised where name.hasPrefix(prefix) {
      return family
        + name.dropFirst(prefix.count).split(separator: "-").map(capitalise)
        .joined(separator: "-")
    }
    if name.hasPrefix("tiny-stories-") {
      let rest = name.dropFirst("tiny-stories-".count)
        .replacing("instruct", with: "Instruct").replacing("1L", with: "1Layer")
        .replacing("2L", with: "2Layers")
      // The hub spells the name of this model without an "r".
      return rest == "Instruct-1Layer-21M"
        ? "roneneldan/TinyStories-Instuct-1Layer-21M" : "roneneldan/TinyStories-" + rest
    }
    return nil
  }

  /// Capitalises a part of a name: `0.5b` → `0.5B`, `instruct` → `Instruct`.
  private static func capitalise(_ part: Substring) -> String {
    if part.hasSuffix("b"), part.dropLast().allSatisfy({ $0.isNumber || $0 == "." }) {
      return part.dropLast() + "B"
    }
    return part.prefix(1).uppercased() + part.dropFirst()
  }

  /// Prefixes of names that lack only their organisation.
  private static let organisations: KeyValuePairs<String, String> = [
    "pythia-": "EleutherAI", "gpt-neo-": "EleutherAI", "gpt-neox-": "EleutherAI",
    "gpt-j-": "EleutherAI", "opt-": "facebook", "bloom-": "bigscience", "gemma-": "google",
    "phi-": "microsoft",
  ]

  /// Prefixes of names that are written in lower case.
  private static let capitalised: KeyValuePairs<String, String> = [
    "qwen1.5-": "Qwen/Qwen1.5-", "qwen2-": "Qwen/Qwen2-", "qwen2.5-": "Qwen/Qwen2.5-",
    "qwen3-": "Qwen/Qwen3-", "yi-": "01-ai/Yi-",
  ]

  private static let names = [
    "gpt2-small": "gpt2",
    "gpt-j": "EleutherAI/gpt-j-6B", "gptj": "EleutherAI/gpt-j-6B",
    "gpt-neox": "EleutherAI/gpt-neox-20b", "neox": "EleutherAI/gpt-neox-20b",
    "gpt-neo-small": "EleutherAI/gpt-neo-125M", "neo-small": "EleutherAI/gpt-neo-125M",
    "neo": "EleutherAI/gpt-neo-125M", "gpt-neo-medium": "EleutherAI/gpt-neo-1.3B",
    "neo-medium": "EleutherAI/gpt-neo-1.3B", "gpt-neo-large": "EleutherAI/gpt-neo-2.7B",
    "neo-large": "EleutherAI/gpt-neo-2.7B",
    "opt": "facebook/opt-125m", "opt-small": "facebook/opt-125m",
    "opt-medium": "facebook/opt-1.3b", "opt-large": "facebook/opt-2.7b",
    "opt-xl": "facebook/opt-6.7b", "opt-xxl": "facebook/opt-13b",
    "opt-xxxl": "facebook/opt-30b", "opt-xxxxl": "facebook/opt-66b",
    "pythia": "EleutherAI/pythia-70m", "pythia-v0": "EleutherAI/pythia-70m-v0",
    "Llama-2-7b": "meta-llama/Llama-2-7b-hf", "Llama-2-7b-chat": "meta-llama/Llama-2-7b-chat-hf",
    "Llama-2-13b": "meta-llama/Llama-2-13b-hf",
    "Llama-2-13b-chat": "meta-llama/Llama-2-13b-chat-hf",
    "Llama-2-70b-chat": "meta-llama/Llama-2-70b-chat-hf",
    "mistral-7b": "mistralai/Mistral-7B-v0.1",
    "mistral-7b-instruct": "mistralai/Mistral-7B-Instruct-v0.1",
    "mistral-nemo-base-2407": "mistralai/Mistral-Nemo-Base-2407",
    "phi-3": "microsoft/Phi-3-mini-4k-instruct",
    "stanford-gpt2-small-a": "stanford-crfm/alias-gpt2-small-x21",
    "stanford-gpt2-small-b": "stanford-crfm/battlestar-gpt2-small-x49",
    "stanford-gpt2-small-c": "stanford-crfm/caprica-gpt2-small-x81",
    "stanford-gpt2-small-d": "stanford-crfm/darkmatter-gpt2-small-x343",
    "stanford-gpt2-small-e": "stanford-crfm/expanse-gpt2-small-x777",
    "stanford-gpt2-medium-a": "stanford-crfm/arwen-gpt2-medium-x21",
    "stanford-gpt2-medium-b": "stanford-crfm/beren-gpt2-medium-x49",
    "stanford-gpt2-medium-c": "stanford-crfm/celebrimbor-gpt2-medium-x81",
    "stanford-gpt2-medium-d": "stanford-crfm/durin-gpt2-medium-x343",
    "stanford-gpt2-medium-e": "stanford-crfm/eowyn-gpt2-medium-x777",
  ]
}
