import LinearAlgebra
import Storage

/// How much of a model is in memory while it runs.
package enum Residency: Sendable {
  /// All layers are in memory as Float.
  case whole
  /// Two layers and some rows of the vocabulary are in memory. They are converted to Float each
  /// time they are needed, which gives the same numbers.
  case layerwise
}

extension Transformer {
  /// Reads a checkpoint and processes it in TransformerLens's order: fold_ln,
  /// center_writing_weights, center_unembed, fold_value_biases
  /// (`HookedTransformer.load_and_process_state_dict`).
  ///
  /// Norms without scale or shift leave nothing to fold. Weights are centred only if the norms
  /// subtract the mean. If logits have a soft cap, a shift would change them, so the unembedding is
  /// not centred.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for weights that are not finite or files that change.
  package init(
    architecture: Architecture, checkpoint: Checkpoint, residency: Residency = .whole,
    workers: Int = ParallelLoop.cores
  ) throws {
    let reader = WeightReader(checkpoint: checkpoint, workers: workers)
    self.architecture = architecture
    notes = architecture.notes + checkpoint.notes
    (rotary, slopes) = Self.positions(
      of: architecture, factors: try reader.vector(.rotaryFactors))
    let embedding = try ProcessedEmbedding(architecture, reader)
    let unembedding = try ProcessedUnembedding(architecture, reader)
    unembeddingBias = unembedding.bias
    var positions = try reader.matrix(.positions)
    if architecture.norm.centres { positions?.centreRows(workers: workers) }
    self.positions = positions
    let (vocabulary, dModel) = (architecture.vocabulary, architecture.dModel)
    switch residency {
    case .whole:
      // The memory of the file's pages is freed as soon as the weights on them are converted.
      self.embedding = VocabularyMatrix(try embedding.rows(0..<vocabulary))
      checkpoint.releasePages()
      layers = Layers(
        resident: try (0..<architecture.layers).map {
          let layer = try Layer($0, architecture: architecture, reader: reader)
          checkpoint.releasePages()
          return layer
        })
      self.unembedding = VocabularyMatrix(try unembedding.rows(0..<vocabulary))
      checkpoint.releasePages()
    case .layerwise:
      // Every weight is read once to check that it is finite. Later reads can fail only if the file
      // changes; they then give NaN, and results with NaN are refused.
      for layer in 0..<architecture.layers {
        _ = try Layer(layer, architecture: architecture, reader: reader)
        checkpoint.releasePages()
      }
      self.embedding = VocabularyMatrix(rows: vocabulary, columns: dModel) {
        (try? embedding.rows($0)) ?? Matrix(rows: $0.count, columns: dModel, filledWith: .nan)
      }
      layers = Layers(count: architecture.layers, atOnce: 2) {
        let layer =
          (try? Layer($0, architecture: architecture, reader: reader))
          ?? Layer(unreadable: architecture)
        checkpoint.releasePages()
        return layer
      }
      self.unembedding = VocabularyMatrix(rows: vocabulary, columns: dModel) {
        (try? unembedding.rows($0)) ?? Matrix(rows: $0.count, columns: dModel, filledWith: .nan)
      }
      checkpoint.releasePages()
    }
    try checkpoint.checkUnchanged()
  }

  private static func positions(
    of architecture: Architecture, factors: [Float]?
  ) -> (RotaryEmbedding?, slopes: [Float]?) {
    switch architecture.positions {
    case .learned: (nil, nil)
    case .rotary(let rotary):
      (
        RotaryEmbedding(
          divisors: factors.map { zip(rotary.divisors, $0).map(*) } ?? rotary.divisors,
          adjacent: rotary.pairs == .adjacent, context: architecture.context), nil
      )
    case .alibi: (nil, PositionalEmbedding.slopes(heads: architecture.heads))
    }
  }
}

/// The rows of W_E as they enter the residual stream: scaled, centred or normed.
private struct ProcessedEmbedding: Sendable {
  let architecture: Architecture
  let reader: WeightReader
  private let scale: [Float]?
  private let shift: [Float]?

  init(_ architecture: Architecture, _ reader: WeightReader) throws {
    self.architecture = architecture
    self.reader = reader
    scale = try reader.vector(.embeddingNorm(.scale))
    shift = try reader.vector(.embeddingNorm(.shift))
  }

  func rows(_ range: Range<Int>) throws -> Matrix {
    var embedding = try reader.required(.embedding, rows: range)
    if let factor = architecture.embedding.scale {
      embedding.updateRows(workers: reader.workers) { _, row in
        for i in row.indices { row[i] *= Float(factor) }
      }
    }
    if architecture.norm.centres { embedding.centreRows(workers: reader.workers) }
    if architecture.embedding.isNormed, let scale, let shift {
      let source = embedding
      Kernels.best.norm(architecture.norm, source, count: source.rows, into: &embedding)
      embedding.updateRows(workers: reader.workers) { _, row in
        for i in row.indices { row[i] = row[i] * scale[i] + shift[i] }
      }
    }
    return embedding
  }
}

/// The rows of W_Uᵀ with the final norm folded in, centred over the vocabulary.
private struct ProcessedUnembedding: Sendable {
  let architecture: Architecture
  let reader: WeightReader
  private(set) var bias: [Float]
  private let scale: [Float]?
  private let shift: [Float]?
  /// The mean of each column over the vocabulary.
  private var means: [Float]?

  /// Reads the whole matrix once, some rows at a time, to compute its bias and the columns' means.
  init(_ architecture: Architecture, _ reader: WeightReader) throws {
    self.architecture = architecture
    self.reader = reader
    let vocabulary = architecture.vocabulary
    scale = try reader.vector(.finalNorm(.scale))
    shift = try reader.vector(.finalNorm(.shift))
    bias = []
    let stored =
      try reader.vector(.unembeddingBias) ?? Array(repeating: Float(0), count: vocabulary)
    var folded: [Float] = []
    folded.reserveCapacity(vocabulary)
    var sums = Array(repeating: 0.0, count: architecture.dModel)
    let needsPass = shift != nil || architecture.logitCap == nil
    for start in stride(from: 0, to: vocabulary, by: VocabularyMatrix.blockRows) {
      let range = start..<min(start + VocabularyMatrix.blockRows, vocabulary)
      var part = Array(stored[range])
      if needsPass {
        let matrix = try rows(range, bias: &part)
        matrix.addColumnSums(to: &sums)
      }
      folded += part
    }
    if architecture.logitCap == nil {
      means = sums.map { Float($0 / Double(max(1, vocabulary))) }
      let mean = Float(folded.reduce(0.0) { $0 + Double($1) } / Double(max(1, folded.count)))
      folded = folded.map { $0 - mean }
    }
    bias = folded
  }

  func rows(_ range: Range<Int>) throws -> Matrix {
    var unused = Array(repeating: Float(0), count: range.count)
    var matrix = try rows(range, bias: &unused)
    if let means {
      matrix.updateRows(workers: reader.workers) { _, row in
        for i in row.indices { row[i] -= means[i] }
      }
    }
    return matrix
  }

  private func rows(_ range: Range<Int>, bias: inout [Float]) throws -> Matrix {
    var matrix = try reader.required(.unembedding, rows: range)
    matrix.foldNorm(
      scale: scale, shift: shift, bias: &bias, centres: architecture.norm.centres,
      workers: reader.workers)
    return matrix
  }
}
