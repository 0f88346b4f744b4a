import Storage
import StudyFile

/// One text of a corpus, exactly as its file holds it.
package struct Document: Sendable, Equatable {
  /// The name of its corpus.
  package let corpus: String
  /// Its place in the corpus's files, from 0 and counted through them: the item of an array, the
  /// line of a text.
  package let index: Int
  package let text: String

  package init(corpus: String, index: Int, text: String) {
    self.corpus = corpus
    self.index = index
    self.text = text
  }
}

/// The documents of a corpus, and what was read to get them.
package struct Corpus: Sendable {
  package let entry: CorpusEntry
  /// What is taken, in the order of the files, as far as it is kept in memory.
  package let documents: [Document]
  /// Documents and blank lines of the files.
  package let read: Int
  /// Empty documents and blank lines, which are left out.
  package let blank: Int
  /// Documents that the entry asks for.
  package let matched: Int
  /// Documents that are taken; as many as match, or as `documents` or `sample` says.
  package let taken: Int
  /// Every file as the study or its pattern names it, and the checksum of its bytes.
  package let files: [(path: String, sha256: String)]

  package var name: String { entry.name }
  package var path: CorpusPath { entry.path }
  package var role: CorpusEntry.Role { entry.role }
  package var note: String? { entry.note }

  /// A checksum of all files.
  package var sha256: String {
    if files.count == 1 { return files[0].sha256 }
    return Checksum.sha256(of: files.map { "\($0.sha256) \($0.path)\n" }.joined())
  }

  /// Reads the documents of `files`.
  ///
  /// - Parameter limit: the most documents that are kept; more are read and counted.
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
  /// - Throws: as `init(_:files:keeping:)`.
  package init(_ entry: CorpusEntry, file: FileBytes, keeping limit: Int = .max) throws {
    try self.init(
      entry, files: [LocatedFile(path: entry.path.patterns[0], source: .memory(file))],
      keeping: limit)
  }
}
