import Diagnostics
import Storage
import StudyFile

/// One text of a corpus, exactly as its file holds it.
package struct Document: Sendable, Equatable {
  /// The name of its corpus.
  package let corpus: String
  /// Its place in the file, from 0: the item of an array, the line of a text.
  package let index: Int
  package let text: String

  package init(corpus: String, index: Int, text: String) {
    self.corpus = corpus
    self.index = index
    self.text = text
  }
}

/// The documents of one file.
package struct Corpus: Sendable {
  package let name: String
  /// The path as the study names it.
  package let path: String
  package let role: CorpusEntry.Role
  package let note: String?
  /// What is not blank, in the order of the file; at most the entry's `documents`.
  package let documents: [Document]
  /// Empty documents and blank lines of the whole file, which are left out.
  package let blankSkipped: Int
  package let sha256: String

  /// Reads the documents of `file`.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the item, line or byte at fault, or says
  ///   that there is no document.
  package init(_ entry: CorpusEntry, file: FileBytes) throws {
    let found = try (CorpusFormat(path: entry.path) ?? .lines).texts(of: file)
    let kept = found.texts.prefix(entry.documents ?? .max)
    guard !kept.isEmpty else {
      throw Diagnostic(
        .data, file: file.name, expected: "at least one document",
        found: file.count == 0 ? "an empty file" : "none (\(found.blank) blank)",
        advice: "Name a file with text in it.")
    }
    name = entry.name
    path = entry.path
    role = entry.role
    note = entry.note
    documents = kept.map { Document(corpus: entry.name, index: $0.index, text: $0.text) }
    blankSkipped = found.blank
    sha256 = file.sha256
  }
}
