/// The rule by which an atlas divides documents into those that choose and those that confirm. A study
/// that repeats it measures nothing on documents that chose its neuron.
package struct AtlasDivision: Sendable, Equatable, Codable {
  /// The share of documents that confirm.
  package var confirmation: Double
  /// The share of common 5-grams of tokens from which on a document repeats an earlier one.
  package var similarity: Double
  /// Whether the corpora hold the same passages line by line.
  package var parallel: Bool
  package var seed: Int
  /// The most documents of a label that are divided.
  package var documents: Int
  /// The most tokens of a document, BOS aside; nil takes all that fit the model.
  package var window: Int?

  package init(
    confirmation: Double, similarity: Double, parallel: Bool, seed: Int, documents: Int,
    window: Int?
  ) {
    self.confirmation = confirmation
    self.similarity = similarity
    self.parallel = parallel
    self.seed = seed
    self.documents = documents
    self.window = window
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case confirmation, similarity, parallel, seed, documents, window
  }
}

extension AtlasFile {
  package var division: AtlasDivision {
    AtlasDivision(
      confirmation: split.confirmation, similarity: split.similarity, parallel: parallel,
      seed: seed, documents: documents, window: window)
  }
}

extension AtlasDivision {
  /// Reads the rule as an atlas writes it into a neuron's study; every key but the window is there.
  init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    let share = "a share above 0, up to 1"
    func number(_ key: CodingKeys) throws -> Double {
      try keys.required(key, share).number(share) { 0 < $0 && $0 <= 1 }
    }
    func integer(_ key: CodingKeys, _ range: ClosedRange<Int>) throws -> Int {
      try keys.required(key, "a number").integer(range)
    }
    self.init(
      confirmation: try number(.confirmation), similarity: try number(.similarity),
      parallel: try StudyFile.yesOrNo(try keys.required(.parallel, "yes or no")),
      seed: try integer(.seed, 0...Int(UInt32.max)),
      documents: try integer(.documents, 2...1_000_000_000),
      window: try keys[.window]?.integer(1...1_000_000_000))
  }
}
