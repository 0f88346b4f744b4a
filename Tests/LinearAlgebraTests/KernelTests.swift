import Foundation
import LinearAlgebra
import Testing

/// Every kernel in every instruction set of this processor against Foundation in Double.
struct KernelTests {
  static let sets = Kernels.InstructionSet.allCases.compactMap { Kernels($0) }

  /// Evenly spread numbers; odd in count, so that every kernel meets a partial vector.
  private func spread(_ range: ClosedRange<Float>, _ count: Int = 200_003) -> [Float] {
    (0..<count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(count - 1)
    }
  }

  @Test(arguments: sets) func exponentialHoldsItsRelativeError(kernels: Kernels) {
    // The range in which eˣ is a normal Float.
    let x = spread(-87.33...88.72)
    let worst = zip(x, kernels.exponential(x)).map { abs(Double($1) / exp(Double($0)) - 1) }.max()
    #expect(worst! < 2e-7)
    let ends = kernels.exponential([-.infinity, -200, -100, 0, 89, .infinity])
    #expect(ends[0] == 0 && ends[1] == 0 && ends[3] == 1 && ends[4] == .infinity)
    // A subnormal result keeps what bits it has.
    #expect(abs(Double(ends[2]) - 3.78e-44) < 3e-45)
  }

  @Test(arguments: sets) func errorFunctionHoldsItsRelativeError(kernels: Kernels) {
    let x = spread(-7...7) + spread(-0.01...0.01) + [1e-30, -1e-30]
    for (x, value) in zip(x, kernels.errorFunction(x)) where x != 0 {
      let exact = erf(Double(x))
      #expect(abs(Double(value) - exact) < 2e-7 * abs(exact))
    }
  }

  @Test(arguments: sets) func biasGELUIsExact(kernels: Kernels) {
    let x = spread(-12...12, 3 * 1003)
    let bias = (0..<1003).map { Float($0 % 7) * 0.1 }
    var matrix = Matrix(rows: 3, columns: 1003, elements: x)
    kernels.biasGELU(&matrix, matrix.block(), bias: bias)
    for (index, value) in matrix.elements.enumerated() {
      let sum = Double(x[index] + bias[index % 1003])
      let exact = sum * 0.5 * erfc(-sum / 2.0.squareRoot())
      // Two roundings of the result, and the tail below 1e-9 that Float cannot tell from zero.
      #expect(abs(Double(value) - exact) < 3e-7 * abs(exact) + 1e-7)
    }
  }

  @Test(arguments: sets) func layerNormOfPickedRows(kernels: Kernels) {
    let x = Matrix(
      rows: 4, columns: 37, elements: (0..<148).map { sin(Float($0)) * 3 + Float($0 / 37) })
    var out = Matrix(rows: 2, columns: 37)
    kernels.layerNorm(x, rows: [3, 1], count: 2, epsilon: 1e-5, into: &out)
    for (row, source) in [3, 1].enumerated() {
      let values = x.row(source).map(Double.init)
      let mean = values.reduce(0, +) / 37
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 37
      for column in 0..<37 {
        let exact = (values[column] - mean) / (variance + 1e-5).squareRoot()
        #expect(abs(Double(out[row, column]) - exact) < 2e-6)
      }
    }
  }

  @Test(arguments: sets) func aVarianceThatOverflowsIsNoRowOfZeros(kernels: Kernels) {
    let x = Matrix(rows: 1, columns: 37, elements: (0..<37).map { $0 % 2 == 0 ? 3e25 : -3e25 })
    var out = Matrix(rows: 1, columns: 37)
    kernels.layerNorm(x, rows: [0], count: 1, epsilon: 1e-5, into: &out)
    #expect(out.elements.allSatisfy { $0.isNaN })
  }

  @Test(arguments: sets) func causalSoftmaxSeesOnlyThePast(kernels: Kernels) {
    let scores = (0..<5 * 21).map { Float(($0 * 37) % 50) / 5 }
    var matrix = Matrix(rows: 5, columns: 21, elements: scores)
    kernels.causalSoftmax(&matrix, matrix.block(), first: 16, scale: 0.5)
    for row in 0..<5 {
      let seen = 16 + row + 1
      let weights = (0..<seen).map { exp(Double(scores[row * 21 + $0]) * 0.5) }
      let total = weights.reduce(0, +)
      for column in 0..<21 {
        let exact = column < seen ? weights[column] / total : 0
        #expect(abs(Double(matrix[row, column]) - exact) < 1e-6)
      }
    }
  }

  @Test(arguments: sets) func logSumExpCarriesOverBlocks(kernels: Kernels) {
    let logits = (0..<2 * 100).map { Float(($0 * 71) % 90) - 45 }
    let bias = (0..<100).map { Float($0) * 0.01 }
    var running = RunningLogSumExp(rows: 2)
    for (offset, columns) in [(0, 33), (33, 64), (97, 3)] {
      var block = Matrix(rows: 2, columns: 64)
      for row in 0..<2 {
        for column in 0..<columns { block[row, column] = logits[row * 100 + offset + column] }
      }
      running.add(block, rows: 2, columns: columns, bias: bias, offset: offset, kernels: kernels)
    }
    for row in 0..<2 {
      let exact = log((0..<100).map { exp(Double(logits[row * 100 + $0] + bias[$0])) }.reduce(0, +))
      #expect(abs(Double(running[row]) - exact) < 1e-5)
    }
  }

  /// Rows whose blocks lie up to 300 apart, up and down, each with one far above its block.
  @Test(arguments: sets) func logSumExpFollowsBlocksFarApart(kernels: Kernels) {
    let levels: [[Float]] = [[0, 300, -300], [0, -300, 0], [-200, -130, -75], [80, 130, 200]]
    let bias = (0..<3 * 21).map { Float($0 % 5) * 0.1 }
    var running = RunningLogSumExp(rows: levels.count)
    var exact = levels.map { _ in [Double]() }
    for block in 0..<3 {
      var logits = Matrix(rows: levels.count, columns: 21)
      for row in levels.indices {
        for column in 0..<21 {
          logits[row, column] = levels[row][block] + Float(column) - (column == 20 ? -20 : 0)
          exact[row].append(Double(logits[row, column]) + Double(bias[block * 21 + column]))
        }
      }
      running.add(
        logits, rows: levels.count, columns: 21, bias: bias, offset: block * 21, kernels: kernels)
    }
    for row in levels.indices {
      let top = exact[row].max() ?? 0
      let sum = top + log(exact[row].reduce(0) { $0 + exp($1 - top) })
      #expect(abs(Double(running[row]) - sum) < 1e-6 * max(1, abs(sum)), "row \(row)")
    }
  }

  @Test(arguments: sets, [Float.nan, .infinity]) func logSumExpKeepsWhatIsNotFinite(
    kernels: Kernels, value: Float
  ) {
    for place in [3, 40, 70] {
      var running = RunningLogSumExp(rows: 1)
      let bias = [Float](repeating: 0.5, count: 76)
      for offset in [0, 38] {
        let row = (offset..<offset + 38).map { $0 == place ? value : Float($0 % 7) }
        running.add(
          Matrix(rows: 1, columns: 38, elements: row), rows: 1, columns: 38, bias: bias,
          offset: offset, kernels: kernels)
      }
      #expect(!running[0].isFinite, "\(value) at \(place)")
    }
  }

  @Test(arguments: sets) func groupedSumsFollowTheirMasks(kernels: Kernels) {
    let x = Matrix(rows: 3, columns: 19, elements: (0..<57).map(Float.init))
    var sums = GroupedSum(groups: 2, columns: 19)
    sums.add(x, x.block(), masks: [1, 3, 2], kernels: kernels)
    #expect(sums.counts == [2, 2])
    let first: [Float] = (0..<19).map { Float(2 * $0 + 19) }
    let second: [Float] = (0..<19).map { Float(2 * $0 + 57) }
    #expect(sums.sums == [first, second])
  }

  @Test(arguments: sets) func biasAndOuterProduct(kernels: Kernels) {
    var x = Matrix(rows: 2, columns: 5)
    kernels.addBias(&x, x.block(), bias: [1, 2, 3, 4, 5])
    kernels.addOuter(&x, factor: [2, -1], direction: [1, 0, 0, 0, 10])
    #expect(x.elements == [3, 2, 3, 4, 25, 0, 2, 3, 4, -5])
  }
}
