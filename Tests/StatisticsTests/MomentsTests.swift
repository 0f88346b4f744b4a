import Statistics
import Testing

struct MomentsTests {
  @Test func momentsAreSciPysHoweverTheyAreGathered() throws {
    for golden in try Goldens.load().moments {
      let values = Draws.values(golden.n, golden.n)
      var streamed = Moments()
      for value in values { streamed.add(Double(value)) }
      var merged = Moments()
      for start in stride(from: 0, to: values.count, by: 37) {
        merged.merge(Moments(of: Array(values[start..<min(start + 37, values.count)])))
      }
      for moments in [Moments(of: values), streamed, merged] {
        #expect(moments.count == golden.n)
        // Sums of 20,000 terms in another order.
        #expect(abs(moments.mean - golden.mean) < 1e-12)
        #expect(abs(moments.variance - golden.variance) < 1e-12)
        #expect((moments.skew == nil) == (golden.skew == nil))
        #expect((moments.kurtosis == nil) == (golden.kurtosis == nil))
        #expect(abs((moments.skew ?? 0) - (golden.skew ?? 0)) < 1e-11)
        #expect(abs((moments.kurtosis ?? 0) - (golden.kurtosis ?? 0)) < 1e-11)
      }
    }
  }

  @Test func aLargeOffsetDoesNotCancel() {
    var plain = Moments()
    var shifted = Moments()
    for index in 0..<1000 {
      let value = Double(index * index % 97)
      plain.add(value)
      shifted.add(value + 1e8)
    }
    // The offset leaves eight of sixteen digits.
    #expect(abs(plain.variance - shifted.variance) < 1e-5)
  }

  @Test func emptyConstantAndNotANumberAreDefined() {
    #expect(Moments().variance == 0 && Moments().skew == nil && Moments().kurtosis == nil)
    let constant = Moments(of: [0.1, 0.1, 0.1])
    #expect(constant.variance == 0 && constant.skew == nil)
    #expect(Moments(of: [1, .nan]).mean.isNaN)
    #expect(Moments(of: [1, .infinity]).variance.isNaN)
    var merged = Moments(of: [1, 2])
    merged.merge(Moments())
    #expect(merged == Moments(of: [1, 2]))
  }
}
