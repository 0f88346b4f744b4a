import LanguageModel
import LinearAlgebra
import Synchronization

/// What passes have left for later ones in a temporary file: residual streams to start from, and
/// hook_post of whole layers to take columns from.
final class KeptStreams: Sendable {
  /// What is kept of which pack.
  struct Place: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case residual, post
    }

    let pack: DocumentPack
    let layer: Int
    let kind: Kind
  }

  private struct State {
    var file: TemporaryFile?
    var end = 0
    /// Where each begins in the file, in numbers.
    var starts: [Place: Int] = [:]
  }

  private let state = Mutex(State())
  private let folder: String

  init(folder: String) {
    self.folder = folder
  }

  /// Keeps a block of a matrix.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  func keep(_ matrix: Matrix, _ block: Block, at place: Place) throws {
    let count = block.rows * block.columns
    let (file, start) = try state.withLock { state in
      let file = try state.file ?? TemporaryFile(folder: folder)
      state.file = file
      defer { state.end += count }
      return (file, state.end)
    }
    let stride = MemoryLayout<Float>.stride
    if block.columns == matrix.columns {
      let first = block.row * matrix.columns
      try matrix.elements.withUnsafeBytes { bytes in
        try file.write(
          UnsafeRawBufferPointer(rebasing: bytes[first * stride..<(first + count) * stride]),
          at: start)
      }
    } else {
      let packed = matrix.rows(block)
      try packed.withUnsafeBytes { try file.write($0, at: start) }
    }
    state.withLock { $0.starts[place] = start }
  }

  /// Reads `rows` rows of a kept residual stream, from row `skipped` of its pack on, into a matrix of
  /// as many columns from row `first` on.
  func read(
    _ place: Place, rows: Int, skipping skipped: Int = 0, into matrix: inout Matrix,
    at first: Int = 0
  ) throws {
    precondition(first + rows <= matrix.rows, "\(rows) rows at \(first) of \(matrix.rows)")
    let (file, start) = self[place]
    let columns = matrix.columns
    try matrix.elements.withUnsafeMutableBytes { bytes in
      let stride = columns * MemoryLayout<Float>.stride
      try file.read(
        UnsafeMutableRawBufferPointer(rebasing: bytes[first * stride..<(first + rows) * stride]),
        at: start + skipped * columns)
    }
  }

  /// Some columns of what is kept of a pack, which has `width` in all.
  func columns(_ columns: [Int], of width: Int, at place: Place) throws -> [[Float]] {
    let (file, start) = self[place]
    let rows = place.pack.rows
    let whole = try [Float](unsafeUninitializedCapacity: rows * width) { buffer, count in
      try file.read(UnsafeMutableRawBufferPointer(buffer), at: start)
      count = rows * width
    }
    return columns.map { column in (0..<rows).map { whole[$0 * width + column] } }
  }

  private subscript(place: Place) -> (file: TemporaryFile, start: Int) {
    let (file, start) = state.withLock { ($0.file, $0.starts[place]) }
    guard let file, let start else {
      preconditionFailure("nothing is kept of layer \(place.layer)")
    }
    return (file, start)
  }
}

extension Matrix {
  /// The rows of a block, one after the other, as a copy.
  func rows(_ block: Block) -> [Float] {
    var packed: [Float] = []
    packed.reserveCapacity(block.rows * block.columns)
    for row in block.row..<block.row + block.rows {
      let start = row * columns + block.column
      packed += elements[start..<start + block.columns]
    }
    return packed
  }
}
