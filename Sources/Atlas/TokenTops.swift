import LanguageModel
import LinearAlgebra

/// The tokens of a vocabulary that score highest for each of many directions, by matrix products over
/// blocks of the vocabulary.
struct TokenTops: Sendable {
  struct Entry: Sendable, Equatable {
    let token: Int
    let score: Float
  }

  /// The best tokens of each direction, best first; equal ones by id.
  let best: [[Entry]]

  /// - Parameters:
  ///   - directions: `[directions, d_model]`
  ///   - vocabulary: the number of tokens that count; rows of the matrix beyond are padding
  ///   - sign: −1 for the tokens with the lowest scores
  ///   - isCosine: whether a score is divided by the lengths of both vectors
  init(
    _ directions: Matrix, _ rows: VocabularyMatrix, vocabulary: Int, count: Int, sign: Float = 1,
    isCosine: Bool = false, workers: Int
  ) {
    let tile = 256
    let tiles = (directions.rows + tile - 1) / tile
    best = ParallelLoop.map(tiles, workers: workers) { index in
      let range = index * tile..<min((index + 1) * tile, directions.rows)
      return Self.best(
        directions, range, rows, min(vocabulary, rows.rows), count, sign, isCosine)
    }.flatMap(\.self)
  }

  private static func best(
    _ directions: Matrix, _ range: Range<Int>, _ rows: VocabularyMatrix, _ vocabulary: Int,
    _ count: Int, _ sign: Float, _ isCosine: Bool
  ) -> [[Entry]] {
    let lengths = range.map { isCosine ? length(directions, $0) : 1 }
    var best = range.map { _ in [Entry]() }
    let part = Block(
      row: range.lowerBound, rows: range.count, columns: directions.columns)
    rows.forEachBlock { tokens, matrix, block in
      var block = block
      block.rows = min(block.rows, vocabulary - tokens.lowerBound)
      guard block.rows > 0 else { return }
      var scores = Matrix(rows: range.count, columns: block.rows)
      MatrixProduct.timesTransposed(
        directions, part, matrix, block, into: &scores, scores.block())
      let scales = (0..<block.rows).map { isCosine ? length(matrix, block.row + $0) : 1 }
      scores.elements.withUnsafeBufferPointer { scores in
        for direction in best.indices {
          for token in 0..<block.rows {
            let score =
              sign * scores[direction * block.rows + token] / (lengths[direction] * scales[token])
            guard best[direction].count < count || score > best[direction][count - 1].score else {
              continue
            }
            best[direction].insert(
              Entry(token: tokens.lowerBound + token, score: score), of: count)
          }
        }
      }
    }
    return best.map { $0.map { Entry(token: $0.token, score: sign * $0.score) } }
  }

  /// The length of a row, at least one that a score can be divided by.
  private static func length(_ matrix: Matrix, _ row: Int) -> Float {
    let squares = matrix.row(row).reduce(0.0) { $0 + Double($1) * Double($1) }
    return Float(max(squares.squareRoot(), 1e-8))
  }
}

extension [TokenTops.Entry] {
  /// Inserts an entry behind all that are not smaller, and drops the last of more than `count`.
  fileprivate mutating func insert(_ entry: Element, of count: Int) {
    var place = self.count
    while place > 0, self[place - 1].score < entry.score { place -= 1 }
    insert(entry, at: place)
    if self.count > count { removeLast() }
  }
}
