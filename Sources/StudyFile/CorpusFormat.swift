/// How a file holds its documents; its name tells.
package struct CorpusFormat: Sendable, Equatable {
  package enum Content: String, Sendable, CaseIterable {
    /// An array of strings.
    case array = "json"
    /// One JSON object a line, a field of which is the document.
    case objects = "jsonl"
    /// One document a line.
    case lines = "txt"
  }

  package let content: Content
  /// Whether the file is packed by gzip.
  package let isPacked: Bool

  private static let packed = ".gz"
  /// The ends of names that are known.
  package static let endings = ".json, .jsonl, .jsonl.gz, .txt or .txt.gz"

  /// - Parameter path: a path or a pattern; nil where its end says nothing.
  package init?(path: String) {
    let name = path.lowercased()
    isPacked = name.hasSuffix(Self.packed)
    let plain = isPacked ? name.dropLast(Self.packed.count) : name[...]
    guard let dot = plain.lastIndex(of: "."),
      let content = Content(rawValue: String(plain[plain.index(after: dot)...])),
      // An array is read whole; a packed one could unpack to more than memory holds.
      !(isPacked && content == .array)
    else { return nil }
    self.content = content
  }
}
