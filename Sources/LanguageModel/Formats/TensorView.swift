import Diagnostics
import Storage

/// A weight in its file; its numbers are read only when it is widened.
package struct TensorView: Sendable {
  package let name: String
  package let encoding: Encoding
  package let shape: [Int]
  package let count: Int
  package let file: FileBytes
  /// The byte at which its elements start in the file; it need not be aligned.
  package let offset: Int

  /// The length of the first axis; 1 for a scalar.
  package var rows: Int { shape.first ?? 1 }
  /// The number of elements in a row.
  package var columns: Int { rows == 0 ? 0 : count / rows }

  /// A view of a tensor whose numbers are not read yet.
  ///
  /// - Throws: `Diagnostic` of kind `.data` if the tensor's type cannot be widened to Float.
  package init(_ tensor: StoredTensor) throws {
    guard let encoding = tensor.encoding else {
      throw Diagnostic(
        .data, file: tensor.file.name, field: "\(tensor.name): dtype",
        expected: "one of \(Encoding.names)", found: tensor.type,
        advice: "Save the model's weights in one of these types.")
    }
    name = tensor.name
    self.encoding = encoding
    shape = tensor.shape
    // The product of the shape is not used, because it may overflow beside a zero.
    count = tensor.bytes.count / encoding.block.bytes * encoding.block.elements
    file = tensor.file
    offset = tensor.bytes.lowerBound
  }

  /// Writes the tensor, or some of its rows, as Float in row-major order.
  ///
  /// Several threads may widen rows at once. A row of more than one number must be a whole number
  /// of the encoding's blocks.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the first NaN or infinity of the whole
  ///   tensor and the number of them, whichever rows were asked for.
  package func widen(
    rows range: Range<Int>? = nil, into destination: UnsafeMutableBufferPointer<Float>
  ) throws {
    let range = range ?? 0..<rows
    precondition(
      0 <= range.lowerBound && range.upperBound <= rows
        && destination.count == range.count * columns
        && (range.lowerBound * columns).isMultiple(of: encoding.block.elements)
        && destination.count.isMultiple(of: encoding.block.elements),
      "\(name): rows \(range) of \(shape) do not fit \(destination.count) elements")
    let start = offset + encoding.bytes(of: range.lowerBound * columns)
    let isFinite = file.withBytes { bytes in
      guard let base = bytes.baseAddress, let target = destination.baseAddress else { return true }
      return encoding.widen(base + start, into: target, count: destination.count)
    }
    if !isFinite { throw notFinite() }
  }

  /// Finds the numbers that are not finite, a few thousand blocks at a time.
  private func notFinite() -> Diagnostic {
    var (first, kind, found) = (0, "NaN", 0)
    let step = 4096 * encoding.block.elements
    var values = [Float](repeating: 0, count: min(step, count))
    file.withBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      for start in stride(from: 0, to: count, by: step) {
        let part = min(step, count - start)
        values.withUnsafeMutableBufferPointer {
          guard let target = $0.baseAddress else { return }
          _ = encoding.widen(base + offset + encoding.bytes(of: start), into: target, count: part)
        }
        for index in 0..<part {
          guard let flaw = encoding.flaw(of: values[index]) else { continue }
          if found == 0 { (first, kind) = (start + index, flaw) }
          found += 1
        }
      }
    }
    return Diagnostic(
      .data, file: file.name, field: name, expected: "\(count) finite weights",
      found: "\(kind) at index \(first), \(found) NaN or infinite in all",
      advice: "The checkpoint is damaged or its training diverged; get another.")
  }
}
