import Statistics

extension ProbeEvidence.CorpusMeans {
  /// The means of every corpus.
  ///
  /// - Parameter corpora: tokens, and sums over them by neuron.
  static func all(_ corpora: [(name: String, tokens: Int, sums: [Double])]) -> [Self] {
    let total = corpora.dropFirst().reduce(corpora.first?.sums ?? []) { zip($0, $1.sums).map(+) }
    let tokens = corpora.reduce(0) { $0 + $1.tokens }
    return corpora.map { corpus in
      let means = corpus.sums.map { $0 / Double(max(1, corpus.tokens)) }
      let others = Double(max(1, tokens - corpus.tokens))
      let differences = means.indices.map { neuron in
        means[neuron] - (total[neuron] - corpus.sums[neuron]) / others
      }
      return Self(
        name: corpus.name, tokens: corpus.tokens, means: means,
        highest: topIndices(by: differences, count: 1).first ?? 0)
    }
  }
}
