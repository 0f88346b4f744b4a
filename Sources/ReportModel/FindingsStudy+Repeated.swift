import StudyFile

/// A corpus that repeats texts of another one.
package struct RepeatedCorpus: Sendable, Equatable {
  package let name: String
  package let source: String

  package init(name: String, source: String) {
    self.name = name
    self.source = source
  }
}

extension FindingsStudy {
  /// The evaluation corpora that repeat texts of a study corpus. Findings state this by content;
  /// older findings do not, and the corpora's files are compared.
  package var repeatedCorpora: [RepeatedCorpus] {
    let classes = corpora.filter { $0.role == .study }
    return corpora.filter { $0.role == .evaluation }.compactMap { corpus in
      if let found = corpus.repeats {
        return RepeatedCorpus(name: corpus.name, source: found.corpus)
      }
      return classes.first { isSameText($0, corpus) }.map {
        RepeatedCorpus(name: corpus.name, source: $0.name)
      }
    }
  }

  /// Whether two corpora read the same files and ask for the same documents. Paths are compared by
  /// their parts, so that `./a.txt` equals `a.txt`.
  private func isSameText(_ a: CorpusCount, _ b: CorpusCount) -> Bool {
    func parts(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
    func conditions(_ corpus: CorpusCount) -> FieldConditions? {
      file.corpora.first { $0.name == corpus.name }?.conditions
    }
    let (first, second) = (a.path.patterns, b.path.patterns)
    return first.count == second.count && conditions(a) == conditions(b)
      && zip(first, second).allSatisfy {
        parts($0) == parts($1) && $0.hasPrefix("/") == $1.hasPrefix("/")
      }
  }
}
