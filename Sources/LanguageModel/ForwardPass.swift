import LinearAlgebra

/// The forward pass of one worker: the steps of the model, and scratch memory for a pack of
/// documents.
///
/// The steps are those of TransformerLens and are documented by the hook they compute. The caller
/// (`PackWorker`, `Trace`) drives the pass; between the steps it may read activations or overwrite
/// them. Scratch is allocated once.
package struct ForwardPass {
  package let model: Transformer
  package let kernels: Kernels
  /// hook_resid: the residual stream before or after the block that ran last, `[rows, d_model]`.
  package var residual: Matrix
  /// [hook_z | hook_post] of the block that ran last, `[rows, heads · d_head + d_mlp]`.
  package var hidden: Matrix
  package private(set) var pack = Pack([])

  /// The normed residual stream that the last linear map has read, `[rows, d_model]`.
  package internal(set) var normed: Matrix
  private var queryKeyValue: Matrix
  private var scores: Matrix
  var logits: Matrix
  var logSumExp: RunningLogSumExp
  /// A zero for every token, in models whose logits are capped.
  let noBias: [Float]
  /// [x·W_in | x·W_gate] for some rows of a gated MLP, `[rows, 2 · d_mlp]`.
  private var gated: Matrix
  /// The output of attention or MLP before its own norm, if the model has one, `[rows, d_model]`.
  private var written: Matrix

  /// The number of query rows in a block of attention scores. It is small because a block also
  /// computes scores that the mask drops. Of 16 to 256 rows, 16 to 48 were the fastest on documents
  /// of 64 to 512 tokens.
  private static let queryBlock = 32
  /// The number of tokens whose logits are computed at once.
  private static let vocabularyBlock = 512
  /// The number of rows of a gated MLP that are computed at once. Each product arranges the weights
  /// anew, so that few rows at a time are slow; many need more scratch memory.
  package static let gatedBlock = 512

  /// Allocates the scratch memory for packs of a given size.
  ///
  /// - Parameters:
  ///   - rows: the most rows a pack may have
  ///   - longest: the most tokens a document may have
  package init(model: Transformer, rows: Int, longest: Int, kernels: Kernels = .best) {
    let shape = model.architecture
    self.model = model
    self.kernels = kernels
    residual = Matrix(rows: rows, columns: shape.dModel)
    hidden = Matrix(rows: rows, columns: shape.hiddenWidth)
    normed = Matrix(rows: rows, columns: shape.dModel)
    queryKeyValue = Matrix(rows: rows, columns: shape.attentionWidth + 2 * shape.keyValueWidth)
    scores = Matrix(rows: min(Self.queryBlock, longest), columns: longest)
    logits = Matrix(rows: rows, columns: min(Self.vocabularyBlock, shape.vocabulary))
    logSumExp = RunningLogSumExp(rows: rows)
    noBias = shape.logitCap == nil ? [] : Array(repeating: 0, count: shape.vocabulary)
    gated = Matrix(
      rows: shape.mlp.isGated ? min(rows, Self.gatedBlock) : 0, columns: 2 * shape.dMLP)
    written = Matrix(rows: shape.normsOutputs ? rows : 0, columns: shape.dModel)
  }

  /// The bytes of scratch memory that a pass of this size allocates.
  package static func scratchBytes(of shape: Architecture, rows: Int, longest: Int) -> Int {
    let perRow =
      (shape.normsOutputs ? 3 : 2) * shape.dModel + shape.attentionWidth + 2 * shape.keyValueWidth
      + shape.hiddenWidth
    let logits = min(vocabularyBlock, shape.vocabulary)
    let gated = shape.mlp.isGated ? min(rows, gatedBlock) * 2 * shape.dMLP : 0
    return 4 * (rows * (perRow + logits) + min(queryBlock, longest) * longest + gated)
  }

  /// Starts a pack without embedding it. The caller fills `residual`, and `hidden` if it reads it.
  package mutating func resume(_ pack: Pack) {
    precondition(pack.rows <= residual.rows, "\(pack.rows) rows into \(residual.rows)")
    precondition(pack.documents.allSatisfy { $0.count <= scores.columns }, "document too long")
    self.pack = pack
  }

  /// Starts a pack with hook_embed, plus hook_pos_embed if positions are learned.
  package mutating func embed(_ pack: Pack) {
    resume(pack)
    let columns = residual.columns
    for (row, id) in pack.ids.enumerated() {
      model.embedding.copy(Int(id), to: row, of: &residual)
    }
    guard let positions = model.positions else { return }
    for document in pack.documents {
      precondition(document.count <= positions.rows, "\(document.count) positions")
      let start = document.lowerBound * columns
      for index in 0..<document.count * columns {
        residual.elements[start + index] += positions.elements[index]
      }
    }
  }

  /// The steps of a block at which a pass can be stopped or observed, in order.
  package enum Step: Sendable, Comparable {
    /// `hidden` holds hook_z.
    case attended
    /// `residual` holds the input of the MLP: hook_resid_mid, or hook_resid_pre in a parallel
    /// block.
    case mid
    /// `hidden` holds hook_post, which may still be changed.
    case activated
    /// `residual` holds hook_resid_post.
    case written
  }

  /// Runs a block from hook_resid_pre up to a step. No other code knows the order of a block.
  ///
  /// - Parameter observe: called at each step.
  package mutating func run(
    layer: Int, through last: Step = .written,
    observe: (Step, inout ForwardPass) throws -> Void
  ) rethrows {
    let isParallel = model.architecture.order == .parallel
    attend(layer: layer)
    try observe(.attended, &self)
    guard last > .attended else { return }
    if !isParallel { write(.attention, layer: layer) }
    try observe(.mid, &self)
    guard last > .mid else { return }
    activate(layer: layer, normedByAttention: isParallel)
    try observe(.activated, &self)
    guard last > .activated else { return }
    write(isParallel ? .both : .mlp, layer: layer)
    try observe(.written, &self)
  }

  /// Runs a block from hook_resid_pre up to a step.
  package mutating func run(layer: Int, through last: Step = .written) {
    run(layer: layer, through: last) { _, _ in }
  }

  /// Advances `residual` from hook_resid_pre to the input of the layer's MLP. In a parallel block
  /// the two are the same, and nothing is computed.
  package mutating func runToMid(layer: Int) {
    if model.architecture.order == .sequential { run(layer: layer, through: .mid) }
  }

  /// Runs the rest of a block after `runToMid(layer:)`, up to hook_post or to the end.
  package mutating func runFromMid(layer: Int, through last: Step = .written) {
    switch model.architecture.order {
    case .sequential:
      activate(layer: layer, normedByAttention: false)
      if last == .written { write(.mlp, layer: layer) }
    case .parallel where last == .written: run(layer: layer)
    case .parallel: activate(layer: layer, normedByAttention: false)
    }
  }

  /// Computes hook_post for a caller that needs nothing later in the model.
  ///
  /// In a parallel block, this skips the attention.
  package mutating func runToPost(layer: Int) {
    runToMid(layer: layer)
    runFromMid(layer: layer, through: .activated)
  }

  /// Computes hook_z into `hidden`.
  package mutating func attend(layer: Int) {
    let weights = model.layers[layer]
    let rows = pack.rows
    kernels.norm(model.architecture.norm, residual, count: rows, into: &normed)
    MatrixProduct.timesTransposed(
      normed, normed.block(rows: rows), weights.queryKeyValue, weights.queryKeyValue.block(),
      into: &queryKeyValue, queryKeyValue.block(rows: rows))
    kernels.addBias(
      &queryKeyValue, queryKeyValue.block(rows: rows), bias: weights.queryKeyValueBias)
    attendWithinDocuments(layer: layer)
  }

  /// The second part of `attend(layer:)`: computes hook_z from queries, keys and values.
  package mutating func attendWithinDocuments(layer: Int) {
    normHeads(model.layers[layer])
    for document in pack.documents {
      if let rotary = model.rotary {
        rotary.apply(
          to: &queryKeyValue, first: document.lowerBound, count: document.count, column: 0,
          heads: model.architecture.heads + model.architecture.keyValueHeads,
          headSize: model.architecture.dHead, kernels: kernels)
      }
      attend(document, layer: layer)
    }
  }

  /// Norms each head's queries and keys, if the model has such norms.
  private mutating func normHeads(_ weights: Transformer.Layer) {
    guard let query = weights.queryNorm, let key = weights.keyNorm else { return }
    let shape = model.architecture
    for head in 0..<shape.heads + shape.keyValueHeads {
      kernels.rmsNorm(
        &queryKeyValue,
        Block(column: head * shape.dHead, rows: pack.rows, columns: shape.dHead),
        weight: head < shape.heads ? query : key, epsilon: Float(shape.norm.epsilon))
    }
  }

  /// Computes attention within one document: each block of queries with all keys that it may see.
  private mutating func attend(_ document: Range<Int>, layer: Int) {
    let shape = model.architecture
    let dHead = shape.dHead
    let scale = shape.attention.scale(layer: layer)
    let window = shape.attention.window(layer: layer)
    let group = shape.heads / shape.keyValueHeads
    for head in 0..<shape.heads {
      let columns = (
        query: head * dHead, key: shape.attentionWidth + head / group * dHead,
        value: shape.attentionWidth + shape.keyValueWidth + head / group * dHead
      )
      for first in stride(from: 0, to: document.count, by: Self.queryBlock) {
        let queries = min(Self.queryBlock, document.count - first)
        // The first key that the first query sees: in a long document only the window is computed.
        let start = window.map { max(0, first + 1 - $0) } ?? 0
        let keys = first + queries - start
        let row = document.lowerBound
        func part(_ column: Int, _ row: Int, _ rows: Int) -> Block {
          Block(row: row, column: column, rows: rows, columns: dHead)
        }
        let block = Block(rows: queries, columns: keys)
        MatrixProduct.timesTransposed(
          queryKeyValue, part(columns.query, row + first, queries), queryKeyValue,
          part(columns.key, row + start, keys), into: &scores, block)
        softmax(block, first: first - start, window: window, scale: scale, head: head)
        MatrixProduct.times(
          scores, block, queryKeyValue, part(columns.value, row + start, keys), into: &hidden,
          part(head * dHead, row + first, queries))
      }
    }
  }

  /// Turns the scores of a block of queries into attention weights.
  private mutating func softmax(
    _ block: Block, first: Int, window: Int?, scale: Float, head: Int
  ) {
    var scale = scale
    if let cap = model.architecture.attention.scoreCap {
      kernels.softCap(&scores, block, scale: scale, cap: Float(cap))
      scale = 1
    }
    if let slopes = model.slopes {
      kernels.distanceBias(&scores, block, first: first, scale: scale, slope: slopes[head])
      scale = 1
    }
    kernels.causalSoftmax(&scores, block, first: first, window: window, scale: scale)
  }

  /// Computes hook_post into `hidden`.
  ///
  /// - Parameter normedByAttention: whether `normed` already holds the input. In a parallel block
  ///   attention and MLP read the same normed stream, because scales and shifts are folded into the
  ///   weights.
  package mutating func activate(layer: Int, normedByAttention: Bool) {
    let weights = model.layers[layer]
    let rows = pack.rows
    if !normedByAttention {
      kernels.norm(model.architecture.norm, residual, count: rows, into: &normed)
    }
    switch model.architecture.mlp {
    case .plain(let activation):
      MatrixProduct.timesTransposed(
        normed, normed.block(rows: rows), weights.mlpIn, weights.mlpIn.block(), into: &hidden,
        postBlock)
      kernels.activate(&hidden, postBlock, bias: weights.mlpInBias, by: activation)
    case .gated(let activation):
      for first in stride(from: 0, to: rows, by: Self.gatedBlock) {
        activateGated(
          weights, rows: first..<min(first + Self.gatedBlock, rows), by: activation)
      }
    }
  }

  /// Computes hook_post for some rows of a gated MLP; both of its maps are one product.
  private mutating func activateGated(
    _ weights: Transformer.Layer, rows: Range<Int>, by activation: Activation
  ) {
    let neurons = model.architecture.dMLP
    let linear = Block(rows: rows.count, columns: neurons)
    let gate = Block(column: neurons, rows: rows.count, columns: neurons)
    var post = postBlock
    (post.row, post.rows) = (rows.lowerBound, rows.count)
    MatrixProduct.timesTransposed(
      normed, Block(row: rows.lowerBound, rows: rows.count, columns: normed.columns),
      weights.mlpIn, weights.mlpIn.block(), into: &gated, gated.block(rows: rows.count))
    kernels.activateGated(
      linear: gated, linear, bias: weights.mlpInBias[..<neurons], gate: gated, gate,
      bias: weights.mlpInBias[neurons...], by: activation, into: &hidden, post)
  }

  /// The block of `hidden` that holds hook_post.
  package var postBlock: Block {
    let shape = model.architecture
    return Block(row: 0, column: shape.attentionWidth, rows: pack.rows, columns: shape.dMLP)
  }

  /// The parts of a block that write to the residual stream.
  package enum Writer: Sendable {
    case attention, mlp, both
  }

  /// Adds hook_attn_out, hook_mlp_out or both to the residual stream.
  package mutating func write(_ writer: Writer, layer: Int) {
    let weights = model.layers[layer]
    if model.architecture.normsOutputs {
      writeNormed(writer, weights)
      return
    }
    let (source, map) = blocks(of: writer)
    MatrixProduct.timesTransposed(
      hidden, source, weights.output, map, into: &residual, residual.block(rows: pack.rows),
      beta: 1)
    kernels.addBias(&residual, residual.block(rows: pack.rows), bias: bias(of: writer, weights))
  }

  /// Adds the outputs in a model that norms them; attention's and the MLP's are normed separately.
  private mutating func writeNormed(_ writer: Writer, _ weights: Transformer.Layer) {
    if writer == .both {
      writeNormed(.attention, weights)
      writeNormed(.mlp, weights)
      return
    }
    multiplyOut(writer, weights)
    normOutput(of: writer, weights, &written, rows: pack.rows)
    kernels.add(written, written.block(rows: pack.rows), to: &residual)
  }

  /// Computes the output of attention or MLP, before its norm, into `written`.
  private mutating func multiplyOut(_ writer: Writer, _ weights: Transformer.Layer) {
    let (source, map) = blocks(of: writer)
    let block = written.block(rows: pack.rows)
    MatrixProduct.timesTransposed(hidden, source, weights.output, map, into: &written, block)
    kernels.addBias(&written, block, bias: bias(of: writer, weights))
  }

  /// Adds the effect of changing one neuron to `residual`, which holds hook_resid_post of its
  /// layer.
  ///
  /// If outputs are normed, the change passes through the norm of the MLP's whole output: `hidden`
  /// must then still hold hook_post from before the change.
  /// - Parameters:
  ///   - change: the change of the neuron's hook_post in each row
  ///   - row: the row of the first change
  package mutating func add(
    change: [Float], ofNeuron neuron: Int, layer: Int, at row: Int = 0
  ) {
    let direction = model.outputDirection(layer: layer, neuron: neuron)
    guard model.architecture.normsOutputs else {
      kernels.addOuter(&residual, row: row, factor: change, direction: direction)
      return
    }
    let weights = model.layers[layer]
    var (source, map) = blocks(of: .mlp)
    (source.row, source.rows) = (row, change.count)
    for sign in [Float(-1), 1] {
      let block = written.block(rows: change.count)
      MatrixProduct.timesTransposed(hidden, source, weights.output, map, into: &written, block)
      kernels.addBias(&written, block, bias: weights.mlpBias)
      if sign > 0 { kernels.addOuter(&written, factor: change, direction: direction) }
      normOutput(of: .mlp, weights, &written, rows: change.count)
      for index in 0..<change.count * residual.columns {
        residual.elements[row * residual.columns + index] += sign * written.elements[index]
      }
    }
  }

  private func normOutput(
    of writer: Writer, _ weights: Transformer.Layer, _ output: inout Matrix, rows: Int
  ) {
    guard let scale = writer == .mlp ? weights.mlpOutNorm : weights.attentionOutNorm else { return }
    kernels.rmsNorm(
      &output, output.block(rows: rows), weight: scale,
      epsilon: Float(model.architecture.norm.epsilon))
  }

  /// hook_attn_out or hook_mlp_out of one row as it is added to the residual stream, `[d_model]`,
  /// while `hidden` holds that block.
  package func output(of writer: Writer, layer: Int, row: Int) -> [Float] {
    let weights = model.layers[layer]
    var (source, map) = blocks(of: writer)
    source.row = row
    source.rows = 1
    var out = Matrix(rows: 1, columns: residual.columns)
    MatrixProduct.timesTransposed(hidden, source, weights.output, map, into: &out, out.block())
    kernels.addBias(&out, out.block(), bias: bias(of: writer, weights))
    normOutput(of: writer, weights, &out, rows: 1)
    return out.elements
  }

  private func blocks(of writer: Writer) -> (hidden: Block, output: Block) {
    let shape = model.architecture
    let (column, columns) =
      switch writer {
      case .attention: (0, shape.attentionWidth)
      case .mlp: (shape.attentionWidth, shape.dMLP)
      case .both: (0, shape.hiddenWidth)
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
}
