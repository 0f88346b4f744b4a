/// A corpus of the study, and the choice of its documents.
package struct CorpusEntry: Sendable, Equatable, Codable {
  package enum Role: String, Sendable, Codable, CaseIterable {
    /// The corpus is a part of the target or the other class.
    case study
    /// The corpus is part of neither class; effects are measured on all of its documents.
    case evaluation
  }

  package var name: String
  package var path: CorpusPath
  package var role: Role
  /// The field of a JSON line that holds the document; nil means `text`.
  package var text: RecordField?
  /// The conditions that a JSON line must fulfil to be taken, sorted by field.
  package var conditions: FieldConditions?
  /// The lengths of documents that are taken; nil takes all lengths.
  package var characters: CharacterRange?
  /// How the documents to take are drawn from those that match; nil takes them in the file's order.
  package var sample: SampleSettings?
  /// The number of documents to take from the beginning; nil takes all.
  package var documents: Int?
  /// A note on the corpus for readers; the error for a missing corpus quotes it to say where to get
  /// it.
  package var note: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, path, role, text
    case conditions = "where"
    case characters, sample, documents, note
  }

  /// Whether documents are selected or drawn, so that a report must say how many were taken.
  package var isSelective: Bool { conditions != nil || characters != nil || sample != nil }

  /// The largest number of documents that are taken.
  package var limit: Int { sample?.documents ?? documents ?? .max }
}

/// The path of a corpus: one file, several, or patterns such as `data/*.jsonl`.
package struct CorpusPath: Sendable, Equatable {
  /// The paths and patterns as the study names them; there is at least one.
  package let patterns: [String]

  package init(_ patterns: [String]) {
    self.patterns = patterns
  }

  package init(_ path: String) {
    patterns = [path]
  }
}

extension CorpusPath: CustomStringConvertible {
  package var description: String { patterns.joined(separator: ", ") }
}

extension CorpusPath: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let path = try? container.decode(String.self) {
      self.init(path)
    } else {
      self.init(try container.decode([String].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if patterns.count == 1 {
      try container.encode(patterns[0])
    } else {
      try container.encode(patterns)
    }
  }
}

/// The allowed length of a document in Unicode scalars, like Python's `len`; both ends are
/// included.
package struct CharacterRange: Sendable, Equatable {
  package let range: ClosedRange<Int>

  package init(_ range: ClosedRange<Int>) {
    self.range = range
  }
}

extension CharacterRange: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let ends = try container.decode([Int].self)
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected two lengths, the smaller first")
    }
    range = ends[0]...ends[1]
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([range.lowerBound, range.upperBound])
  }
}

/// The settings of a random choice among the documents that match, see `Reservoir`.
package struct SampleSettings: Sendable, Equatable, Codable {
  package var documents: Int
  package var seed: Int

  package init(documents: Int, seed: Int) {
    self.documents = documents
    self.seed = seed
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case documents, seed
  }
}
