import LinearAlgebra
import Statistics

extension ProbeEvidence.CorpusMeans {
  /// The means of every corpus, in the order in which the rows first name them.
  ///
  /// - Parameter documents: corpus and tokens of each document, in the order of the rows.
  /// - Throws: `Diagnostic` of kind `.resources` when the spill cannot be read.
  static func all(
    _ spill: ActivationSpill, documents: [(corpus: String, tokens: Int)]
  ) throws -> [Self] {
    var names: [String] = []
    for document in documents where !names.contains(document.corpus) {
      names.append(document.corpus)
    }
    let corpusOfRow = documents.flatMap { document in
      repeatElement(names.firstIndex(of: document.corpus) ?? 0, count: document.tokens)
    }
    let zero = Array(repeating: 0.0, count: spill.columns)
    var sums = names.map { _ in zero }
    // A mask has a bit for each of 32 corpora.
    for first in stride(from: 0, to: names.count, by: 32) {
      let group = first..<min(first + 32, names.count)
      try spill.forEachBlock(of: 0..<spill.rows) { rows, matrix in
        let masks = corpusOfRow[rows].map { corpus -> UInt32 in
          group.contains(corpus) ? 1 << UInt32(corpus - first) : 0
        }
        var block = GroupedSum(groups: group.count, columns: spill.columns)
        block.add(matrix, matrix.block(), masks: masks, kernels: .best)
        for corpus in group {
          for neuron in 0..<spill.columns {
            sums[corpus][neuron] += Double(block.sums[corpus - first][neuron])
          }
        }
      }
    }
    let total = sums.reduce(zero) { zip($0, $1).map(+) }
    return names.enumerated().map { index, name in
      let tokens = corpusOfRow.count { $0 == index }
      let means = sums[index].map { $0 / Double(max(1, tokens)) }
      let others = Double(max(1, corpusOfRow.count - tokens))
      let differences = means.indices.map { neuron in
        means[neuron] - (total[neuron] - sums[index][neuron]) / others
      }
      return Self(
        name: name, tokens: tokens, means: means,
        highest: topIndices(by: differences, count: 1).first ?? 0)
    }
  }
}
