/// Cuts a word into the tokens whose scores add up to the most.
///
/// Follows `Unigram::encode_optimized` of `tokenizers`, which follows SentencePiece.
struct UnigramEncoder: Sendable {
  /// By id, log-probability.
  let scores: [Double]
  /// Every token's spelling.
  let pieces: ByteTrie
  /// The token of characters that no other covers.
  let unknown: Int32
  /// What such a character costs.
  let unknownScore: Double
  /// By byte, the token `<0xNN>`, where unknown characters fall back on their bytes; −1 for none.
  let byteIDs: [Int32]?
  let words: WordTable

  /// The best cut of a text up to one of its bytes.
  private struct Path {
    var id: Int32 = 0
    var score = 0.0
    /// Where its last token starts; −1 where no token ends.
    var start = -1
  }

  /// SentencePiece's penalty, below the lowest score.
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

  /// Follows the best path from its end, joining unknown characters in a row.
  private func emit(
    _ text: Bytes, _ word: Range<Int>, _ paths: [Path],
    _ body: (_ id: Int32, _ range: Range<Int>) -> Void
  ) {
    var ranges: [Range<Int>] = []
    var end = word.upperBound
    var wasUnknown = false
    while end > word.lowerBound {
      let path = paths[end - word.lowerBound]
      // Text that is not UTF-8 may have no path; every character of other text has one.
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
