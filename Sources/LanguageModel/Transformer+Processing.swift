import LinearAlgebra
import Synchronization

extension Transformer {
  /// Reads a checkpoint and processes it as TransformerLens does, in its order: fold_ln,
  /// center_writing_weights, center_unembed, fold_value_biases
  /// (`HookedTransformer.load_and_process_state_dict`).
  ///
  /// - Throws: `Diagnostic` of kind `.data` for weights that are not finite or files that change.
  package init(architecture: Architecture, checkpoint: Checkpoint) throws {
    let names = checkpoint.names
    let reader = WeightReader(checkpoint: checkpoint)
    self.architecture = architecture
    notes = architecture.notes + checkpoint.notes
    switch architecture.positions {
    case .rotary(let dimensions, let base):
      rotary = RotaryEmbedding(
        dimensions: dimensions, base: Float(base), context: architecture.context)
    }

    var embedding = try reader.matrix(names.embedding)
    embedding.centreRows()
    self.embedding = embedding

    var layers: [Layer] = []
    for layer in names.layers {
      layers.append(try Layer(layer, architecture: architecture, reader: reader))
    }
    self.layers = layers

    var unembedding = try reader.matrix(names.unembedding)
    var bias = Array(repeating: Float(0), count: architecture.vocabulary)
    unembedding.foldNorm(
      scale: try reader.vector(names.finalNorm.weight),
      shift: try reader.vector(names.finalNorm.bias), bias: &bias)
    unembedding.centreColumns()
    let mean = Float(bias.reduce(0.0) { $0 + Double($1) } / Double(max(1, bias.count)))
    self.unembedding = unembedding
    unembeddingBias = bias.map { $0 - mean }
    try checkpoint.checkUnchanged()
  }
}

extension Transformer.Layer {
  fileprivate init(
    _ names: TensorNames.Layer, architecture: Architecture, reader: WeightReader
  ) throws {
    let (dModel, dHead) = (architecture.dModel, architecture.dHead)

    var queryKeyValue = try reader.matrix(names.queryKeyValue.weight)
    var queryKeyValueBias = try reader.bias(names.queryKeyValue)
    queryKeyValue.foldNorm(
      scale: try reader.vector(names.attentionNorm.weight),
      shift: try reader.vector(names.attentionNorm.bias), bias: &queryKeyValueBias)
    // The checkpoint lays rows out per head as [q | k | v].
    let order = (0..<3 * dModel).map { row in
      let (part, head, dimension) = (row / dModel, row % dModel / dHead, row % dHead)
      return (head * 3 + part) * dHead + dimension
    }
    queryKeyValue = queryKeyValue.picking(rows: order)
    queryKeyValueBias = order.map { queryKeyValueBias[$0] }

    var mlpIn = try reader.matrix(names.mlpIn.weight)
    var mlpInBias = try reader.bias(names.mlpIn)
    mlpIn.foldNorm(
      scale: try reader.vector(names.mlpNorm.weight),
      shift: try reader.vector(names.mlpNorm.bias), bias: &mlpInBias)

    var attentionOut = try reader.matrix(names.attentionOut.weight)
    var mlpOut = try reader.matrix(names.mlpOut.weight)
    attentionOut.centreColumns()
    mlpOut.centreColumns()
    var attentionBias = centred(try reader.bias(names.attentionOut))
    let mlpBias = centred(try reader.bias(names.mlpOut))

    // fold_value_biases: attention weights sum to one, so b_V reaches the output unchanged.
    let valueBias = Array(queryKeyValueBias[(2 * dModel)...])
    for row in 0..<dModel {
      let sum = (0..<dModel).reduce(0.0) {
        $0 + Double(attentionOut[row, $1]) * Double(valueBias[$1])
      }
      attentionBias[row] += Float(sum)
    }
    queryKeyValueBias.replaceSubrange((2 * dModel)..., with: repeatElement(0, count: dModel))

    self.queryKeyValue = queryKeyValue
    self.queryKeyValueBias = queryKeyValueBias
    self.mlpIn = mlpIn
    self.mlpInBias = mlpInBias
    output = attentionOut.beside(mlpOut)
    self.attentionBias = attentionBias
    self.mlpBias = mlpBias
    writingBias = zip(attentionBias, mlpBias).map(+)
  }
}

/// Widens tensors of a checkpoint, rows in parallel.
private struct WeightReader: Sendable {
  let checkpoint: Checkpoint

  func matrix(_ spec: TensorSpec) throws -> Matrix {
    let tensor = try checkpoint.tensor(spec)
    let failure = Mutex<(any Error)?>(nil)
    let elements = [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      nonisolated(unsafe) let all = buffer
      ParallelLoop.overRanges(tensor.rows, atLeast: 64) { rows in
        let part = rows.lowerBound * tensor.columns..<rows.upperBound * tensor.columns
        do {
          try tensor.widen(rows: rows, into: UnsafeMutableBufferPointer(rebasing: all[part]))
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
      count = tensor.count
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return Matrix(rows: tensor.rows, columns: tensor.columns, elements: elements)
  }

  func vector(_ spec: TensorSpec) throws -> [Float] { try matrix(spec).elements }

  /// The bias of a linear map, zero where it has none.
  func bias(_ linear: TensorNames.Linear) throws -> [Float] {
    guard let spec = linear.bias else {
      return Array(repeating: 0, count: linear.weight.shape[0])
    }
    return try vector(spec)
  }
}

private func centred(_ vector: [Float]) -> [Float] {
  let mean = Float(vector.reduce(0.0) { $0 + Double($1) } / Double(max(1, vector.count)))
  return vector.map { $0 - mean }
}

extension Matrix {
  /// fold_ln for a map `[out, in]` that reads a norm: the shift moves into the bias, the scale into
  /// the weights, and each output's mean over the inputs is taken away, since the norm centres its
  /// input.
  fileprivate mutating func foldNorm(scale: [Float], shift: [Float], bias: inout [Float]) {
    bias.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let bias = buffer
      updateRows { row, weights in
        var moved = 0.0
        var sum = 0.0
        for i in weights.indices {
          moved += Double(weights[i] * shift[i])
          weights[i] *= scale[i]
          sum += Double(weights[i])
        }
        bias[row] += Float(moved)
        let mean = Float(sum / Double(max(1, weights.count)))
        for i in weights.indices { weights[i] -= mean }
      }
    }
  }

  /// Takes each row's mean away: rows that write the residual stream.
  fileprivate mutating func centreRows() {
    updateRows { _, row in
      let mean = Float(row.reduce(0.0) { $0 + Double($1) } / Double(max(1, row.count)))
      for i in row.indices { row[i] -= mean }
    }
  }

  /// Takes each column's mean over the rows away.
  fileprivate mutating func centreColumns() {
    let means = columnMeans().map { Float($0) }
    updateRows { _, row in
      for i in row.indices { row[i] -= means[i] }
    }
  }

  fileprivate func picking(rows order: [Int]) -> Matrix {
    var elements: [Float] = []
    elements.reserveCapacity(order.count * columns)
    for row in order { elements += self.elements[row * columns..<(row + 1) * columns] }
    return Matrix(rows: order.count, columns: columns, elements: elements)
  }

  /// [self | other], for two matrices of as many rows.
  fileprivate func beside(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "\(rows) rows beside \(other.rows)")
    var elements: [Float] = []
    elements.reserveCapacity(rows * (columns + other.columns))
    for row in 0..<rows {
      elements += self.elements[row * columns..<(row + 1) * columns]
      elements += other.elements[row * other.columns..<(row + 1) * other.columns]
    }
    return Matrix(rows: rows, columns: columns + other.columns, elements: elements)
  }
}
