import StudyFile

/// A corpus whose texts are part of another one.
package struct RepeatedCorpus: Sendable, Equatable {
  package let name: String
  package let source: String

  package init(name: String, source: String) {
    self.name = name
    self.source = source
  }
}

extension FindingsStudy {
  /// Corpora that hold texts of a corpus of either class, found by content; where the findings do
  /// not say, by their files.
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

  /// By the words of their paths, `./a.txt` is `a.txt`, and by what is asked of their documents.
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
