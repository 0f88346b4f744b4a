/// Splits a word into the tokens with the highest sum of scores.
///
/// The method is that of `Unigram::encode_optimized` in `tokenizers`, which follows SentencePiece.
struct UnigramEncoder: Sendable {
  /// The log-probability of each token.
  let scores: [Double]
  /// A trie of the spellings of all tokens.
  let pieces: ByteTrie
  /// The token for characters that no other token covers.
  let unknown: Int32
  /// The score of an unknown character.
  let unknownScore: Double
  /// The token `<0xNN>` for each byte, if unknown characters are encoded as bytes; −1 for none.
  let byteIDs: [Int32]?
  let words: WordTable

  /// The best split of a word up to one of its bytes.
  private struct Path {
    var id: Int32 = 0
    var score = 0.0
    /// The start of the last token of the split; −1 if no token ends here.
    var start = -1
  }

  /// SentencePiece's penalty: the unknown score is this much below the lowest score.
  static let unknownPenalty = 10.0

  /// Calls `body` with the tokens of `text[word]` and the bytes of each, in order.
  ///
  /// - Complexity: O(n·m) for n bytes and tokens of at most m.
  func encode(
    _ text: Bytes, _ word: Range<Int>, _ body: (_ id: Int32, _ range: Range<Int>) -> Void
  ) {
    let base = word.lowerBound
    var paths = [Path](repeating: Path(), count: word.count + 1)
    var at = base
    while at < word.upperBound {
      let score = paths[at - base].score
      let next = min(word.upperBound, at + max(1, text.scalar(at: at).length))
      func offer(_ id: Int32, _ end: Int, _ own: Double) {
        let whole = score + own
        if paths[end - base].start < 0 || whole > paths[end - base].score {
          paths[end - base] = Path(id: id, score: whole, start: at)
        }
      }
      var hasSingle = false
      pieces.matches(text, from: at, to: word.upperBound) { end, id in
        offer(id, end, scores[Int(id)])
        if end == next { hasSingle = true }
      }
      if !hasSingle { offer(unknown, next, unknownScore) }
      at = next
    }
    emit(text, word, paths, body)
  }

  /// Follows the best path from its end, and joins consecutive unknown characters.
  private func emit(
    _ text: Bytes, _ word: Range<Int>, _ paths: [Path],
    _ body: (_ id: Int32, _ range: Range<Int>) -> Void
  ) {
    var ranges: [Range<Int>] = []
    var end = word.upperBound
    var wasUnknown = false
    while end > word.lowerBound {
      let path = paths[end - word.lowerBound]
      // In valid UTF-8 every character has a path; invalid text may have none.
      let start = path.start < word.lowerBound ? end - 1 : path.start
      if path.id == unknown, wasUnknown, let last = ranges.popLast() {
        ranges.append(start..<last.upperBound)
      } else {
        ranges.append(start..<end)
      }
      wasUnknown = path.id == unknown
      end = start
    }
    for range in ranges.reversed() {
      if let id = words.id(of: text.slice(range)) {
        body(id, range)
      } else if let byteIDs, range.allSatisfy({ byteIDs[Int(text[$0])] >= 0 }) {
        for index in range { body(byteIDs[Int(text[index])], range) }
      } else {
        body(unknown, range)
      }
    }
  }
}
