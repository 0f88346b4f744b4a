import CKernels

extension Kernels {
  /// How many of some values are above a threshold; a NaN is not.
  package func count(_ values: UnsafeBufferPointer<Float>, above threshold: Float) -> Int {
    table.count_above(values.baseAddress, values.count, threshold)
  }
}
