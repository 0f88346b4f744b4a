/// The format of a corpus file, which follows from its name.
package struct CorpusFormat: Sendable, Equatable {
  package enum Content: String, Sendable, CaseIterable {
    /// One JSON array of strings.
    case array = "json"
    /// One JSON object per line; a field of it is the document.
    case objects = "jsonl"
    /// One document per line.
    case lines = "txt"
  }

  package let content: Content
  /// Whether the file is compressed by gzip.
  package let isPacked: Bool

  private static let packed = ".gz"
  /// The supported endings of file names.
  package static let endings = ".json, .jsonl, .jsonl.gz, .txt or .txt.gz"

  /// - Parameter path: a path or a pattern. The result is nil if its ending is not supported.
  package init?(path: String) {
    let name = path.lowercased()
    isPacked = name.hasSuffix(Self.packed)
    let plain = isPacked ? name.dropLast(Self.packed.count) : name[...]
    guard let dot = plain.lastIndex(of: "."),
      let content = Content(rawValue: String(plain[plain.index(after: dot)...])),
      // An array is read whole, and a compressed one could be larger than the memory.
      !(isPacked && content == .array)
    else { return nil }
    self.content = content
  }
}
