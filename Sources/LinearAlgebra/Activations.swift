import CKernels

extension Kernels {
  /// The activation functions of MLPs for which there is a kernel.
  package enum ActivationFunction: CaseIterable, Sendable {
    /// The exact GELU, x·Φ(x) (Hendrycks and Gimpel 2016), and its approximation by tanh.
    case gelu, geluTanh
    case relu
    /// SiLU: x · sigmoid(x).
    case silu
  }

  /// Computes act(x + bias) in place on a block.
  ///
  /// - Parameter bias: one number for each column of the block.
  package func biasActivation(
    _ x: inout Matrix, _ block: Block, bias: [Float], _ function: ActivationFunction
  ) {
    block.check(in: x)
    precondition(bias.count == block.columns, "\(bias.count) biases, \(block.columns) columns")
    let (offset, stride) = (block.offset(in: x), x.columns)
    let table = table.bias_activation
    let kernel =
      switch function {
      case .gelu: table.0
      case .geluTanh: table.1
      case .relu: table.2
      case .silu: table.3
      }
    x.elements.withUnsafeMutableBufferPointer { source in
      guard let base = source.baseAddress else { return }
      kernel?(base + offset, stride, block.rows, block.columns, bias)
    }
  }

  /// Computes the exact gelu(x + bias) in place on a block.
  package func biasGELU(_ x: inout Matrix, _ block: Block, bias: [Float]) {
    biasActivation(&x, block, bias: bias, .gelu)
  }

  /// Computes act(gate + gate bias) · (linear + linear bias) on blocks of equal size.
  package func gatedActivation(
    linear: Matrix, _ linearBlock: Block, bias linearBias: ArraySlice<Float>, gate: Matrix,
    _ gateBlock: Block, bias gateBias: ArraySlice<Float>, _ function: ActivationFunction,
    into out: inout Matrix, _ outBlock: Block
  ) {
    linearBlock.check(in: linear)
    gateBlock.check(in: gate)
    outBlock.check(in: out)
    let (rows, columns) = (outBlock.rows, outBlock.columns)
    precondition(
      [linearBlock, gateBlock].allSatisfy { $0.rows == rows && $0.columns == columns }
        && linearBias.count == columns && gateBias.count == columns,
      "\(linearBlock) gated by \(gateBlock) into \(outBlock)")
    let table = table.gated_activation
    let kernel =
      switch function {
      case .gelu: table.0
      case .geluTanh: table.1
      case .relu: table.2
      case .silu: table.3
      }
    let (outOffset, outStride) = (outBlock.offset(in: out), out.columns)
    linear.elements.withUnsafeBufferPointer { l in
      gate.elements.withUnsafeBufferPointer { g in
        linearBias.withUnsafeBufferPointer { lb in
          gateBias.withUnsafeBufferPointer { gb in
            out.elements.withUnsafeMutableBufferPointer { o in
              guard let lp = l.baseAddress, let gp = g.baseAddress, let op = o.baseAddress else {
                return
              }
              kernel?(
                lp + linearBlock.offset(in: linear), linear.columns, lb.baseAddress,
                gp + gateBlock.offset(in: gate), gate.columns, gb.baseAddress, op + outOffset,
                outStride, rows, columns)
            }
          }
        }
      }
    }
  }

  /// Computes x + bias in place on a block.
  package func addBias(_ x: inout Matrix, _ block: Block, bias: [Float]) {
    block.check(in: x)
    precondition(bias.count == block.columns, "\(bias.count) biases, \(block.columns) columns")
    let (offset, stride) = (block.offset(in: x), x.columns)
    x.elements.withUnsafeMutableBufferPointer { source in
      guard let base = source.baseAddress else { return }
      table.add_bias(base + offset, stride, block.rows, block.columns, bias)
    }
  }

  /// Computes x += a for the rows of a block that begins in the first row of both.
  package func add(_ a: Matrix, _ block: Block, to x: inout Matrix) {
    block.check(in: a)
    block.check(in: x)
    precondition(
      block.columns == a.columns && a.columns == x.columns && block.row == 0 && block.column == 0,
      "\(block) of \(a.columns) columns onto \(x.columns)")
    a.elements.withUnsafeBufferPointer { source in
      x.elements.withUnsafeMutableBufferPointer { target in
        for index in 0..<block.rows * block.columns { target[index] += source[index] }
      }
    }
  }

  /// Computes x[row + r] += factor[r] · direction: the effect on the residual stream of setting a
  /// neuron.
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
