import LinearAlgebra

extension Transformer.Layer {
  /// Reads a block's weights and processes them: folds norms into the weights that read them,
  /// centres the writing weights if the norm centres, and folds the bias of the values into that of
  /// attention.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for weights that are not finite.
  init(_ layer: Int, architecture: Architecture, reader: WeightReader) throws {
    let centres = architecture.norm.centres
    func read(_ map: Linear, behind norm: Weight.BlockNorm) throws -> (Matrix, [Float]) {
      var weights = try reader.required(.map(layer, map))
      var bias = try reader.bias(layer: layer, map)
      // TransformerLens does not centre W_gate; its input has mean zero anyway.
      weights.foldNorm(
        scale: try reader.vector(.norm(layer, norm, .scale)),
        shift: try reader.vector(.norm(layer, norm, .shift)), bias: &bias,
        centres: centres && map != .mlpGate, workers: reader.workers)
      return (weights, bias)
    }
    func stacked(_ maps: [Linear], behind norm: Weight.BlockNorm) throws -> (Matrix, [Float]) {
      let parts = try maps.map { try read($0, behind: norm) }
      return (Matrix(stacking: parts.map(\.0)), parts.flatMap(\.1))
    }
    var queryKeyValueBias: [Float]
    (queryKeyValue, queryKeyValueBias) = try stacked(
      [.query, .key, .value], behind: .beforeAttention)
    (mlpIn, mlpInBias) = try stacked(architecture.mlp.readers, behind: .beforeMLP)

    var attentionOut = try reader.required(.map(layer, .attentionOut))
    var mlpOut = try reader.required(.map(layer, .mlpOut))
    var attentionBias = try reader.bias(layer: layer, .attentionOut)
    var mlpBias = try reader.bias(layer: layer, .mlpOut)
    if centres {
      attentionOut.centreColumns(workers: reader.workers)
      mlpOut.centreColumns(workers: reader.workers)
      attentionBias = centred(attentionBias)
      mlpBias = centred(mlpBias)
    }

    // fold_value_biases: attention weights sum to 1, so b_V reaches the output unchanged.
    let values = architecture.attentionWidth + architecture.keyValueWidth
    let valueBias = Array(queryKeyValueBias[values...])
    if valueBias.contains(where: { $0 != 0 }) {
      let group = architecture.heads / architecture.keyValueHeads
      let ofColumn = (0..<architecture.attentionWidth).map { column in
        let (head, dimension) = (column / architecture.dHead, column % architecture.dHead)
        return Double(valueBias[head / group * architecture.dHead + dimension])
      }
      for row in 0..<architecture.dModel {
        let sum = ofColumn.indices.reduce(0.0) {
          $0 + Double(attentionOut[row, $1]) * ofColumn[$1]
        }
        attentionBias[row] += Float(sum)
      }
      queryKeyValueBias.replaceSubrange(
        values..., with: repeatElement(0, count: architecture.keyValueWidth))
    }

    self.queryKeyValueBias = queryKeyValueBias
    queryNorm = try reader.vector(.norm(layer, .query, .scale))
    keyNorm = try reader.vector(.norm(layer, .key, .scale))
    output = attentionOut.beside(mlpOut)
    self.attentionBias = attentionBias
    self.mlpBias = mlpBias
    writingBias = zip(attentionBias, mlpBias).map(+)
    attentionOutNorm = try reader.vector(.norm(layer, .afterAttention, .scale))
    mlpOutNorm = try reader.vector(.norm(layer, .afterMLP, .scale))
  }

  /// A layer of NaN, in place of one that can no longer be read. Results computed with it are not
  /// finite and are refused.
  init(unreadable shape: Architecture) {
    func vector(_ count: Int) -> [Float] { Array(repeating: .nan, count: count) }
    let readers = shape.mlp.readers.count * shape.dMLP
    let width = shape.attentionWidth + 2 * shape.keyValueWidth
    queryKeyValue = Matrix(rows: width, columns: shape.dModel, filledWith: .nan)
    queryKeyValueBias = vector(width)
    queryNorm = shape.attention.normsHeads ? vector(shape.dHead) : nil
    keyNorm = queryNorm
    mlpIn = Matrix(rows: readers, columns: shape.dModel, filledWith: .nan)
    mlpInBias = vector(readers)
    output = Matrix(rows: shape.dModel, columns: shape.hiddenWidth, filledWith: .nan)
    attentionBias = vector(shape.dModel)
    mlpBias = vector(shape.dModel)
    writingBias = vector(shape.dModel)
    attentionOutNorm = shape.normsOutputs ? vector(shape.dModel) : nil
    mlpOutNorm = attentionOutNorm
  }
}

private func centred(_ vector: [Float]) -> [Float] {
  let mean = Float(vector.reduce(0.0) { $0 + Double($1) } / Double(max(1, vector.count)))
  return vector.map { $0 - mean }
}
