/// What a case damages.
package enum FuzzKind: String, CaseIterable, Sendable {
  case safetensors, shards, gguf, config, tokenizer, study, corpus, findings, whole

  /// Of twenty-two cases, how many are of each kind.
  private static let table: [FuzzKind] = [
    .findings, .safetensors, .tokenizer, .config, .study, .findings, .corpus, .safetensors, .config,
    .tokenizer, .findings, .study, .shards, .safetensors, .tokenizer, .whole, .config, .findings,
    .corpus, .study, .gguf, .gguf,
  ]

  /// The kind of a case, from its number alone.
  package init(of number: Int) {
    self = Self.table[number % Self.table.count]
  }
}

/// How a case ended.
package struct FuzzOutcome: Sendable, Hashable {
  package let kind: FuzzKind
  /// `ok`, or the kind of the diagnostic with its field, numbers and names left out.
  package let text: String
  /// The error, where it is none that the product may throw.
  package let fault: String?

  package init(kind: FuzzKind, text: String, fault: String? = nil) {
    self.kind = kind
    self.text = text
    self.fault = fault
  }
}
