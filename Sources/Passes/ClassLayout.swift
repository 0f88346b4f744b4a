import Corpora
import StudyFile

/// Which rows of a class the model computes, and which of them have a loss.
///
/// Without the padded convention that is every real token. With it, documents are continued with
/// id 0 as far as the notebook's batches pad them; the model is causal, so the real tokens of a
/// padded document are those of the document alone, and one run serves both conventions.
package struct ClassLayout: Sendable, Equatable {
  /// Real tokens of each document, BOS included.
  package let real: [Int]
  /// Tokens of each document in the notebook's batch, pads included; `real` without padding.
  package let batched: [Int]
  /// Rows that are computed: `batched`, or more where all documents are padded to the longest.
  package let computed: [Int]

  package init(of documents: TokenizedClass, padding: PaddedSettings?, toLongest: Bool) {
    real = documents.documents.map(\.ids.count)
    guard let padding else {
      batched = real
      computed = real
      return
    }
    batched = documents.paddedLengths(batch: padding.batch(of: documents.reference))
    computed = toLongest ? real.map { _ in documents.longest } : batched
  }

  /// Where each document's activations start in a column, and the end.
  var computedOffsets: [Int] { Self.offsets(computed) }
  /// Where each document's losses start in a column, and the end.
  var lossOffsets: [Int] { Self.offsets(batched.map { max(0, $0 - 1) }) }

  private static func offsets(_ counts: [Int]) -> [Int] {
    counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  /// Documents put together so that a pack has about `rows` rows; a longer document is alone, and
  /// no pack holds documents of both sides of `apart`.
  func packs(rows: Int, apart: Int = 0) -> [Range<Int>] {
    var packs: [Range<Int>] = []
    var start = 0
    var filled = 0
    for (index, count) in computed.enumerated() {
      if filled > 0, filled + count > rows || index == apart {
        packs.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += count
    }
    if start < computed.count { packs.append(start..<computed.count) }
    return packs
  }
}
