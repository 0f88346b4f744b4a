import LanguageModel
import LinearAlgebra

/// The cosine similarity and the dot product of one direction with each row of a matrix.
package struct Similarities: Sendable {
  package let cosine: [Double]
  package let dot: [Double]

  /// The similarities with no rows.
  package init() {
    cosine = []
    dot = []
  }

  /// The least length that counts; shorter vectors count as this long
  /// (`torch.nn.CosineSimilarity`).
  private static let shortest = 1e-8

  /// The similarities of a direction with each row of a matrix.
  ///
  /// - Parameters:
  ///   - direction: `[columns]`
  ///   - rows: `[rows, columns]`
  /// - Complexity: O(rows · columns).
  package init(of direction: [Float], to rows: Matrix) {
    self.init(of: direction, count: rows.rows, columns: rows.columns) { $0(rows, rows.block()) }
  }

  /// The similarities with the rows of a vocabulary matrix.
  package init(of direction: [Float], to rows: VocabularyMatrix) {
    self.init(of: direction, count: rows.rows, columns: rows.columns) { add in
      rows.forEachBlock { add($1, $2) }
    }
  }

  /// - Parameter blocks: passes all rows, some at a time and in order, to the function it receives
  private init(
    of direction: [Float], count: Int, columns: Int, blocks: ((Matrix, Block) -> Void) -> Void
  ) {
    precondition(
      direction.count == columns, "\(direction.count) numbers beside rows of \(columns)")
    let length = direction.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    var dots: [Double] = []
    var squares: [Double] = []
    dots.reserveCapacity(count)
    squares.reserveCapacity(count)
    blocks { matrix, block in
      for row in block.row..<block.row + block.rows {
        let start = row * columns
        var (dot, square) = (0.0, 0.0)
        for column in 0..<columns {
          let weight = Double(matrix.elements[start + column])
          dot += Double(direction[column]) * weight
          square += weight * weight
        }
        dots.append(dot)
        squares.append(square)
      }
    }
    dot = dots
    cosine = zip(dots, squares).map {
      $0 / (max(length, Self.shortest) * max($1.squareRoot(), Self.shortest))
    }
  }
}
