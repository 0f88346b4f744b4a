extension Kernels {
  /// gelu(x + bias) in place on a block, in the exact form x·Φ(x) (Hendrycks and Gimpel 2016).
  ///
  /// - Parameter bias: one number for each column of the block.
  package func biasGELU(_ x: inout Matrix, _ block: Block, bias: [Float]) {
    block.check(in: x)
    precondition(bias.count == block.columns, "\(bias.count) biases, \(block.columns) columns")
    let (offset, stride) = (block.offset(in: x), x.columns)
    x.elements.withUnsafeMutableBufferPointer { source in
      guard let base = source.baseAddress else { return }
      table.bias_gelu(base + offset, stride, block.rows, block.columns, bias)
    }
  }

  /// x + bias in place on a block.
  package func addBias(_ x: inout Matrix, _ block: Block, bias: [Float]) {
    block.check(in: x)
    precondition(bias.count == block.columns, "\(bias.count) biases, \(block.columns) columns")
    let (offset, stride) = (block.offset(in: x), x.columns)
    x.elements.withUnsafeMutableBufferPointer { source in
      guard let base = source.baseAddress else { return }
      table.add_bias(base + offset, stride, block.rows, block.columns, bias)
    }
  }

  /// x[row + r] += factor[r] · direction: what setting one neuron does to the residual stream.
  package func addOuter(
    _ x: inout Matrix, row: Int = 0, factor: [Float], direction: [Float]
  ) {
    precondition(
      row >= 0 && row + factor.count <= x.rows && direction.count == x.columns,
      "outer product \(factor.count) × \(direction.count) at \(row) of \(x.rows) × \(x.columns)")
    let stride = x.columns
    x.elements.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      table.add_outer(base + row * stride, stride, factor.count, stride, factor, direction)
    }
  }
}
