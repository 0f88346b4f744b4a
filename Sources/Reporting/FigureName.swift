import StudyFile

/// A figure's address in words: `ablation.corpora.French.padded.clean` is “Ablation · French ·
/// padded · clean”.
enum FigureName {
  private static let words = [
    "masked": "real tokens", "padded": "padded", "other": "other class",
    "train_accuracy": "training accuracy", "test_accuracy": "held-out accuracy",
    "logit_attribution": "logit attribution", "activation_histogram": "activations by class",
    "sparse_probe": "sparse probe", "neuron_accuracy": "accuracy of single neurons",
    "weight_similarity": "weight similarity", "logit_difference": "logit difference",
    "rows": "tokens", "other_mean": "mean of all others", "selected": "selected neurons",
  ]
  /// Steps that are left out of the words.
  private static let silent: Set<String> = ["corpora"]

  static func words(_ address: String) -> String {
    guard let parsed = try? FigureAddress.parse(address) else { return address }
    var parts: [String] = []
    for step in parsed.steps {
      switch step {
      case .index(let index):
        if let last = parts.popLast() { parts.append("\(last) \(index + 1)") }
      case .name(let name) where silent.contains(name): continue
      case .name(let name):
        parts.append(words[name] ?? name.replacing("_", with: " "))
      }
    }
    guard let first = parts.first else { return address }
    parts[0] = first.prefix(1).uppercased() + first.dropFirst()
    return parts.joined(separator: " · ")
  }

  /// The same where the part's name stands above: `French · padded · clean`.
  static func wordsInPart(_ address: String) -> String {
    let words = words(address)
    guard let range = words.ranges(of: " · ").first else { return words }
    let rest = words[range.upperBound...]
    return rest.prefix(1).uppercased() + rest.dropFirst()
  }

  /// The id of the analysis that a figure belongs to.
  static func part(_ address: String) -> String { String(address.prefix { $0 != "." }) }

  /// Whether the number is an identifier, so that differences have no meaning: a neuron's index, a
  /// layer, a seed, an id, a rank, a position.
  static func isIdentity(_ address: String) -> Bool {
    guard let parsed = try? FigureAddress.parse(address) else { return false }
    let identities: Set<String> = [
      "neuron", "neurons", "layer", "seed", "id", "ids", "rank", "document", "position", "first",
      "rank_documents", "rank_tokens",
    ]
    let names = parsed.steps.compactMap { step -> String? in
      if case .name(let name) = step { name } else { nil }
    }
    // An accuracy of one of several neurons is no identifier, a place of any kind is one.
    return names.last.map(identities.contains) ?? false || names.contains("rank")
  }
}
