import LinearAlgebra

/// One worker's forward pass: scratch memory for a pack of documents and the steps of the model.
///
/// The steps are those of TransformerLens, named by what they leave behind. A pass is driven from
/// outside (`Sweep`, `PromptRun`), which reads activations between the steps and may overwrite
/// them. Scratch is allocated once.
package struct ForwardPass {
  package let model: Transformer
  package let kernels: Kernels
  /// hook_resid: the residual stream before or after the block that ran last, `[rows, d_model]`.
  package var residual: Matrix
  /// [hook_z | hook_post] of the block that ran last, `[rows, d_model + d_mlp]`.
  package var hidden: Matrix
  package private(set) var pack = Pack([])

  private var normed: Matrix
  private var queryKeyValue: Matrix
  private var scores: Matrix
  private var logits: Matrix
  private var logSumExp: RunningLogSumExp

  /// Query rows of one block of attention scores: few, since a block also computes the scores that
  /// the mask drops. Of 16 to 256 rows, 16 to 48 were the fastest on documents of 64 to 512 tokens.
  private static let queryBlock = 32
  /// Columns of the vocabulary whose logits are held at once.
  private static let vocabularyBlock = 512

  /// - Parameters:
  ///   - rows: the most rows a pack may have
  ///   - longest: the most tokens a document may have
  package init(model: Transformer, rows: Int, longest: Int, kernels: Kernels = .best) {
    let shape = model.architecture
    self.model = model
    self.kernels = kernels
    residual = Matrix(rows: rows, columns: shape.dModel)
    hidden = Matrix(rows: rows, columns: shape.dModel + shape.dMLP)
    normed = Matrix(rows: rows, columns: shape.dModel)
    queryKeyValue = Matrix(rows: rows, columns: 3 * shape.dModel)
    scores = Matrix(rows: min(Self.queryBlock, longest), columns: longest)
    logits = Matrix(rows: rows, columns: min(Self.vocabularyBlock, shape.vocabulary))
    logSumExp = RunningLogSumExp(rows: rows)
  }

  /// Bytes of scratch that a pass of this size holds.
  package static func scratchBytes(of shape: Architecture, rows: Int, longest: Int) -> Int {
    let perRow = 2 * shape.dModel + 3 * shape.dModel + shape.dModel + shape.dMLP
    let logits = min(vocabularyBlock, shape.vocabulary)
    return 4 * (rows * (perRow + logits) + min(queryBlock, longest) * longest)
  }

  /// Starts a pack whose residual stream, and `hidden` where it is wanted, the caller writes.
  package mutating func resume(_ pack: Pack) {
    precondition(pack.rows <= residual.rows, "\(pack.rows) rows into \(residual.rows)")
    precondition(pack.documents.allSatisfy { $0.count <= scores.columns }, "document too long")
    self.pack = pack
  }

  /// hook_embed: starts a pack.
  package mutating func embed(_ pack: Pack) {
    resume(pack)
    let columns = residual.columns
    for (row, id) in pack.ids.enumerated() {
      let source = Int(id) * columns
      residual.elements.replaceSubrange(
        row * columns..<(row + 1) * columns,
        with: model.embedding.elements[source..<source + columns])
    }
  }

  /// Runs a whole block: hook_resid_pre becomes hook_resid_post.
  package mutating func run(layer: Int) {
    attend(layer: layer)
    if !model.architecture.parallelResidual { write(.attention, layer: layer) }
    activate(layer: layer, normedByAttention: model.architecture.parallelResidual)
    write(model.architecture.parallelResidual ? .both : .mlp, layer: layer)
  }

  /// hook_post alone, when nothing later than the MLP's activations is wanted.
  ///
  /// A parallel block does not need its attention for that.
  package mutating func runToPost(layer: Int) {
    if !model.architecture.parallelResidual {
      attend(layer: layer)
      write(.attention, layer: layer)
    }
    activate(layer: layer, normedByAttention: false)
  }

  /// hook_z into `hidden`.
  package mutating func attend(layer: Int) {
    let weights = model.layers[layer]
    let rows = pack.rows
    kernels.layerNorm(residual, count: rows, epsilon: epsilon, into: &normed)
    MatrixProduct.timesTransposed(
      normed, normed.block(rows: rows), weights.queryKeyValue, weights.queryKeyValue.block(),
      into: &queryKeyValue, queryKeyValue.block(rows: rows))
    kernels.addBias(
      &queryKeyValue, queryKeyValue.block(rows: rows), bias: weights.queryKeyValueBias)
    attendWithinDocuments()
  }

  /// The part of `attend(layer:)` after its weights: queries, keys and values into hook_z.
  package mutating func attendWithinDocuments() {
    for document in pack.documents { attend(document) }
  }

  /// Attention within one document, blocks of queries against all keys they may see.
  private mutating func attend(_ document: Range<Int>) {
    let shape = model.architecture
    let (dModel, dHead) = (shape.dModel, shape.dHead)
    model.rotary.apply(
      to: &queryKeyValue, first: document.lowerBound, count: document.count, column: 0,
      heads: 2 * shape.heads, headSize: dHead)
    let scale = 1 / Float(dHead).squareRoot()
    for head in 0..<shape.heads {
      for first in stride(from: 0, to: document.count, by: Self.queryBlock) {
        let queries = min(Self.queryBlock, document.count - first)
        let keys = first + queries
        let row = document.lowerBound
        func part(_ index: Int, _ row: Int, _ rows: Int) -> Block {
          Block(row: row, column: index * dModel + head * dHead, rows: rows, columns: dHead)
        }
        let block = Block(rows: queries, columns: keys)
        MatrixProduct.timesTransposed(
          queryKeyValue, part(0, row + first, queries), queryKeyValue, part(1, row, keys),
          into: &scores, block)
        kernels.causalSoftmax(&scores, block, first: first, scale: scale)
        MatrixProduct.times(
          scores, block, queryKeyValue, part(2, row, keys), into: &hidden,
          part(0, row + first, queries))
      }
    }
  }

  /// hook_post into `hidden`.
  ///
  /// - Parameter normedByAttention: in a parallel block both halves read the same normed stream,
  ///   since their scales and shifts are folded into the weights.
  package mutating func activate(layer: Int, normedByAttention: Bool) {
    let weights = model.layers[layer]
    let rows = pack.rows
    if !normedByAttention {
      kernels.layerNorm(residual, count: rows, epsilon: epsilon, into: &normed)
    }
    let post = postBlock
    MatrixProduct.timesTransposed(
      normed, normed.block(rows: rows), weights.mlpIn, weights.mlpIn.block(), into: &hidden, post)
    kernels.biasGELU(&hidden, post, bias: weights.mlpInBias)
  }

  /// Where hook_post lies in `hidden`.
  package var postBlock: Block {
    let shape = model.architecture
    return Block(row: 0, column: shape.dModel, rows: pack.rows, columns: shape.dMLP)
  }

  /// What writes the residual stream.
  package enum Writer: Sendable {
    case attention, mlp, both
  }

  /// Adds hook_attn_out, hook_mlp_out or both to the residual stream.
  package mutating func write(_ writer: Writer, layer: Int) {
    let weights = model.layers[layer]
    let (source, map) = blocks(of: writer)
    MatrixProduct.timesTransposed(
      hidden, source, weights.output, map, into: &residual, residual.block(rows: pack.rows),
      beta: 1)
    kernels.addBias(&residual, residual.block(rows: pack.rows), bias: bias(of: writer, weights))
  }

  /// hook_attn_out or hook_mlp_out of one row, `[d_model]`, while `hidden` holds that block.
  package func output(of writer: Writer, layer: Int, row: Int) -> [Float] {
    let weights = model.layers[layer]
    var (source, map) = blocks(of: writer)
    source.row = row
    source.rows = 1
    var out = Matrix(rows: 1, columns: residual.columns)
    MatrixProduct.timesTransposed(hidden, source, weights.output, map, into: &out, out.block())
    kernels.addBias(&out, out.block(), bias: bias(of: writer, weights))
    return out.elements
  }

  private func blocks(of writer: Writer) -> (hidden: Block, output: Block) {
    let shape = model.architecture
    let (column, columns) =
      switch writer {
      case .attention: (0, shape.dModel)
      case .mlp: (shape.dModel, shape.dMLP)
      case .both: (0, shape.dModel + shape.dMLP)
      }
    return (
      Block(column: column, rows: pack.rows, columns: columns),
      Block(column: column, rows: shape.dModel, columns: columns)
    )
  }

  private func bias(of writer: Writer, _ weights: Transformer.Layer) -> [Float] {
    switch writer {
    case .attention: weights.attentionBias
    case .mlp: weights.mlpBias
    case .both: weights.writingBias
    }
  }

  private var epsilon: Float { Float(model.architecture.norm.epsilon) }
}

extension ForwardPass {
  /// The loss of predicting each target from its row, in nats.
  ///
  /// The logits stream over blocks of the vocabulary; a block is reduced to its log-sum-exp while it
  /// is in cache.
  ///
  /// - Parameters:
  ///   - rows: rows of the final residual stream, at most as many as a pack has
  ///   - targets: the token that each of them should predict
  package mutating func losses(rows: [Int32], targets: [Int32]) -> [Float] {
    precondition(
      rows.count == targets.count && rows.count <= logits.rows,
      "\(rows.count) rows and \(targets.count) targets for \(logits.rows) rows of logits")
    let (count, vocabulary) = (rows.count, model.architecture.vocabulary)
    kernels.layerNorm(residual, rows: rows, count: count, epsilon: epsilon, into: &normed)
    logSumExp.restart()
    var target = Array(repeating: Float(0), count: count)
    for offset in stride(from: 0, to: vocabulary, by: logits.columns) {
      let columns = min(logits.columns, vocabulary - offset)
      MatrixProduct.timesTransposed(
        normed, normed.block(rows: count), model.unembedding,
        Block(row: offset, rows: columns, columns: normed.columns), into: &logits,
        Block(rows: count, columns: columns))
      logSumExp.add(
        logits, rows: count, columns: columns, bias: model.unembeddingBias, offset: offset,
        kernels: kernels)
      for row in 0..<count where (offset..<offset + columns).contains(Int(targets[row])) {
        let token = Int(targets[row])
        target[row] = logits[row, token - offset] + model.unembeddingBias[token]
      }
    }
    return target.indices.map { logSumExp[$0] - target[$0] }
  }

  /// How many tokens each row finds likelier than its target; of equal logits the lower id.
  ///
  /// The vocabulary is passed twice: for the targets' logits, then for what exceeds them.
  package mutating func ranks(rows: [Int32], targets: [Int32]) -> [Int] {
    precondition(
      rows.count == targets.count && rows.count <= logits.rows,
      "\(rows.count) rows and \(targets.count) targets for \(logits.rows) rows of logits")
    let (count, vocabulary) = (rows.count, model.architecture.vocabulary)
    kernels.layerNorm(residual, rows: rows, count: count, epsilon: epsilon, into: &normed)
    var own = Array(repeating: Float(0), count: count)
    var ranks = Array(repeating: 0, count: count)
    for isCounting in [false, true] {
      for offset in stride(from: 0, to: vocabulary, by: logits.columns) {
        let columns = min(logits.columns, vocabulary - offset)
        MatrixProduct.timesTransposed(
          normed, normed.block(rows: count), model.unembedding,
          Block(row: offset, rows: columns, columns: normed.columns), into: &logits,
          Block(rows: count, columns: columns))
        for row in 0..<count {
          let (target, start) = (Int(targets[row]), row * logits.columns)
          if !isCounting {
            guard (offset..<offset + columns).contains(target) else { continue }
            own[row] = logits[row, target - offset] + model.unembeddingBias[target]
            continue
          }
          for column in 0..<columns {
            let logit = logits.elements[start + column] + model.unembeddingBias[offset + column]
            if logit > own[row] || (logit == own[row] && offset + column < target) {
              ranks[row] += 1
            }
          }
        }
      }
    }
    return ranks
  }

  /// All logits of one row of the final residual stream, `[vocabulary]`.
  package mutating func logits(row: Int) -> [Float] {
    let vocabulary = model.architecture.vocabulary
    kernels.layerNorm(residual, rows: [Int32(row)], count: 1, epsilon: epsilon, into: &normed)
    var out = Matrix(rows: 1, columns: vocabulary)
    MatrixProduct.timesTransposed(
      normed, normed.block(rows: 1), model.unembedding, model.unembedding.block(), into: &out,
      out.block())
    kernels.addBias(&out, out.block(), bias: model.unembeddingBias)
    return out.elements
  }
}
