import Foundation
import LinearAlgebra
import Testing

/// The kernels that families besides GPT-NeoX need, in every instruction set of this processor,
/// against their definitions in Double.
struct FamilyKernelTests {
  static let sets = KernelTests.sets
  static let functions = Kernels.ActivationFunction.allCases

  private static func exact(_ function: Kernels.ActivationFunction, _ x: Double) -> Double {
    switch function {
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .relu: max(x, 0)
    case .silu: x / (1 + exp(-x))
    }
  }

  /// exp is within 2e-7, and so is what divides by 1 + exp; below −9 the tanh in Double itself
  /// cancels, so the tail is held to an absolute bound.
  private static func isClose(_ found: Float, _ exact: Double, scale: Double = 1) -> Bool {
    abs(Double(found) - exact) < 1e-6 * abs(exact) + 1e-7 * max(1, scale)
  }

  @Test(arguments: sets, functions)
  func activationsHoldTheirError(kernels: Kernels, function: Kernels.ActivationFunction) {
    let columns = 1003
    let x = (0..<3 * columns).map { Float($0 - 1500) / 125 }
    let bias = (0..<columns).map { Float($0 % 7) * 0.1 }
    var matrix = Matrix(rows: 3, columns: columns, elements: x)
    kernels.biasActivation(&matrix, matrix.block(), bias: bias, function)
    for (index, found) in matrix.elements.enumerated() {
      let sum = Double(x[index] + bias[index % columns])
      #expect(Self.isClose(found, Self.exact(function, sum)), "\(function) of \(sum)")
    }
  }

  @Test(arguments: sets, functions)
  func gatedActivationsMultiply(kernels: Kernels, function: Kernels.ActivationFunction) {
    // [linear | gate] of 37 columns in one matrix, as a forward pass has them.
    let both = Matrix(
      rows: 4, columns: 74, elements: (0..<296).map { Float(($0 * 37) % 100) / 12 - 4 })
    let bias = (0..<74).map { Float($0 % 5) * 0.2 - 0.4 }
    var out = Matrix(rows: 5, columns: 40)
    kernels.gatedActivation(
      linear: both, Block(rows: 4, columns: 37), bias: bias[..<37], gate: both,
      Block(column: 37, rows: 4, columns: 37), bias: bias[37...], function, into: &out,
      Block(row: 1, column: 2, rows: 4, columns: 37))
    for row in 0..<4 {
      for column in 0..<37 {
        let linear = Double(both[row, column] + bias[column])
        let gate = Double(both[row, 37 + column] + bias[37 + column])
        let exact = Self.exact(function, gate) * linear
        #expect(Self.isClose(out[row + 1, column + 2], exact, scale: abs(linear)))
      }
    }
    #expect(out[0, 2] == 0 && out[1, 1] == 0 && out[1, 39] == 0)
  }

  @Test(arguments: sets) func notANumberStaysOne(kernels: Kernels) {
    for function in Self.functions {
      var matrix = Matrix(rows: 1, columns: 20, elements: Array(repeating: .nan, count: 20))
      kernels.biasActivation(
        &matrix, matrix.block(), bias: Array(repeating: 0, count: 20), function)
      #expect(matrix.elements.allSatisfy { $0.isNaN }, "\(function)")
    }
    #expect(kernels.exponential(Array(repeating: .nan, count: 20)).allSatisfy { $0.isNaN })
  }

  @Test(arguments: sets) func rmsNormDividesByTheRootOfTheMeanSquare(kernels: Kernels) {
    let x = Matrix(
      rows: 4, columns: 37, elements: (0..<148).map { sin(Float($0)) * 3 + Float($0 / 37) })
    let weight = (0..<37).map { 1 + Float($0) / 40 }
    var plain = Matrix(rows: 2, columns: 37)
    var weighted = plain
    kernels.rmsNorm(x, rows: [3, 1], count: 2, epsilon: 1e-5, into: &plain)
    kernels.rmsNorm(x, rows: [3, 1], count: 2, weight: weight, epsilon: 1e-5, into: &weighted)
    for (row, source) in [3, 1].enumerated() {
      let values = x.row(source).map(Double.init)
      let root = (values.map { $0 * $0 }.reduce(0, +) / 37 + 1e-5).squareRoot()
      for column in 0..<37 {
        let exact = values[column] / root
        #expect(abs(Double(plain[row, column]) - exact) < 1e-6)
        #expect(abs(Double(weighted[row, column]) - exact * Double(weight[column])) < 2e-6)
      }
    }
    var inPlace = x
    kernels.rmsNorm(
      &inPlace, Block(row: 1, column: 5, rows: 1, columns: 16), weight: Array(weight[..<16]),
      epsilon: 1e-5)
    let part = x.row(1)[5..<21].map(Double.init)
    let root = (part.map { $0 * $0 }.reduce(0, +) / 16 + 1e-5).squareRoot()
    for column in 0..<16 {
      let exact = part[column] / root * Double(weight[column])
      #expect(abs(Double(inPlace[1, 5 + column]) - exact) < 2e-6)
    }
    #expect(inPlace[1, 4] == x[1, 4] && inPlace[1, 21] == x[1, 21] && inPlace[0, 5] == x[0, 5])
    let huge = Matrix(rows: 1, columns: 37, elements: Array(repeating: 3e25, count: 37))
    var out = Matrix(rows: 1, columns: 37)
    kernels.rmsNorm(huge, count: 1, epsilon: 1e-5, into: &out)
    #expect(out.elements.allSatisfy { $0.isNaN })
  }

  @Test(arguments: sets, [1, 4, 17, 1000])
  func windowsHideWhatIsFurtherBack(kernels: Kernels, window: Int) {
    let scores = (0..<5 * 21).map { Float(($0 * 37) % 50) / 5 }
    var matrix = Matrix(rows: 5, columns: 21, elements: scores)
    kernels.causalSoftmax(&matrix, matrix.block(), first: 16, window: window, scale: 0.5)
    for row in 0..<5 {
      let seen = max(0, 16 + row + 1 - window)..<16 + row + 1
      let total = seen.reduce(0.0) { $0 + exp(Double(scores[row * 21 + $1]) * 0.5) }
      for column in 0..<21 {
        let exact =
          seen.contains(column) ? exp(Double(scores[row * 21 + column]) * 0.5) / total : 0
        #expect(abs(Double(matrix[row, column]) - exact) < 1e-6)
      }
    }
  }

  @Test(arguments: sets) func softCapsAreTanh(kernels: Kernels) {
    let x = (0..<2 * 403).map { Float($0 - 403) / 20 }
    let bias = (0..<403).map { Float($0 % 3) * 0.1 }
    var matrix = Matrix(rows: 2, columns: 403, elements: x)
    kernels.softCap(&matrix, matrix.block(), bias: bias[...], scale: 0.7, cap: 5)
    for (index, found) in matrix.elements.enumerated() {
      let sum = Double(x[index] + bias[index % 403])
      let exact = 5 * tanh(0.7 * sum / 5)
      #expect(abs(Double(found) - exact) < 1e-6 * abs(exact) + 1e-9, "cap of \(sum)")
    }
  }

  @Test(arguments: sets) func scoresFallWithDistance(kernels: Kernels) {
    let scores = (0..<3 * 19).map { Float($0 % 11) - 5 }
    var matrix = Matrix(rows: 3, columns: 19, elements: scores)
    kernels.distanceBias(&matrix, matrix.block(), first: 16, scale: 0.25, slope: 0.5)
    for row in 0..<3 {
      for column in 0..<19 {
        let exact = scores[row * 19 + column] * 0.25 + 0.5 * Float(column - 16 - row)
        #expect(abs(matrix[row, column] - exact) < 1e-5)
      }
    }
  }

  /// Both forms against rotation by complex numbers, with pairs that fill vectors and pairs that are
  /// left over; the dimensions behind them stay.
  @Test(arguments: sets, [false, true])
  func pairsAreTurned(kernels: Kernels, isAdjacent: Bool) {
    let pairs = 21
    let headSize = 2 * pairs + 2
    let divisors = (0..<pairs).map { Float(1 + $0) }
    let rotary = RotaryEmbedding(divisors: divisors, adjacent: isAdjacent, context: 8)
    let columns = 2 * headSize + 3
    let x = Matrix(
      rows: 8, columns: columns, elements: (0..<8 * columns).map { sin(Float($0)) })
    var turned = x
    rotary.apply(
      to: &turned, first: 2, count: 6, column: 1, heads: 2, headSize: headSize, kernels: kernels)
    for row in 2..<8 {
      for head in 0..<2 {
        let start = 1 + head * headSize
        for pair in 0..<pairs {
          let (a, b) = isAdjacent ? (2 * pair, 2 * pair + 1) : (pair, pair + pairs)
          let angle = Double(row - 2) / Double(divisors[pair])
          let (low, high) = (Double(x[row, start + a]), Double(x[row, start + b]))
          let exact = (low * cos(angle) - high * sin(angle), high * cos(angle) + low * sin(angle))
          #expect(abs(Double(turned[row, start + a]) - exact.0) < 1e-6)
          #expect(abs(Double(turned[row, start + b]) - exact.1) < 1e-6)
        }
        for column in start + 2 * pairs..<start + headSize {
          #expect(turned[row, column] == x[row, column])
        }
      }
      #expect(turned[row, 0] == x[row, 0])
      #expect(turned[row, columns - 1] == x[row, columns - 1])
    }
    #expect(turned.row(0) == x.row(0) && turned.row(1) == x.row(1))
  }

  @Test(arguments: [false, true]) func everyInstructionSetTurnsAlike(isAdjacent: Bool) {
    let rotary = RotaryEmbedding(
      divisors: (0..<21).map { Float(1 + $0) }, adjacent: isAdjacent, context: 8)
    let x = Matrix(rows: 8, columns: 42, elements: (0..<8 * 42).map { sin(Float($0)) })
    let turned = Self.sets.map { kernels in
      var x = x
      rotary.apply(
        to: &x, first: 0, count: 8, column: 0, heads: 1, headSize: 42, kernels: kernels)
      return x.elements
    }
    #expect(turned.allSatisfy { $0 == turned[0] })
  }
}
