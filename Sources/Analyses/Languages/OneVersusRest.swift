import Statistics

/// Judges a column of activations on each corpus against all other corpora together.
///
/// In each corpus, documents at even places are judged by the class means of those at odd places,
/// and vice versa; the judgements of both folds are counted together.
package struct OneVersusRest: Sendable {
  private let rows: [Range<Int>]
  private let folds: Folds
  /// The corpus of each document.
  private let corpusOf: [Int]
  private let corpora: Int

  /// Assigns the documents of each corpus to the two folds.
  ///
  /// - Parameter tokens: the number of tokens of each document, by corpus
  package init(_ tokens: [[Int]]) {
    rows = GroupedColumn.rows(Array(tokens.joined()))
    folds = Folds(tokens.flatMap { $0.indices.map { $0 % 2 } }, count: 2)
    corpusOf = tokens.enumerated().flatMap { index, documents in documents.map { _ in index } }
    corpora = tokens.count
  }

  /// A neuron's MCC and mean on every corpus. The MCC is negative where the neuron is lower there.
  package func row(_ neuron: Int, _ values: [Float]) -> Languages.Result.Row {
    let column = GroupedColumn(values, rows)
    var row = Languages.Result.Row(neuron: neuron, mcc: [], means: [])
    for corpus in 0..<corpora {
      let isPositive = corpusOf.map { $0 == corpus }
      let rules = column.rules(folds, isPositive, pooled: false).map(\.rule)
      let all = column.counts(folds, rules, isPositive)
        .reduce(into: ClassificationMetrics()) { $0 += $1 }
      let means = column.classMeans(isPositive) { _ in true }
      row.mcc.append(means.positive < means.negative ? -all.mcc : all.mcc)
      row.means.append(means.positive)
    }
    return row
  }

  /// The column's activations on one corpus.
  func values(of corpus: Int, in column: [Float]) -> [Float] {
    rows.indices.filter { corpusOf[$0] == corpus }.flatMap { column[rows[$0]] }
  }
}
