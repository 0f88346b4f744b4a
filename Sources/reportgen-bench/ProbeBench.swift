import Foundation
import LinearAlgebra
import Passes
import Statistics

/// Measures one-feature logistic regressions of neurons, on artificial activations.
struct ProbeBench {
  /// The number of tokens of both classes together.
  let rows: Int
  let workers: Int

  /// The number of neurons that each worker fits: a tile of columns.
  private static let neurons = 64

  /// Measures the seconds to fit the probes and judge them on the test tokens.
  func run() throws -> Measurement {
    let target = rows / 2
    let labels = (0..<2 * target).map { $0 < target }
    let columns = (0..<Self.neurons).map { column(seed: $0, targetRows: target) }
    let split = TrainTestSplit(count: Int32(2 * target), testSize: 0.2, seed: 0)
    let start = ContinuousClock.now
    ParallelLoop.forEach(workers, workers: workers) { _ in
      _ = NeuronProbes(columns: columns, labels: labels, split: split)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let neurons = Self.neurons * workers
    return Measurement(
      name: "probes of \(neurons) neurons on \(rows) tokens", amount: Double(neurons * rows),
      unit: "elements", seconds: seconds)
  }

  /// Artificial activations: GELU of uniform noise. In the first `targetRows` rows the noise is
  /// shifted up by `seed`/64.
  private func column(seed: Int, targetRows: Int) -> [Float] {
    var matrix = Matrix(rows: rows, columns: 1)
    var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    for row in 0..<rows {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let shift = row < targetRows ? Float(seed) / 64 : 0
      matrix[row, 0] = Float(state >> 40) / Float(1 << 22) - 3 + shift
    }
    Kernels.best.biasGELU(&matrix, matrix.block(), bias: [0])
    return matrix.elements
  }
}
