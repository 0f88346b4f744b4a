/// Finds text of one corpus in another by comparing runs of words, so that file and line do not
/// matter.
package struct RepeatedText {
  /// The number of consecutive words that two texts must share.
  private static let run = 12

  private let runs: Set<UInt64>

  /// - Complexity: linear in the words of `texts`.
  package init(of texts: some Sequence<String>) {
    runs = Set(texts.flatMap(Self.runs))
  }

  /// How many of `texts` share at least half of their runs of words with the texts of this value.
  package func count(in texts: some Sequence<String>) -> Int {
    texts.count { text in
      let own = Self.runs(text)
      return !own.isEmpty && 2 * own.count(where: runs.contains) >= own.count
    }
  }

  /// A hash of every run of words; a text shorter than a run gives one hash.
  private static func runs(_ text: String) -> [UInt64] {
    let words = text.split(whereSeparator: \.isWhitespace).map { word in
      // The FNV-1a hash of the word.
      word.utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
    }
    if words.isEmpty { return [] }
    let last = max(words.count - run, 0)
    return (0...last).map { start in
      words[start..<min(start + run, words.count)].reduce(17) {
        ($0 ^ $1) &* 1_099_511_628_211 &+ ($0 >> 29)
      }
    }
  }
}

extension StudyCorpora {
  /// The study corpus that contains the most documents of `corpus`, and how many; nil if none does
  /// or if `corpus` is not an evaluation corpus.
  package func repeats(_ corpus: Corpus) -> (corpus: String, documents: Int)? {
    guard corpus.role == .evaluation else { return nil }
    let texts = corpus.documents.map(\.text)
    let found = all.filter { $0.role == .study }.map { source in
      (
        corpus: source.name,
        documents: RepeatedText(of: source.documents.map(\.text)).count(in: texts)
      )
    }.max { $0.documents < $1.documents }
    return found.flatMap { $0.documents > 0 ? $0 : nil }
  }
}
