import Diagnostics
import LinearAlgebra
import Synchronization

/// Reads weights of a checkpoint as Float, in the layout `[out, in]`, rows in parallel.
struct WeightReader: Sendable {
  let checkpoint: Checkpoint
  /// Threads that convert rows.
  let workers: Int

  /// A weight; nil if the model does not have it.
  ///
  /// - Parameter rows: the rows to read; nil for all. A transposed weight is always read whole.
  /// - Throws: `Diagnostic` of kind `.data` for numbers that are not finite.
  func matrix(_ weight: Weight, rows: Range<Int>? = nil) throws -> Matrix? {
    guard let source = checkpoint.sources[weight] else { return nil }
    let tensor = try checkpoint.tensor(source)
    var matrix =
      if let runs = source.runs {
        try gather(rows.map { Self.part($0, of: runs) } ?? runs, of: tensor)
      } else {
        try transposed(source, of: tensor)
      }
    if source.addend != 0 {
      matrix.updateRows(workers: workers) { _, row in
        for i in row.indices { row[i] += source.addend }
      }
    }
    return matrix
  }

  /// A weight that every model has; every family's file names a source for it.
  func required(_ weight: Weight, rows: Range<Int>? = nil) throws -> Matrix {
    guard let matrix = try matrix(weight, rows: rows) else {
      throw Diagnostic(
        .data, file: checkpoint.files.first?.name ?? "the checkpoint", field: "\(weight)",
        expected: "a tensor for this weight", found: "none",
        advice: "This is a fault of the program: the family's file names no tensor.")
    }
    return matrix
  }

  /// The part of the rows in `runs` whose places, counted through all runs, are in `range`.
  private static func part(_ range: Range<Int>, of runs: [Range<Int>]) -> [Range<Int>] {
    var start = 0
    return runs.compactMap { run in
      defer { start += run.count }
      let kept = range.clamped(to: start..<start + run.count)
      guard !kept.isEmpty else { return nil }
      return run.lowerBound + kept.lowerBound - start..<run.lowerBound + kept.upperBound - start
    }
  }

  /// A bias, or a norm's scale or shift; nil if the model does not have it.
  func vector(_ weight: Weight) throws -> [Float]? { try matrix(weight)?.elements }

  /// The bias of a linear map; zeros if it has none.
  func bias(layer: Int, _ map: Linear) throws -> [Float] {
    try vector(.bias(layer, map))
      ?? Array(repeating: 0, count: checkpoint.sources.architecture.shape(of: map).out)
  }

  /// Copies runs of stored rows into one matrix, one after the other.
  private func gather(_ runs: [Range<Int>], of tensor: TensorView) throws -> Matrix {
    let rows = runs.reduce(0) { $0 + $1.count }
    let columns = tensor.columns
    let pieces = Self.pieces(of: runs)
    let failure = Mutex<(any Error)?>(nil)
    let elements = [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      nonisolated(unsafe) let all = buffer
      ParallelLoop.overRanges(pieces.count, workers: workers) { range in
        for (stored, row) in pieces[range] {
          let part = row * columns..<(row + stored.count) * columns
          do {
            try tensor.widen(rows: stored, into: UnsafeMutableBufferPointer(rebasing: all[part]))
          } catch {
            failure.withLock { $0 = $0 ?? error }
          }
        }
      }
      count = rows * columns
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }

  /// Splits runs into pieces of at most 64 rows, each with the row of the result that it goes to.
  private static func pieces(of runs: [Range<Int>]) -> [(stored: Range<Int>, row: Int)] {
    var pieces: [(Range<Int>, Int)] = []
    var row = 0
    for run in runs {
      for start in stride(from: run.lowerBound, to: run.upperBound, by: 64) {
        let end = min(start + 64, run.upperBound)
        pieces.append((start..<end, row))
        row += end - start
      }
    }
    return pieces
  }

  /// Some columns of a tensor `[in, out]`, as rows.
  private func transposed(_ source: Source, of tensor: TensorView) throws -> Matrix {
    guard case .transposed(let columns) = source.layout else { preconditionFailure("laid in rows") }
    let stored = try gather([0..<tensor.rows], of: tensor)
    var matrix = Matrix(rows: columns.count, columns: stored.rows)
    matrix.updateRows(workers: workers) { row, target in
      for i in target.indices {
        target[i] = stored.elements[i * stored.columns + columns.lowerBound + row]
      }
    }
    return matrix
  }
}
