import LinearAlgebra

/// How alike one direction and each row of a matrix are.
package struct Similarities: Sendable {
  package let cosine: [Double]
  package let dot: [Double]

  /// Lengths below this count as this much (`torch.nn.CosineSimilarity`).
  private static let shortest = 1e-8

  /// - Parameters:
  ///   - direction: `[columns]`
  ///   - rows: `[rows, columns]`
  /// - Complexity: O(rows · columns).
  package init(of direction: [Float], to rows: Matrix) {
    precondition(
      direction.count == rows.columns, "\(direction.count) numbers beside rows of \(rows.columns)")
    let length = direction.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    var dots = [Double](repeating: 0, count: rows.rows)
    var squares = dots
    for row in 0..<rows.rows {
      let start = row * rows.columns
      for column in 0..<rows.columns {
        let weight = Double(rows.elements[start + column])
        dots[row] += Double(direction[column]) * weight
        squares[row] += weight * weight
      }
    }
    dot = dots
    cosine = zip(dots, squares).map {
      $0 / (max(length, Self.shortest) * max($1.squareRoot(), Self.shortest))
    }
  }
}
