import LinearAlgebra

/// What a `BlockScan` finds, block after block. Neurons are counted through the layers.
package struct ScanTotals: Sendable {
  package let neurons: Int
  /// The number of counted tokens.
  package let tokens: Int
  /// The counts of activations by bin, for the two parts of each corpus: `[2 · corpora][neurons, 64]`.
  package private(set) var counts: [[UInt32]]
  /// The sums of hook_post and of its square over all counted tokens.
  package private(set) var sum: [Double]
  package private(set) var squares: [Double]
  package private(set) var least: [Float]
  /// The strongest documents of each neuron.
  package private(set) var strongest: StrongestDocuments
  /// The mean of each neuron over the counted tokens of a document, `[rows, neurons]`.
  package private(set) var means: Matrix
  /// hook_post at the sampled tokens, `[samples, neurons]`.
  package private(set) var samples: Matrix

  package init(of scan: BlockScan, neurons: Int) {
    self.neurons = neurons
    tokens = scan.tokens
    let empty = [UInt32](repeating: 0, count: neurons * ActivationBins.count)
    counts = Array(repeating: empty, count: 2 * scan.corpora)
    sum = Array(repeating: 0, count: neurons)
    squares = sum
    least = Array(repeating: .infinity, count: neurons)
    strongest = StrongestDocuments(neurons: neurons, count: BlockScan.strongest)
    means = Matrix(rows: scan.rows, columns: neurons)
    samples = Matrix(rows: scan.sampled.count, columns: neurons)
  }

  /// The number of tokens of a part of a corpus on which each neuron fires: hook_post > 0.
  package func fired(corpus: Int, part: Int) -> [Int] {
    let counts = counts[2 * corpus + part]
    return (0..<neurons).map { neuron in
      let first = neuron * ActivationBins.count
      return counts[first + ActivationBins.firstPositive..<first + ActivationBins.count]
        .reduce(0) { $0 + Int($1) }
    }
  }

  /// Adds what a block has given; blocks come in their order, so that no sum depends on who has run
  /// them.
  package mutating func add(_ block: BlockTotals, of scan: BlockScan) {
    let documents = scan.documents(of: block.block)
    let corpus = scan.blocks[block.block].corpus
    for neuron in 0..<neurons {
      sum[neuron] += block.sum[neuron]
      squares[neuron] += block.squares[neuron]
      least[neuron] = min(least[neuron], block.least[neuron])
    }
    strongest.add(block.strongest, first: documents.lowerBound)
    for (index, row) in documents.compactMap({ scan.documents[$0].row }).enumerated() {
      means.elements.replaceSubrange(
        row * neurons..<(row + 1) * neurons,
        with: block.means[index * neurons..<(index + 1) * neurons])
    }
    for (index, place) in documents.flatMap({ scan.samples(of: $0).map(\.place) }).enumerated() {
      samples.elements.replaceSubrange(
        place * neurons..<(place + 1) * neurons,
        with: block.samples[index * neurons..<(index + 1) * neurons])
    }
    for part in 0..<2 {
      let first = part * neurons * ActivationBins.count
      counts[2 * corpus + part].withUnsafeMutableBufferPointer { total in
        block.counts.withUnsafeBufferPointer { block in
          for place in total.indices { total[place] &+= block[first + place] }
        }
      }
    }
  }
}

/// What one pack gives of a scan, besides counts.
struct PackTotals: Sendable {
  /// Whether each document's mean is kept.
  var hasRow: [Bool] = []
  var sum: [Double]
  var squares: [Double]
  var least: [Float]
  /// By document, then by neuron.
  var means: [Float]
  var most: [Float]
  var positions: [Int32]
  /// All neurons' activations at each sampled token.
  var samples: [[Float]] = []

  init(documents: Int, neurons: Int) {
    sum = Array(repeating: 0, count: neurons)
    squares = sum
    least = Array(repeating: .infinity, count: neurons)
    means = Array(repeating: 0, count: documents * neurons)
    most = Array(repeating: -.infinity, count: documents * neurons)
    positions = Array(repeating: 0, count: documents * neurons)
  }
}

/// For each neuron the documents with the strongest token, strongest first; equal ones in the order of
/// the documents.
package struct StrongestDocuments: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let value: Float
    package let document: Int
    /// The position of the document's strongest token, the first of equals.
    package let position: Int

    package init(value: Float, document: Int, position: Int) {
      (self.value, self.document, self.position) = (value, document, position)
    }
  }

  private let count: Int
  /// By neuron, strongest first; −1 stands for no document.
  package private(set) var values: [Float]
  package private(set) var documents: [Int32]
  package private(set) var positions: [Int32]

  /// - Parameters: those of another's columns
  package init?(count: Int, values: [Float], documents: [Int32], positions: [Int32]) {
    guard values.count == documents.count, values.count == positions.count,
      values.count.isMultiple(of: count)
    else { return nil }
    (self.count, self.values, self.documents, self.positions) = (
      count, values, documents, positions
    )
  }

  init(neurons: Int, count: Int) {
    self.count = count
    values = Array(repeating: -.infinity, count: neurons * count)
    documents = Array(repeating: -1, count: neurons * count)
    positions = documents
  }

  /// Offers a document that comes after all that were offered before.
  mutating func offer(
    _ document: Int, values offered: ArraySlice<Float>, positions place: ArraySlice<Int32>
  ) {
    for neuron in 0..<offered.count {
      let value = offered[offered.startIndex + neuron]
      insert(value, Int32(document), place[place.startIndex + neuron], of: neuron)
    }
  }

  /// Adds the strongest of later documents, which are counted there from `first` on.
  mutating func add(_ later: Self, first: Int) {
    for neuron in 0..<values.count / count {
      for place in neuron * count..<(neuron + 1) * count where later.documents[place] >= 0 {
        insert(
          later.values[place], Int32(first) + later.documents[place], later.positions[place],
          of: neuron)
      }
    }
  }

  /// Puts a document among the strongest of a neuron, behind those that are as strong.
  private mutating func insert(_ value: Float, _ document: Int32, _ position: Int32, of neuron: Int)
  {
    var slot = (neuron + 1) * count - 1
    guard value > values[slot] else { return }
    while slot > neuron * count, value > values[slot - 1] {
      values[slot] = values[slot - 1]
      documents[slot] = documents[slot - 1]
      positions[slot] = positions[slot - 1]
      slot -= 1
    }
    (values[slot], documents[slot], positions[slot]) = (value, document, position)
  }

  /// The strongest documents of a neuron.
  package func of(_ neuron: Int) -> [Entry] {
    (neuron * count..<(neuron + 1) * count).filter { documents[$0] >= 0 }.map {
      Entry(
        value: values[$0], document: Int(documents[$0]), position: Int(positions[$0]))
    }
  }
}
