import Statistics

/// Judges a layer's random directions as the neurons are judged.
///
/// A direction's class means follow from the documents' sums of the neurons, so its thresholds are
/// known before the layer's activations pass by, and none of them is kept.
struct DirectionJudge: Sendable {
  private let judge: ColumnJudge
  /// By direction and fold.
  private let rules: [[NearestCentroid]]

  /// - Parameter sums: over the tokens of each document, by direction and document
  init(_ judge: ColumnJudge, sums: [[Double]]) {
    self.judge = judge
    rules = sums.map {
      Column([], judge.rows, sums: $0, isConstant: false)
        .rules(judge.folds, judge.isTarget, pooled: false).map(\.rule)
    }
  }

  /// How many tokens of each document every direction takes for the target.
  ///
  /// - Parameter columns: activations of the documents' tokens, direction after direction
  /// - Returns: by document and direction
  func predicted(_ columns: [Float], documents: Range<Int>) -> [[Int]] {
    let first = judge.rows[documents.lowerBound].lowerBound
    let count = judge.rows[documents.upperBound - 1].upperBound - first
    return columns.withUnsafeBufferPointer { columns in
      documents.map { document in
        let (rows, fold) = (judge.rows[document], judge.folds.of[document])
        return rules.indices.map { direction in
          let start = direction * count + rows.lowerBound - first
          return rules[direction][fold].predicted(
            UnsafeBufferPointer(rebasing: columns[start..<start + rows.count]))
        }
      }
    }
  }

  /// Held-out MCC on tokens of each direction.
  ///
  /// - Parameter predicted: by document and direction
  func mcc(_ predicted: [[Int]]) -> [Double] {
    rules.indices.map { direction in
      var sum = ClassificationMetrics()
      for (document, counts) in predicted.enumerated() {
        sum += Column.metrics(
          counts[direction], of: judge.rows[document].count, judge.isTarget[document])
      }
      return sum.mcc
    }
  }
}
