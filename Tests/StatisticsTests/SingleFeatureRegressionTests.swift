import LinearAlgebra
import Statistics
import Testing

struct SingleFeatureRegressionTests {
  static let cases = (try? Goldens.load().singleFeatures) ?? []

  @Test(arguments: cases)
  func optimumIsScikitLearns(_ golden: Goldens.SingleFeature) {
    let (columns, labels) = Draws.classes(
      golden.seed, golden.n, 1, offset: golden.offset, scale: golden.scale)
    let split = TrainTestSplit(count: Int32(golden.n), testSize: 0.2, seed: golden.seed)
    let model = SingleFeatureRegression(labels: labels, rows: split.training).fit(columns[0])
    // Both are at the optimum but for rounding in sums of 16,000 rows: far below the 1e-4 that is
    // promised.
    let tolerance = 1e-9
    #expect(
      abs(model.coefficients[0] - golden.coefficient) <= tolerance * (1 + abs(golden.coefficient)))
    #expect(abs(model.intercept - golden.intercept) <= tolerance * (1 + abs(golden.intercept)))
  }

  @Test func goldensAreRead() {
    #expect(Self.cases.count == 12)
  }

  /// The fit of many features is checked against scikit-learn; of one it is this one.
  @Test(arguments: [100, 4096, 50_000])
  func equalsTheFitOfManyFeatures(_ count: Int) {
    let (columns, labels) = Draws.classes(7, count, 3)
    let split = TrainTestSplit(count: Int32(count), testSize: 0.25, seed: 3)
    let regression = SingleFeatureRegression(labels: labels, rows: split.training)
    // GELU's shape: most of a neuron's activations are small and negative.
    let bent = columns[1].map { $0 > 0.7 ? $0 - 0.7 : -0.17 * $0 }
    for column in columns + [bent, columns[0].map { $0 * 1e-3 }, columns[2].map { $0 + 1e4 }] {
      let model = regression.fit(column)
      let expected = LogisticRegression.fit(
        columns: [column], labels: labels, rows: split.training)
      #expect(abs(model.coefficients[0] - expected.coefficients[0]) < 1e-8)
      #expect(abs(model.intercept - expected.intercept) <= 1e-8 * (1 + abs(expected.intercept)))
    }
  }

  @Test(arguments: [0, 0.1, -7] as [Float])
  func aConstantFeatureGetsNoWeight(_ value: Float) {
    let (_, labels) = Draws.classes(4, 6000, 1)
    let rows = (0..<6000).map(Int32.init)
    let model = SingleFeatureRegression(labels: labels, rows: rows)
      .fit([Float](repeating: value, count: 6000))
    let expected = LogisticRegression.fit(
      columns: [[Float](repeating: value, count: 6000)], labels: labels, rows: rows)
    #expect(abs(model.coefficients[0]) < 1e-12)
    #expect(abs(model.intercept - expected.intercept) < 1e-9)
  }

  @Test func oneClassOnlyHasNoOptimumAndGivesTheOddsOfHalfARowMore() {
    let rows = (0..<20).map(Int32.init)
    let model = SingleFeatureRegression(labels: rows.map { _ in true }, rows: rows)
      .fit(rows.map(Float.init))
    #expect(model.coefficients == [0])
    #expect(
      abs(
        model.intercept
          - LogisticRegression.fit(
            columns: [rows.map(Float.init)], labels: rows.map { _ in true }, rows: rows
          ).intercept) < 1e-12)
  }

  @Test(arguments: [.nan, .infinity, -.infinity] as [Float])
  func whatIsNotFiniteGivesAModelOfNaN(_ value: Float) {
    var (columns, labels) = Draws.classes(5, 50, 1)
    columns[0][17] = value
    let model = SingleFeatureRegression(labels: labels, rows: (0..<50).map(Int32.init))
      .fit(columns[0])
    #expect(model.coefficients[0].isNaN && model.intercept.isNaN)
  }

  /// The same sums in each instruction set, up to the order of addition, at any length.
  @Test(arguments: Kernels.InstructionSet.allCases, [1, 7, 8, 100, 10_001])
  func kernelsAgree(_ set: Kernels.InstructionSet, _ count: Int) throws {
    guard let kernels = Kernels(set) else { return }
    let (columns, labels) = Draws.classes(11, count, 1)
    let signs = labels.enumerated().map { $0.offset % 5 == 0 ? 0 : Float($0.element ? 1 : -1) }
    func sums(_ kernels: Kernels) -> LogisticSums {
      LogisticSums(columns[0], signs: signs, mean: 0.3, w: 1.7, b: -0.4, kernels: kernels)
    }
    let (found, expected) = (sums(kernels), try sums(#require(Kernels(.portable))))
    for path in [
      \LogisticSums.loss, \.slope, \.slopeX, \.curve, \.curveX, \.curveXX, \.reach,
    ] {
      #expect(
        abs(found[keyPath: path] - expected[keyPath: path])
          <= 1e-13 * Double(count) * (1 + abs(expected[keyPath: path])))
    }
  }
}
