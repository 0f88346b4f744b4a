/// Text of one kind, one of the study's corpora, and which of its documents are taken.
package struct CorpusEntry: Sendable, Equatable, Codable {
  package enum Role: String, Sendable, Codable, CaseIterable {
    /// Text of the target or the other class.
    case study
    /// Neither target nor other: text to measure on, used whole.
    case evaluation
  }

  package var name: String
  package var path: CorpusPath
  package var role: Role
  /// The field of a JSON line that holds the document; nil is `text`.
  package var text: RecordField?
  /// What a JSON line must say to be taken; sorted by field, each of which must match.
  package var conditions: FieldConditions?
  /// The lengths that are taken.
  package var characters: CharacterRange?
  /// Which of the documents that match are taken; nil takes them in the order of the file.
  package var sample: SampleSettings?
  /// The first documents of the file that are taken; nil takes all.
  package var documents: Int?
  /// What a reader should know of the corpus; also says where to get it when it is missing.
  package var note: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, path, role, text
    case conditions = "where"
    case characters, sample, documents, note
  }

  /// Whether documents are chosen by what they say or are drawn, so that a report says how many.
  package var isSelective: Bool { conditions != nil || characters != nil || sample != nil }

  /// The most documents that are taken.
  package var limit: Int { sample?.documents ?? documents ?? .max }
}

/// Where a corpus's text stands: one file, several, or patterns such as `data/*.jsonl`.
package struct CorpusPath: Sendable, Equatable {
  /// Paths and patterns as the study names them; at least one.
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

/// How long a document may be, in Unicode scalars, as Python's `len` counts; both ends included.
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

/// A random choice among the documents that match, see `Reservoir`.
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
