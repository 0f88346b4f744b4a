import Charts
import Corpora

/// The first documents of a corpus as the program reads them, text and tokens, for a terminal.
package struct CorpusListing {
  /// The largest number of characters of a document that is shown, and below, of tokens.
  private static let characters = 300
  private static let tokens = 60

  private let corpus: Corpus
  private let count: Int
  private let tokenize: (String) -> [String]
  private let context: Int

  /// - Parameters:
  ///   - count: the number of documents to show.
  ///   - context: the number of tokens that the model reads at once, BOS included.
  ///   - tokenize: returns the tokens of a text, spelled as in the model's vocabulary.
  package init(
    _ corpus: Corpus, first count: Int, context: Int, tokenize: @escaping (String) -> [String]
  ) {
    self.corpus = corpus
    self.count = count
    self.context = context
    self.tokenize = tokenize
  }

  package var text: String {
    ([heading, summary] + corpus.documents.prefix(count).flatMap(lines)).joined(separator: "\n")
  }

  private var heading: String {
    let entry = corpus.entry
    let asked = [
      entry.conditions.map { "where \($0)" },
      entry.characters.map { "\($0.range.lowerBound) to \($0.range.upperBound) characters" },
      entry.sample.map { "a sample of \($0.documents), seed \($0.seed)" },
      entry.text.map { "text in \($0.name)" },
    ].compactMap(\.self)
    return ReadableText.visible(
      ([corpus.name + ": " + corpus.path.description] + asked).joined(separator: "; "))
  }

  private var summary: String {
    let files = corpus.files.count > 1 ? " in \(corpus.files.count) files" : ""
    return "  \(corpus.read.grouped) read\(files), \(corpus.blank.grouped) of them blank, "
      + "\(corpus.matched.grouped) matched, \(corpus.taken.grouped) taken"
  }

  private func lines(_ document: Document) -> [String] {
    let scalars = document.text.unicodeScalars
    let shown = String(String.UnicodeScalarView(scalars.prefix(Self.characters)))
    let tokens = tokenize(document.text)
    let isCut = tokens.count >= context
    let list = tokens.prefix(Self.tokens).map { ReadableText.token($0) }
    return [
      "",
      "  document \(document.index): \(scalars.count.of("character")), \(tokens.count.of("token"))"
        + (isCut ? ", of which the model reads the first \(context - 1)" : ""),
      "    \(ReadableText.visible(shown))\(scalars.count > Self.characters ? "…" : "")",
      "    " + list.joined(separator: "|") + (tokens.count > Self.tokens ? "|…" : ""),
    ]
  }
}
