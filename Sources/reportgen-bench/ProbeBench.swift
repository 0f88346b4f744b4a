import Foundation
import LinearAlgebra
import Passes
import Statistics

/// One-feature logistic regressions of all neurons of a layer, from a temporary file of made-up
/// activations.
struct ProbeBench {
  let neurons: Int
  /// Of both classes together.
  let rows: Int
  let workers: Int

  /// Seconds to read the file by columns, fit and judge; writing it is the sweep's.
  func run() throws -> Measurement {
    let spill = try ActivationSpill(
      rows: rows, columns: neurons,
      folder: ActivationSpill.temporaryFolder(ProcessInfo.processInfo.environment))
    let target = rows / 2
    for (number, first) in stride(from: 0, to: rows, by: 1024).enumerated() {
      let count = min(1024, rows - first)
      let block = activations(count, seed: number, targetRows: max(0, target - first))
      try spill.write(block, block.block(), document: 0, first: first)
    }
    let split = TrainTestSplit(count: Int32(2 * target), testSize: 0.2, seed: 0)
    let start = ContinuousClock.now
    _ = try NeuronProbes(
      of: neurons, labels: (0..<2 * target).map { $0 < target }, split: split, workers: workers
    ) { try spill.columns($0, of: [0..<2 * target]) }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Measurement(
      name: "probes of \(neurons) neurons on \(rows) tokens", amount: Double(neurons * rows),
      unit: "elements", seconds: seconds)
  }

  /// What GELU leaves of noise, and of noise shifted up by as much as the column says on the first
  /// `targetRows`; a BOS row in front.
  private func activations(_ count: Int, seed: Int, targetRows: Int) -> Matrix {
    var matrix = Matrix(rows: count + 1, columns: neurons)
    var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    for row in 0...count {
      for column in 0..<neurons {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let shift = row <= targetRows ? Float(column % 64) / 64 : 0
        matrix[row, column] = Float(state >> 40) / Float(1 << 22) - 3 + shift
      }
    }
    let bias = [Float](repeating: 0, count: neurons)
    Kernels.best.biasGELU(&matrix, matrix.block(), bias: bias)
    return matrix
  }
}
