/// How a file holds its documents; its extension tells.
package enum CorpusFormat: String, Sendable, CaseIterable {
  /// An array of strings.
  case array = "json"
  /// One JSON object a line, its `text` the document.
  case objects = "jsonl"
  /// One document a line.
  case lines = "txt"

  package init?(path: String) {
    guard let dot = path.lastIndex(of: "."),
      let format = Self(rawValue: path[path.index(after: dot)...].lowercased())
    else { return nil }
    self = format
  }
}
