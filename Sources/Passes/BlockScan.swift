import LanguageModel
import LinearAlgebra

/// A pass that reads every neuron of every layer of all documents once, and keeps only what does not
/// grow with tokens: histograms, sums, extremes, the strongest documents, the means of documents.
///
/// The documents of a corpus are run in blocks, at whose ends packs start anew: what a block gives
/// depends on its own documents alone.
package struct BlockScan: Sendable {
  /// A document of the scan.
  package struct Document: Sendable {
    package let ids: [Int32]
    /// The histogram that its tokens are counted in: 0 or 1 of its corpus.
    package let part: Int
    /// The row of the means that it fills; nil if its mean is not kept.
    package let row: Int?

    package init(_ ids: [Int32], part: Int, row: Int?) {
      (self.ids, self.part, self.row) = (ids, part, row)
    }
  }

  /// Consecutive documents of one corpus, cut at the first document's end past 2^16 rows.
  package struct Block: Sendable {
    package let corpus: Int
    package let packs: [DocumentPack]
  }

  /// The rows past which a block ends.
  static let blockRows = 1 << 16
  /// The number of strongest documents that are kept of a neuron.
  package static let strongest = 20

  /// All documents, corpus after corpus.
  package let documents: [Document]
  package let corpora: Int
  /// The number of rows of the means.
  package let rows: Int
  package let front: Int
  /// The counted tokens whose activations are kept of all neurons, by their place in the order of
  /// counting, ascending.
  package let sampled: [Int]
  package let blocks: [Block]
  /// The number of counted tokens before each document.
  private let starts: [Int]
  package let tokens: Int

  /// - Parameters:
  ///   - corpora: the documents of each corpus
  ///   - front: the number of tokens at each document's beginning that are not counted
  ///   - samples: the most tokens that are sampled; they are spread evenly over all
  package init(_ corpora: [[Document]], front: Int, samples: Int) {
    documents = corpora.flatMap(\.self)
    self.corpora = corpora.count
    self.front = front
    rows = documents.count { $0.row != nil }
    var (starts, tokens) = ([Int](), 0)
    for document in documents {
      starts.append(tokens)
      tokens += max(0, document.ids.count - front)
    }
    (self.starts, self.tokens) = (starts, tokens)
    let count = min(samples, tokens)
    sampled = (0..<count).map { $0 * tokens / count }
    var blocks: [Block] = []
    var first = 0
    for (corpus, documents) in corpora.enumerated() {
      var (start, filled) = (0, 0)
      for (index, document) in documents.enumerated() {
        filled += document.ids.count
        guard filled > Self.blockRows || index == documents.count - 1 else { continue }
        blocks.append(
          Block(
            corpus: corpus,
            packs: Self.packs(
              documents[start...index].map(\.ids), first: first + start, front: front)))
        (start, filled) = (index + 1, 0)
      }
      first += documents.count
    }
    self.blocks = blocks
  }

  private static func packs(_ documents: [[Int32]], first: Int, front: Int) -> [DocumentPack] {
    DocumentSet(documents, front: front).packs.map {
      DocumentPack(first: first + $0.first, documents: $0.documents, front: front)
    }
  }

  /// The documents of a block.
  package func documents(of block: Int) -> Range<Int> {
    let packs = blocks[block].packs
    let first = packs.first?.first ?? 0
    return first..<first + packs.reduce(0) { $0 + $1.documents.count }
  }

  /// Everything that a block's totals depend on besides the model: its packs, the histogram and row of
  /// each document, and the sampled tokens.
  package func content(of block: Int) -> [String] {
    blocks[block].packs.map(\.digest)
      + documents(of: block).map { document in
        let own = documents[document]
        return "\(own.part) \(own.row != nil) \(samples(of: document).map(\.position))"
      }
  }

  /// The operations of one block's products.
  package func operations(of block: Int, in shape: Architecture) -> OperationCount {
    var count = OperationCount()
    let last = shape.layers - 1
    for pack in blocks[block].packs {
      count.addBlocks(0..<last, of: shape, documents: pack.lengths)
      count.addPart(.post, ofLayer: last, of: shape, documents: pack.lengths)
    }
    return count
  }

  /// The places in `sampled` of the tokens of a document, with the position of each.
  func samples(of document: Int) -> [(place: Int, position: Int)] {
    let start = starts[document]
    let end = start + max(0, documents[document].ids.count - front)
    var (low, high) = (0, sampled.count)
    while low < high {
      let middle = (low + high) / 2
      if sampled[middle] < start { low = middle + 1 } else { high = middle }
    }
    return sampled[low...].prefix { $0 < end }.enumerated().map {
      (low + $0.offset, $0.element - start + front)
    }
  }

  /// The operations of the scan's products.
  package func operations(of shape: Architecture) -> OperationCount {
    blocks.indices.reduce(into: OperationCount()) { $0 += operations(of: $1, in: shape) }
  }

  /// The most rows of a pack, and the longest document.
  package var size: (rows: Int, longest: Int) {
    let packs = blocks.flatMap(\.packs)
    return (packs.map(\.rows).max() ?? 0, packs.flatMap(\.lengths).max() ?? 0)
  }

  /// The bytes that the totals of all blocks take as parts: for each neuron and block both sides'
  /// histograms, three moments, and the strongest documents with value, document and position; for each
  /// neuron the means of documents and the sampled tokens.
  package func partBytes(of shape: Architecture) -> Int {
    let block = 2 * ActivationBins.count * MemoryLayout<UInt32>.stride + 20 + 12 * Self.strongest
    return shape.layers * shape.dMLP * (block * blocks.count + 4 * (rows + sampled.count))
  }

  /// The bytes that the scan holds: each worker's, and those of what is found.
  package func bytes(of shape: Architecture) -> (perWorker: Int, found: Int) {
    let neurons = shape.layers * shape.dMLP
    let packDocuments = blocks.flatMap(\.packs).map(\.documents.count).max() ?? 0
    let histograms = ActivationBins.count * MemoryLayout<UInt32>.stride
    let (rows, longest) = size
    return (
      ForwardPass.scratchBytes(of: shape, rows: rows, longest: longest)
        + neurons * (2 * histograms + 24 + 12 * packDocuments),
      neurons * (2 * (corpora + 1) * histograms + 24 + 12 * Self.strongest)
        + 4 * neurons * (self.rows + sampled.count)
    )
  }
}
