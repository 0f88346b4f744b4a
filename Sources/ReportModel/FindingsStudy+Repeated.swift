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
      return classes.first { Self.isSamePath($0.path, corpus.path) }.map {
        RepeatedCorpus(name: corpus.name, source: $0.name)
      }
    }
  }

  /// By their words: `./a.txt` is `a.txt`.
  private static func isSamePath(_ a: String, _ b: String) -> Bool {
    func parts(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
    return parts(a) == parts(b) && a.hasPrefix("/") == b.hasPrefix("/")
  }
}
