import LinearAlgebra

/// What a `BlockScan` finds. Neurons are counted through the layers.
package struct ScanTotals: Sendable {
  package let neurons: Int
  /// The number of counted tokens.
  package let tokens: Int
  /// The counts of activations by bin, for the two parts of each corpus: `[2 · corpora][neurons, 64]`.
  package fileprivate(set) var counts: [[UInt32]]
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

  init(of scan: BlockScan, neurons: Int) {
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

  /// Adds what a pack has given; packs come in their order, so that no sum depends on the workers.
  mutating func add(_ pack: PackTotals) {
    for neuron in 0..<neurons {
      sum[neuron] += pack.sum[neuron]
      squares[neuron] += pack.squares[neuron]
      least[neuron] = min(least[neuron], pack.least[neuron])
    }
    for (index, document) in pack.documents.enumerated() {
      let range = index * neurons..<(index + 1) * neurons
      if let row = document.row {
        means.elements.replaceSubrange(
          row * neurons..<(row + 1) * neurons, with: pack.means[range])
      }
      strongest.offer(
        document.index, values: pack.most[range], positions: pack.positions[range])
    }
    for (place, values) in pack.samples {
      samples.elements.replaceSubrange(place * neurons..<(place + 1) * neurons, with: values)
    }
  }

  /// Adds counts of a corpus, `[2, neurons, 64]`; integers may be added in any order.
  mutating func add(counts sheet: [UInt32], corpus: Int) {
    for part in 0..<2 {
      let first = part * neurons * ActivationBins.count
      counts[2 * corpus + part].withUnsafeMutableBufferPointer { total in
        sheet.withUnsafeBufferPointer { sheet in
          for place in total.indices { total[place] &+= sheet[first + place] }
        }
      }
    }
  }
}

/// What one pack gives of a scan, besides counts.
struct PackTotals: Sendable {
  var documents: [(index: Int, row: Int?)] = []
  var sum: [Double]
  var squares: [Double]
  var least: [Float]
  /// By document, then by neuron.
  var means: [Float]
  var most: [Float]
  var positions: [Int32]
  /// Sampled tokens with all neurons' activations.
  var samples: [(place: Int, values: [Float])] = []

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
  private var values: [Float]
  private var documents: [Int32]
  private var positions: [Int32]

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
      var slot = (neuron + 1) * count - 1
      guard value > values[slot] else { continue }
      while slot > neuron * count, value > values[slot - 1] {
        values[slot] = values[slot - 1]
        documents[slot] = documents[slot - 1]
        positions[slot] = positions[slot - 1]
        slot -= 1
      }
      values[slot] = value
      documents[slot] = Int32(document)
      positions[slot] = place[place.startIndex + neuron]
    }
  }

  /// The strongest documents of a neuron.
  package func of(_ neuron: Int) -> [Entry] {
    (neuron * count..<(neuron + 1) * count).filter { documents[$0] >= 0 }.map {
      Entry(
        value: values[$0], document: Int(documents[$0]), position: Int(positions[$0]))
    }
  }
}
