import Foundation
import Statistics
import Testing

struct LogisticRegressionTests {
  static let cases = (try? Goldens.load().logistic) ?? []

  @Test(arguments: cases)
  func optimumIsScikitLearns(_ golden: Goldens.Logistic) {
    let (columns, labels) = Draws.classes(
      golden.seed, golden.n, golden.k, offset: golden.offset, scale: golden.scale)
    let split = TrainTestSplit(count: Int32(golden.n), testSize: 0.2, seed: golden.seed)
    let model = LogisticRegression.fit(
      columns: columns, labels: labels, rows: split.training, penalty: golden.c)
    // Both are at the optimum but for rounding in sums of up to 32,000 rows; the offset multiplies
    // what rounding there is in w on its way to b.
    let tolerance = 1e-10
    for (coefficient, expected) in zip(model.coefficients, golden.coefficients) {
      #expect(abs(coefficient - expected) <= tolerance * max(abs(expected), 1 / golden.scale))
    }
    #expect(model.coefficients.count == golden.k)
    #expect(abs(model.intercept - golden.intercept) <= tolerance * (1 + abs(golden.intercept)))
    // Counts of right rows: equal to the last digit.
    #expect(
      model.accuracy(columns: columns, labels: labels, rows: split.training) == golden.training)
    #expect(model.accuracy(columns: columns, labels: labels, rows: split.test) == golden.test)
  }

  @Test func goldensAreRead() {
    #expect(Self.cases.count == 10)
  }

  @Test func gradientVanishesAtTheOptimum() {
    let (columns, labels) = Draws.classes(3, 9000, 5)
    let rows = (0..<9000).map(Int32.init)
    let model = LogisticRegression.fit(columns: columns, labels: labels, rows: rows, penalty: 0.5)
    let values = model.decisionValues(columns: columns, rows: rows)
    let errors = zip(values, labels).map { 1 / (1 + exp(-$0)) - ($1 ? 1 : 0) }
    // Against Hessian entries in the hundreds, 1e-8 is 1e-10 in a coefficient.
    #expect(abs(errors.reduce(0, +)) < 1e-8)
    for (column, coefficient) in zip(columns, model.coefficients) {
      let gradient = coefficient + 0.5 * zip(errors, column).reduce(0) { $0 + $1.0 * Double($1.1) }
      #expect(abs(gradient) < 1e-8)
    }
  }

  @Test func separableDataConvergeToThePenalisedOptimum() throws {
    let golden = try Goldens.load().separable
    var (columns, labels) = Draws.classes(50, 600, 1)
    columns[0] = zip(columns[0], labels).map { Float($0 + ($1 ? 3 : 0)) }
    let model = LogisticRegression.fit(
      columns: columns, labels: labels, rows: (0..<600).map(Int32.init))
    #expect(abs(model.coefficients[0] - golden.coefficients[0]) < 1e-8)
    #expect(abs(model.intercept - golden.intercept) < 1e-8)
  }

  @Test(arguments: [0, 0.1, -7, 1e30, .leastNormalMagnitude] as [Float])
  func constantFeatureGetsNoWeight(_ value: Float) {
    let (columns, labels) = Draws.classes(4, 6000, 1)
    let rows = (0..<6000).map(Int32.init)
    let alone = LogisticRegression.fit(columns: columns, labels: labels, rows: rows)
    let constant = [Float](repeating: value, count: 6000)
    let both = LogisticRegression.fit(columns: columns + [constant], labels: labels, rows: rows)
    #expect(both.coefficients[1] == 0)
    #expect(abs(both.coefficients[0] - alone.coefficients[0]) < 1e-12)
    let only = LogisticRegression.fit(columns: [constant], labels: labels, rows: rows)
    let share = Double(labels.count { $0 }) / 6000
    #expect(only.coefficients == [0])
    #expect(abs(only.intercept - log(share / (1 - share))) < 1e-10)
  }

  @Test func aSingleClassGivesFiniteOdds() {
    let columns: [[Float]] = [[1, 2, 3]]
    let yes = LogisticRegression.fit(
      columns: columns, labels: [true, true, true], rows: [0, 1, 2])
    #expect(yes.coefficients == [0])
    #expect(yes.intercept == log(7))
    #expect(yes.accuracy(columns: columns, labels: [true, true, true], rows: [0, 1, 2]) == 1)
    let none = LogisticRegression.fit(columns: columns, labels: [true, true, true], rows: [])
    #expect(none.intercept == 0)
    #expect(none.accuracy(columns: columns, labels: [true, true, true], rows: []) == 0)
  }

  @Test(arguments: [.nan, .infinity, -.infinity] as [Float])
  func featuresThatAreNotFiniteGiveNoModel(_ value: Float) {
    var (columns, labels) = Draws.classes(5, 100, 2)
    columns[1][17] = value
    let rows = (0..<100).map(Int32.init)
    let model = LogisticRegression.fit(columns: columns, labels: labels, rows: rows)
    #expect(model.intercept.isNaN)
    #expect(model.coefficients.count == 2)
    #expect(model.coefficients.allSatisfy { $0.isNaN })
  }

  @Test(arguments: [1e-38, 1e-20, 1e10, 1e20, 1e37] as [Double])
  func extremeScalesGiveAFiniteModelAtLeastAsGoodAsNone(_ scale: Double) {
    let (columns, labels) = Draws.classes(6, 2000, 2, scale: scale)
    let rows = (0..<2000).map(Int32.init)
    let model = LogisticRegression.fit(columns: columns, labels: labels, rows: rows)
    #expect(model.coefficients.allSatisfy { $0.isFinite } && model.intercept.isFinite)
    let majority = Double(labels.count { !$0 }) / 2000
    #expect(model.accuracy(columns: columns, labels: labels, rows: rows) >= majority)
  }

  @Test(arguments: [1e6, 1e12, 1e30] as [Float])
  func hugeFeaturesThatSeparateTheClassesEndInATrueSeparation(_ scale: Float) {
    var (columns, labels) = Draws.classes(8, 2000, 3)
    columns[0] = zip(columns[0], labels).map { ($0 + ($1 ? 3 : 0)) * scale }
    let rows = (0..<2000).map(Int32.init)
    let model = LogisticRegression.fit(columns: columns, labels: labels, rows: rows)
    #expect(model.accuracy(columns: columns, labels: labels, rows: rows) == 1)
  }

  @Test func twinFeaturesShareTheWeight() {
    let (columns, labels) = Draws.classes(7, 1000, 1)
    let model = LogisticRegression.fit(
      columns: columns + columns, labels: labels, rows: (0..<1000).map(Int32.init))
    // The penalty alone tells the twins apart: 1 in a Hessian of some hundreds.
    #expect(abs(model.coefficients[0] - model.coefficients[1]) < 1e-10)
  }

  @Test func decisionValuesFollowTheModel() {
    let model = LogisticModel(coefficients: [2, -1], intercept: 0.5, iterations: 0)
    let values = model.decisionValues(columns: [[1, 2, 3], [4, 0, 1]], rows: [2, 0])
    #expect(values == [5.5, -1.5])
  }
}
