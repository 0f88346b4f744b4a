import COpenBLAS

/// Matrix products by OpenBLAS. No other file calls it.
package enum MatrixProduct {
  /// Each product runs on one thread. Workers run whole packs of documents side by side; threads
  /// within a product would wait for each other at the end of every small one.
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// The name of the kernel that OpenBLAS chose for this processor, and OpenBLAS's version.
  package static var library: String {
    guard let name = openblas_get_corename(), let build = openblas_get_config() else {
      return "OpenBLAS"
    }
    let version = String(cString: build).split(separator: " ").prefix(2).joined(separator: " ")
    return "\(version) (\(String(cString: name)))"
  }

  /// Computes C = α·A·Bᵀ + β·C on blocks: A `[m, k]`, B `[n, k]` (weights as checkpoints store
  /// them, output dimension first), C `[m, n]`.
  package static func timesTransposed(
    _ a: Matrix, _ aBlock: Block, _ b: Matrix, _ bBlock: Block, into c: inout Matrix,
    _ cBlock: Block, alpha: Float = 1, beta: Float = 0
  ) {
    precondition(
      aBlock.columns == bBlock.columns && cBlock.rows == aBlock.rows
        && cBlock.columns == bBlock.rows,
      "A \(aBlock), B \(bBlock) and C \(cBlock) do not make a product A·Bᵀ")
    multiply(
      a, aBlock, b, bBlock, transposed: true, into: &c, cBlock, alpha: alpha, beta: beta)
  }

  /// Computes C = α·A·B + β·C on blocks: A `[m, k]`, B `[k, n]`, C `[m, n]`.
  package static func times(
    _ a: Matrix, _ aBlock: Block, _ b: Matrix, _ bBlock: Block, into c: inout Matrix,
    _ cBlock: Block, alpha: Float = 1, beta: Float = 0
  ) {
    precondition(
      aBlock.columns == bBlock.rows && cBlock.rows == aBlock.rows
        && cBlock.columns == bBlock.columns,
      "A \(aBlock), B \(bBlock) and C \(cBlock) do not make a product A·B")
    multiply(
      a, aBlock, b, bBlock, transposed: false, into: &c, cBlock, alpha: alpha, beta: beta)
  }

  private static func multiply(
    _ a: Matrix, _ aBlock: Block, _ b: Matrix, _ bBlock: Block, transposed: Bool,
    into c: inout Matrix, _ cBlock: Block, alpha: Float, beta: Float
  ) {
    aBlock.check(in: a)
    bBlock.check(in: b)
    cBlock.check(in: c)
    guard cBlock.rows > 0, cBlock.columns > 0 else { return }
    _ = oneThread
    let stride = Int32(c.columns)
    let offset = cBlock.offset(in: c)
    a.elements.withUnsafeBufferPointer { left in
      b.elements.withUnsafeBufferPointer { right in
        c.elements.withUnsafeMutableBufferPointer { product in
          guard let pa = left.baseAddress, let pb = right.baseAddress, let pc = product.baseAddress
          else {
            return
          }
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans,
            Int32(cBlock.rows), Int32(cBlock.columns), Int32(aBlock.columns), alpha,
            pa + aBlock.offset(in: a), Int32(a.columns), pb + bBlock.offset(in: b),
            Int32(b.columns), beta, pc + offset, stride)
        }
      }
    }
  }
}
