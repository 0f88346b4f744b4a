/// The kind of file that a fuzz case damages.
package enum FuzzKind: String, CaseIterable, Sendable {
  case safetensors, shards, gguf, config, tokenizer, study, corpus, findings, whole, atlas, set

  /// Of twenty-four cases, how many are of each kind.
  private static let table: [FuzzKind] = [
    .findings, .safetensors, .tokenizer, .config, .study, .findings, .corpus, .safetensors, .config,
    .tokenizer, .findings, .study, .shards, .safetensors, .tokenizer, .whole, .config, .findings,
    .corpus, .study, .gguf, .gguf, .atlas, .set,
  ]

  /// The kind of a case, which depends on its number alone.
  package init(of number: Int) {
    self = Self.table[number % Self.table.count]
  }
}

/// The outcome of a case.
package struct FuzzOutcome: Sendable, Hashable {
  package let kind: FuzzKind
  /// `ok`, or the message of the diagnostic without what differs between cases: field, numbers,
  /// names.
  package let text: String
  /// The error, if it is not one that the readers are allowed to throw.
  package let fault: String?

  package init(kind: FuzzKind, text: String, fault: String? = nil) {
    self.kind = kind
    self.text = text
    self.fault = fault
  }
}
