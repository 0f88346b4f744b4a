import Storage
import StudyFile

/// One text of a corpus, exactly as its file holds it.
package struct Document: Sendable, Equatable {
  /// The name of the document's corpus.
  package let corpus: String
  /// The document's place in its corpus, from 0 and counted through all files: the index of an
  /// array's item or the number of a line.
  package let index: Int
  package let text: String

  package init(corpus: String, index: Int, text: String) {
    self.corpus = corpus
    self.index = index
    self.text = text
  }
}

/// The documents of a corpus, and counts of what was read to get them.
package struct Corpus: Sendable {
  package let entry: CorpusEntry
  /// The documents that are taken, in the order of the files; no more than the reader was told to
  /// keep.
  package let documents: [Document]
  /// How many documents and blank lines the files hold.
  package let read: Int
  /// How many documents are empty or blank lines; they are left out.
  package let blank: Int
  /// How many documents fulfil the entry's conditions.
  package let matched: Int
  /// How many documents are taken: all that match, or no more than `documents` or `sample` asks
  /// for.
  package let taken: Int
  /// Each file's path, as the study or its pattern gives it, and the checksum of its bytes.
  package let files: [(path: String, sha256: String)]

  package var name: String { entry.name }
  package var path: CorpusPath { entry.path }
  package var role: CorpusEntry.Role { entry.role }
  package var note: String? { entry.note }

  /// The checksum of the only file, or one over the checksums and paths of all files.
  package var sha256: String {
    if files.count == 1 { return files[0].sha256 }
    return Checksum.sha256(of: files.map { "\($0.sha256) \($0.path)\n" }.joined())
  }

  /// Reads the documents of `files`.
  ///
  /// - Parameter limit: the most documents that are kept in memory; the others are only counted.
  /// - Throws: `Diagnostic` of kind `.data` that names the item, line or byte at fault, or says
  ///   that there is no document.
  package init(_ entry: CorpusEntry, files: [LocatedFile], keeping limit: Int = .max) throws {
    var reader = CorpusReader(entry, keeping: limit)
    for file in files { try reader.read(file) }
    let intake = try reader.finish(
      file: files.count == 1 ? files[0].name : "\(files.count) files of \(entry.name)")
    self.entry = entry
    documents = intake.documents
    read = intake.read
    blank = intake.blank
    matched = intake.matched
    taken = intake.taken
    self.files = zip(files, reader.checksums).map { ($0.path, $1) }
  }

  /// Reads the documents of one file that is in memory.
  ///
  /// - Throws: the errors of `init(_:files:keeping:)`.
  package init(_ entry: CorpusEntry, file: FileBytes, keeping limit: Int = .max) throws {
    try self.init(
      entry, files: [LocatedFile(path: entry.path.patterns[0], source: .memory(file))],
      keeping: limit)
  }
}
