import LanguageModel
import LinearAlgebra
import Synchronization

/// What passes have left for later ones in a temporary file: residual streams to start from, and
/// hook_post of whole layers to take columns from.
package final class KeptStreams: Sendable {
  /// What is kept of which pack.
  struct Place: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      /// The residual stream after the layer, in row-major order.
      case residual
      /// hook_post of the layer, stored in tiles of columns.
      case post
      /// The columns of a layer that is being scanned; the next scanned layer overwrites them.
      case scanned
    }

    let pack: DocumentPack
    let layer: Int
    let kind: Kind
  }

  private struct State {
    var file: TemporaryFile?
    var end = 0
    /// The offset of each tensor in the file, counted in numbers, and its number of columns.
    var starts: [Place: (first: Int, columns: Int)] = [:]
  }

  private let state = Mutex(State())
  private let folder: String

  init(folder: String) {
    self.folder = folder
  }

  /// Columns of a tile: a row of it fills four lines of a processor's cache.
  package static let tileColumns = 64

  /// The ranges of columns of a layer's tiles, for a layer of `width` columns.
  static func tiles(of width: Int) -> [Range<Int>] {
    stride(from: 0, to: width, by: tileColumns).map { $0..<min($0 + tileColumns, width) }
  }

  /// Keeps the rows of a residual stream. If `old` is given, its room in the file is reused.
  ///
  /// - Throws: `Diagnostic` of kind `.resources`.
  func keep(_ residual: Matrix, rows: Int, at place: Place, replacing old: Place? = nil) throws {
    let count = rows * residual.columns
    let (file, start) = try room(for: count, columns: residual.columns, at: place, replacing: old)
    try residual.elements.withUnsafeBytes { bytes in
      let size = count * MemoryLayout<Float>.stride
      try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<size]), at: start)
    }
  }

  /// Keeps blocks of columns side by side, tile by tile.
  ///
  /// - Parameter blocks: blocks of matrices, all with equally many rows.
  /// - Throws: `Diagnostic` of kind `.resources`.
  func keep(
    tilesOf blocks: [(matrix: Matrix, block: Block)], at place: Place, replacing old: Place? = nil
  ) throws {
    let rows = blocks.first?.block.rows ?? 0
    let width = blocks.reduce(0) { $0 + $1.block.columns }
    let (file, start) = try room(
      for: rows * width, columns: width, at: place, replacing: old)
    var packed = [Float](repeating: 0, count: rows * width)
    var left = 0
    for (matrix, block) in blocks {
      for tile in Self.tiles(of: width) {
        let shared = tile.clamped(to: left..<left + block.columns)
        guard !shared.isEmpty else { continue }
        packed.withUnsafeMutableBufferPointer { packed in
          matrix.elements.withUnsafeBufferPointer { source in
            for row in 0..<rows {
              let from =
                (block.row + row) * matrix.columns + block.column
                + shared.lowerBound - left
              let to =
                rows * tile.lowerBound + row * tile.count
                + shared.lowerBound - tile.lowerBound
              for column in 0..<shared.count { packed[to + column] = source[from + column] }
            }
          }
        }
      }
      left += block.columns
    }
    try packed.withUnsafeBytes { try file.write($0, at: start) }
  }

  private func room(
    for count: Int, columns: Int, at place: Place, replacing old: Place?
  ) throws -> (TemporaryFile, Int) {
    try state.withLock { state in
      let file = try state.file ?? TemporaryFile(folder: folder)
      state.file = file
      if let old, let given = state.starts.removeValue(forKey: old) {
        state.starts[place] = given
        return (file, given.first)
      }
      defer { state.end += count }
      state.starts[place] = (state.end, columns)
      return (file, state.end)
    }
  }

  /// Reads `rows` rows of a kept residual stream, starting at row `skipped` of its pack, into
  /// `matrix` from row `first` on. The matrix has as many columns as the stream.
  func read(
    _ place: Place, rows: Int, skipping skipped: Int = 0, into matrix: inout Matrix,
    at first: Int = 0
  ) throws {
    precondition(first + rows <= matrix.rows, "\(rows) rows at \(first) of \(matrix.rows)")
    let (file, start, columns) = self[place]
    precondition(columns == matrix.columns, "\(columns) columns into \(matrix.columns)")
    try matrix.elements.withUnsafeMutableBytes { bytes in
      let stride = columns * MemoryLayout<Float>.stride
      try file.read(
        UnsafeMutableRawBufferPointer(rebasing: bytes[first * stride..<(first + rows) * stride]),
        at: start + skipped * columns)
    }
  }

  /// One tile of a pack's columns, `[rows, tile]`.
  func tile(_ tile: Int, at place: Place) throws -> Matrix {
    let (file, start, width) = self[place]
    let (rows, columns) = (place.pack.rows, Self.tiles(of: width)[tile])
    let count = rows * columns.count
    let elements = try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      try file.read(
        UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * 4)]),
        at: start + rows * columns.lowerBound)
      filled = count
    }
    return Matrix(rows: rows, columns: columns.count, elements: elements)
  }

  /// Some columns of a pack, each `[rows]`.
  func columns(_ columns: [Int], at place: Place) throws -> [[Float]] {
    var values = columns.map { _ in [Float]() }
    let byTile = Dictionary(grouping: columns.indices) { columns[$0] / Self.tileColumns }
    for (tile, members) in byTile {
      let matrix = try self.tile(tile, at: place)
      for member in members {
        values[member] = matrix.column(columns[member] % Self.tileColumns)
      }
    }
    return values
  }

  private subscript(place: Place) -> (file: TemporaryFile, start: Int, columns: Int) {
    let (file, kept) = state.withLock { ($0.file, $0.starts[place]) }
    guard let file, let kept else {
      preconditionFailure("nothing is kept of layer \(place.layer)")
    }
    return (file, kept.first, kept.columns)
  }
}
