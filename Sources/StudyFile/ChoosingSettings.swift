/// Which documents a neuron is chosen on; all others are measured.
///
/// They are drawn at random where the study says `neuron: best`, and those of the atlas where it
/// repeats an atlas's rule. Otherwise the neuron is the notebook's, or the author's, and the probe
/// documents count as those that chose it.
package struct ChoosingSettings: Sendable, Equatable, Codable {
  /// The share of each corpus's documents that are set apart for choosing.
  package var share = 0.5
  /// At most this many documents of each class choose.
  package var documents = 100
  /// Tokens of a document that are read, BOS left out.
  package var window = 128
  /// Of the order in which a corpus's documents are drawn.
  package var seed = 0
  /// The rule of the atlas that chose the neuron, instead of the share; nil for none.
  package var atlas: AtlasDivision?

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case share, documents, window, seed, atlas
  }
}

/// How much every sampled analysis measures.
package struct MeasuringSettings: Sendable, Equatable, Codable {
  /// Documents of a corpus, or of a class.
  package var documents: Int
  /// Tokens of a document that are run, BOS left out. The model reads from left to right, so the
  /// numbers are those of the whole document's first tokens.
  package var window: Int

  /// Fewer than these are too few to ask for.
  package static let fewest = 20

  package init(documents: Int = 40, window: Int = 64) {
    self.documents = documents
    self.window = window
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case documents, window
  }
}

/// The limits of the verdict's tests.
package struct VerdictLimits: Sendable, Equatable, Codable {
  /// The least lower end of the held-out MCC.
  package var detects = 0.6
  /// The least rise of the target's loss, in percent.
  package var matters = 0.5
  /// The least share of the edits of equal size that raise the loss by less.
  package var specific = 0.95

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case detects, matters, specific
  }
}

extension StudyFile {
  /// Findings of earlier versions do not say.
  package var choosingOrStandard: ChoosingSettings { choosing ?? ChoosingSettings() }
  package var measuringOrStandard: MeasuringSettings { measuring ?? MeasuringSettings() }
}

extension ChoosingSettings {
  init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    share = try keys[.share]?.number("a number above 0 and below 1") { 0 < $0 && $0 < 1 } ?? share
    documents = try keys[.documents]?.integer(2...1_000_000_000) ?? documents
    window = try keys[.window]?.integer(1...1_000_000_000) ?? window
    seed = try keys[.seed]?.integer(0...(1 << 31)) ?? seed
    atlas = try keys[.atlas].map(AtlasDivision.init)
  }
}

extension MeasuringSettings {
  init(_ value: YAMLValue) throws {
    self.init()
    let keys = try value.mapping(CodingKeys.self)
    documents = try keys[.documents]?.integer(Self.fewest...1_000_000) ?? documents
    window = try keys[.window]?.integer(1...1_000_000_000) ?? window
  }
}

extension VerdictLimits {
  init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    detects = try keys[.detects]?.number("a number from 0 to 1") { 0 <= $0 && $0 <= 1 } ?? detects
    matters = try keys[.matters]?.number("a number, from 0") { $0 >= 0 } ?? matters
    specific =
      try keys[.specific]?.number("a number from 0 to 1") { 0 <= $0 && $0 <= 1 } ?? specific
  }
}
