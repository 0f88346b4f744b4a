import LinearAlgebra

/// What one block gives of a scan. Neurons are counted through the layers. It depends on the block's own
/// documents alone.
package struct BlockTotals: Sendable {
  /// The block's place in the scan.
  package let block: Int
  /// The counts of activations by bin for both parts, `[2, neurons, 64]`.
  package let counts: [UInt32]
  /// The sums of hook_post and of its square over the block's counted tokens.
  package let sum: [Double]
  package let squares: [Double]
  package let least: [Float]
  /// The strongest documents of each neuron, counted from the block's first.
  package let strongest: StrongestDocuments
  /// The mean of each neuron over the counted tokens of each document whose mean is kept.
  package let means: [Float]
  /// hook_post of all neurons at the block's sampled tokens.
  package let samples: [Float]

  /// - Returns: nil if an array is not as long as the scan has it
  package init?(
    _ block: Int, of scan: BlockScan, neurons: Int, counts: [UInt32], sum: [Double],
    squares: [Double], least: [Float], strongest: StrongestDocuments, means: [Float],
    samples: [Float]
  ) {
    let documents = scan.documents(of: block)
    guard counts.count == 2 * neurons * ActivationBins.count, sum.count == neurons,
      squares.count == neurons, least.count == neurons,
      strongest.values.count == neurons * BlockScan.strongest,
      strongest.documents.allSatisfy({ $0 < documents.count }),
      means.count == documents.count(where: { scan.documents[$0].row != nil }) * neurons,
      samples.count == documents.reduce(0, { $0 + scan.samples(of: $1).count }) * neurons
    else { return nil }
    (self.block, self.counts, self.sum, self.squares) = (block, counts, sum, squares)
    (self.least, self.strongest, self.means, self.samples) = (least, strongest, means, samples)
  }
}

/// A block's totals while its packs run.
struct BlockSum: Sendable {
  private let block: Int
  private let neurons: Int
  private var counts: [UInt32]
  private var sum: [Double]
  private var squares: [Double]
  private var least: [Float]
  private var strongest: StrongestDocuments
  private var means: [Float] = []
  private var samples: [Float] = []
  /// The number of documents so far.
  private var documents = 0

  init(_ block: Int, neurons: Int) {
    (self.block, self.neurons) = (block, neurons)
    counts = Array(repeating: 0, count: 2 * neurons * ActivationBins.count)
    sum = Array(repeating: 0, count: neurons)
    squares = sum
    least = Array(repeating: .infinity, count: neurons)
    strongest = StrongestDocuments(neurons: neurons, count: BlockScan.strongest)
  }

  /// Adds what a pack has given; packs come in their order, so that no sum depends on the workers.
  mutating func add(_ pack: PackTotals) {
    for neuron in 0..<neurons {
      sum[neuron] += pack.sum[neuron]
      squares[neuron] += pack.squares[neuron]
      least[neuron] = min(least[neuron], pack.least[neuron])
    }
    for (index, hasRow) in pack.hasRow.enumerated() {
      let range = index * neurons..<(index + 1) * neurons
      if hasRow { means += pack.means[range] }
      strongest.offer(documents, values: pack.most[range], positions: pack.positions[range])
      documents += 1
    }
    for values in pack.samples { samples += values }
  }

  /// Adds counts, `[2, neurons, 64]`; integers may be added in any order.
  mutating func add(counts sheet: [UInt32]) {
    counts.withUnsafeMutableBufferPointer { total in
      sheet.withUnsafeBufferPointer { sheet in
        for place in total.indices { total[place] &+= sheet[place] }
      }
    }
  }

  func totals(of scan: BlockScan) -> BlockTotals {
    guard
      let totals = BlockTotals(
        block, of: scan, neurons: neurons, counts: counts, sum: sum, squares: squares,
        least: least, strongest: strongest, means: means, samples: samples)
    else { preconditionFailure("packs of another block") }
    return totals
  }
}
