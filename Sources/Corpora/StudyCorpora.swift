import Diagnostics
import JSON
import StudyFile

/// Documents that are measured together: the target, the other class, or one corpus.
package struct DocumentClass: Sendable, Equatable {
  /// The name of the corpus; `other` for the other class.
  package let name: String
  package let documents: [Document]
}

/// The corpora of a study and the classes made of them.
package struct StudyCorpora: Sendable {
  /// All corpora, in the order of the study file.
  package private(set) var all: [Corpus]
  /// The first `documents` of the target corpus, under its name.
  package let target: DocumentClass
  /// The other corpora interleaved, then cut to the first `documents`.
  package let other: DocumentClass
  /// How many documents of the target class have a text that the other class holds too.
  package let shared: Int
  /// The evaluation corpora, each with all its documents.
  package private(set) var evaluation: [DocumentClass]
  private let limit: Int

  /// The fewest documents of a class: one document could not be split into training and test.
  private static let classMinimum = 2

  /// Reads every corpus of the study. `folder` (`--corpora DIR`) replaces the study's own folder.
  ///
  /// - Throws: `Diagnostic`.
  package init(loading study: StudyFile, folder: String? = nil) throws {
    var faults = FaultList()
    let corpora = study.corpora.enumerated().map { index, entry in
      faults.attempt {
        let files = try Self.files(of: entry, index: index, in: study, folder: folder)
        // Documents that no class can use are counted but not kept.
        let limit = entry.role == .evaluation ? .max : study.documents
        return try Corpus(entry, files: files, keeping: limit)
      }
    }
    try faults.check()
    try self.init(study: study, corpora: corpora.compactMap(\.self))
  }

  /// The files of a corpus.
  ///
  /// - Throws: `Diagnostic`, also for a file that is named twice.
  package static func files(
    of entry: CorpusEntry, index: Int, in study: some OriginatedFile, folder: String? = nil
  ) throws -> [LocatedFile] {
    let patterns = entry.path.patterns
    var files: [LocatedFile] = []
    var seen: Set<String> = []
    for (place, path) in patterns.enumerated() {
      let field = "corpora[\(index)].path" + (patterns.count == 1 ? "" : "[\(place)]")
      for file in try study.locateAll(path, field: field, base: folder, source: entry.note) {
        if let resolved = file.resolved, !seen.insert(resolved).inserted {
          throw study.diagnostic(
            field, expected: "each file once", found: "\(file.path) twice",
            advice: "Leave it out of one of the paths.")
        }
        files.append(file)
      }
    }
    return files
  }

  /// - Throws: `Diagnostic` of kind `.data` if a class has fewer than two documents.
  package init(study: StudyFile, corpora: [Corpus]) throws {
    func documents(_ name: String) -> [Document] {
      corpora.first { $0.name == name }?.documents ?? []
    }
    all = corpora
    limit = study.documents
    target = DocumentClass(
      name: study.target, documents: Array(documents(study.target).prefix(limit)))
    other = DocumentClass(
      name: CorpusReference.other.description,
      documents: Self.interleaved(study.other.map(documents), limit: limit))
    evaluation = corpora.filter { $0.role == .evaluation }
      .map { DocumentClass(name: $0.name, documents: $0.documents) }
    let others = Set(other.documents.map { ByteKey($0.text) })
    shared = target.documents.count { others.contains(ByteKey($0.text)) }
    for (made, field) in [(target, "target"), (other, "other")]
    where made.documents.count < Self.classMinimum {
      throw Diagnostic(
        .data, file: study.origin.file, field: "\(field) (\(made.name))",
        expected: "at least \(Self.classMinimum) documents", found: "\(made.documents.count)",
        advice: "Give the class more text: one document a line, or an item of an array.")
    }
  }

  /// The first document of each list, then the second of each, and so on; a list that ends is
  /// skipped.
  static func interleaved(_ lists: [[Document]], limit: Int) -> [Document] {
    var result: [Document] = []
    for row in 0..<(lists.map(\.count).max() ?? 0) {
      for list in lists where row < list.count {
        guard result.count < limit else { return result }
        result.append(list[row])
      }
    }
    return result
  }

  /// The documents that a reference stands for: a class, a whole evaluation corpus, or the first
  /// `documents` of another corpus. An unknown name stands for no documents.
  package func documents(of reference: CorpusReference) -> DocumentClass {
    switch reference {
    case .target: return target
    case .other: return other
    case .named(let name):
      if name == target.name { return target }
      if let whole = evaluation.first(where: { $0.name == name }) { return whole }
      let documents = all.first { $0.name == name }?.documents ?? []
      return DocumentClass(name: name, documents: Array(documents.prefix(limit)))
    }
  }

  /// A copy without the corpora that `names` does not list.
  package func keeping(_ names: [String]) -> StudyCorpora {
    var kept = self
    kept.all.removeAll { !names.contains($0.name) }
    kept.evaluation.removeAll { !names.contains($0.name) }
    return kept
  }
}
