import CKernels

/// The vector kernels for one instruction set of this processor.
package struct Kernels: @unchecked Sendable {
  package enum InstructionSet: CaseIterable, Sendable {
    case portable, avx2, avx512
  }

  let table: kernels
  package let name: String

  /// The kernels for the widest instruction set that the processor has.
  package static let best = Kernels(kernels_best())

  /// The kernels for one instruction set; nil if the processor lacks it.
  package init?(_ set: InstructionSet) {
    let found =
      switch set {
      case .portable: kernels_for(KERNELS_PORTABLE)
      case .avx2: kernels_for(KERNELS_AVX2)
      case .avx512: kernels_for(KERNELS_AVX512)
      }
    guard let found else { return nil }
    self.init(found)
  }

  private init(_ pointer: UnsafePointer<kernels>) {
    table = pointer.pointee
    name = String(cString: table.name)
  }

  /// Computes eˣ for every element.
  package func exponential(_ x: [Float]) -> [Float] { map(x, table.exponential) }

  /// Computes erf x for every element.
  package func errorFunction(_ x: [Float]) -> [Float] { map(x, table.error_function) }

  private func map(
    _ x: [Float], _ kernel: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  ) -> [Float] {
    Array(unsafeUninitializedCapacity: x.count) { out, count in
      x.withUnsafeBufferPointer { kernel($0.baseAddress, out.baseAddress, x.count) }
      count = x.count
    }
  }
}
