import Diagnostics
import Storage

/// A weight as it lies in its file: nothing is read until it is widened.
package struct TensorView: Sendable {
  /// The types that widen to Float without loss.
  package enum Scalar: String, Sendable, CaseIterable {
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"

    package var size: Int { self == .f32 ? 4 : 2 }
  }

  package let name: String
  package let scalar: Scalar
  package let shape: [Int]
  package let count: Int
  package let file: FileBytes
  /// Where its elements start in the file; not aligned to anything.
  package let offset: Int

  /// The length of the first axis; 1 for a scalar.
  package var rows: Int { shape.first ?? 1 }
  /// Elements of a row.
  package var columns: Int { rows == 0 ? 0 : count / rows }

  /// - Throws: `Diagnostic` of kind `.data` when the entry is not of a floating-point type that
  ///   widens to Float.
  package init(_ entry: Safetensors.Entry, in file: FileBytes) throws {
    guard let scalar = Scalar(rawValue: entry.type) else {
      throw Diagnostic(
        .data, file: file.name, field: "\(entry.name): dtype", expected: "F32, F16 or BF16",
        found: entry.type, advice: "Save the model's weights in one of these types.")
    }
    name = entry.name
    self.scalar = scalar
    shape = entry.shape
    // Not the product of the shape, which may overflow beside a zero.
    count = entry.bytes.count / scalar.size
    self.file = file
    offset = entry.bytes.lowerBound
  }
}
