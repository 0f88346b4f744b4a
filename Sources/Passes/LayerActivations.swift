import LinearAlgebra
import Synchronization

/// A layer's columns over many documents, kept in tiles on disk, for reading every neuron over all
/// tokens one after the other.
package struct LayerActivations: Sendable {
  private let streams: KeptStreams
  private let places: [KeptStreams.Place]
  /// The number of columns, counted from the first, that may be read.
  package let columns: Int
  /// The number of tokens that are counted: all but the first `front` of each document.
  package let tokens: Int

  init(_ streams: KeptStreams, _ places: [KeptStreams.Place], columns: Int) {
    self.streams = streams
    self.places = places
    self.columns = columns
    tokens = places.reduce(0) { $0 + $1.pack.tokenRows.count }
  }

  /// The column ranges of the tiles.
  package var tiles: [Range<Int>] { KeptStreams.tiles(of: columns) }

  /// The packs, in the order of their documents.
  var packs: [DocumentPack] { places.map(\.pack) }

  /// A tile of one pack, including the rows of the documents' first tokens, `[rows, tile]`.
  func tile(_ tile: Int, pack: Int) throws -> Matrix {
    try streams.tile(tile, at: places[pack])
  }

  /// The columns of a tile, each over all counted tokens.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` when the file cannot be read.
  package func values(tile: Int) throws -> [[Float]] {
    let count = tiles[tile].count
    var values = (0..<count).map { _ in [Float](repeating: 0, count: tokens) }
    var first = 0
    for (index, place) in places.enumerated() {
      let kept = place.pack.tokenRows
      Self.copy(try self.tile(tile, pack: index), rows: kept, to: &values, at: first)
      first += kept.count
    }
    return values
  }

  /// The results of `body` for every column over all counted tokens, in order of the columns. Each
  /// worker holds one tile at a time.
  ///
  /// - Throws: `Diagnostic` of kind `.resources` when the file cannot be read.
  package func map<Found: Sendable>(
    workers: Int, _ body: @Sendable (_ column: Int, _ values: [Float]) -> Found
  ) throws -> [Found] {
    let found = Mutex<[Found]>([])
    try ParallelLoop.ordered(
      tiles.count, workers: workers, scratch: {},
      compute: { tile, _ in
        zip(tiles[tile], try values(tile: tile)).map { body($0, $1) }
      },
      merge: { _, part in found.withLock { $0 += part } })
    return found.withLock { $0 }
  }

  /// The given columns over all counted tokens.
  package func values(of columns: [Int]) throws -> [[Float]] {
    var values = columns.map { _ in [Float]() }
    for place in places {
      let kept = place.pack.tokenRows
      for (index, column) in try streams.columns(columns, at: place).enumerated() {
        values[index] += kept.map { column[$0] }
      }
    }
    return values
  }

  private static func copy(
    _ matrix: Matrix, rows: [Int], to values: inout [[Float]], at first: Int
  ) {
    matrix.elements.withUnsafeBufferPointer { source in
      for column in values.indices {
        values[column].withUnsafeMutableBufferPointer { target in
          for (offset, row) in rows.enumerated() {
            target[first + offset] = source[row * matrix.columns + column]
          }
        }
      }
    }
  }
}

extension DocumentPack {
  /// The rows of the tokens that are counted: all but the first `front` of each document.
  var tokenRows: [Int] {
    var start = 0
    return documents.flatMap { ids in
      defer { start += ids.count }
      return start + min(front, ids.count)..<start + ids.count
    }
  }
}
