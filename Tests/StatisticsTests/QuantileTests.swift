import Statistics
import Testing

struct QuantileTests {
  @Test func valuesAreNumPys() throws {
    for golden in try Goldens.load().quantiles {
      let values = Draws.values(golden.n, golden.n).map(Double.init)
      let found = Quantile.linear(of: values, at: golden.shares)
      // One rounding apart at most, where NumPy orders the same interpolation differently.
      for (value, expected) in zip(found, golden.values) { #expect(abs(value - expected) < 1e-15) }
      #expect(found.count == golden.shares.count)
    }
  }

  @Test func whatHasNoQuantileGivesNotANumber() {
    #expect(Quantile.linear(of: [], at: [0.5])[0].isNaN)
    #expect(Quantile.linear(of: [1, .nan], at: [0])[0].isNaN)
    #expect(Quantile.linear(of: [1, 2], at: [.nan])[0].isNaN)
  }

  @Test func sharesBeyondTheRangeAndInfinitiesAreHarmless() {
    #expect(Quantile.linear(of: [3, 1, 2], at: [-1, 2, .infinity]) == [1, 3, 3])
    #expect(Quantile.linear(of: [.infinity, .infinity, 0], at: [0.75]) == [.infinity])
  }
}
