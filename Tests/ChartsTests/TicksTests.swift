import Charts
import Testing

struct TicksTests {
  /// Domains of every size and position, made by a seeded generator.
  static let domains: [(low: Double, high: Double, count: Int)] = {
    var noise = Noise(42)
    return (0..<2000).map { index in
      let centre = noise.next() * pow(10, Int(noise.next() * 12))
      let factor = pow(10, Int(noise.next() * 12))
      let width = max((noise.next() + 1.0001) * factor, centre.magnitude * 1e-8)
      return (centre - width, centre + width, 1 + index % 12)
    }
  }()

  @Test func encloseTheDataAndEndOnTicks() {
    for (low, high, count) in Self.domains {
      let ticks = Ticks(covering: low, high, about: count)
      let values = ticks.values
      let step = (values[1] - values[0]).magnitude
      let isEnclosed =
        values[0] <= low + step * 2e-6 && values[values.count - 1] >= high - step * 2e-6
      #expect(isEnclosed, "\(low) … \(high): \(values)")
      #expect(values[0] > low - step * 1.01, "no empty step before the data")
      #expect([1, 2, 5].contains(ticks.mantissa))
    }
  }

  @Test func areAboutAsManyAsAskedFor() {
    for (low, high, count) in Self.domains where count > 2 {
      let found = Ticks(covering: low, high, about: count).values.count
      #expect(
        (count / 2...count * 2 + 3).contains(found), "\(low) … \(high): \(found) for \(count)")
    }
  }

  @Test func labelsAreShortAndDistinct() {
    for (low, high, count) in Self.domains {
      let ticks = Ticks(covering: low, high, about: count)
      let labels = ticks.labels
      #expect(Set(labels).count == labels.count, "\(labels)")
      #expect(labels.allSatisfy { $0.count <= 26 && !$0.contains("0000000") }, "\(labels)")
    }
  }

  @Test(arguments: [
    (0.0, 1.0, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.1, 0.3, 2, ["0.1", "0.2", "0.3"]),
    (-0.25, 0.3, 3, ["−0.4", "−0.2", "0", "0.2", "0.4"]),
    (1.0, 857.0, 8, ["0", "100", "200", "300", "400", "500", "600", "700", "800", "900"]),
    (0.0, 66_194.0, 3, ["0", "20,000", "40,000", "60,000", "80,000"]),
    (0.0, 2e-7, 2, ["0", "10⁻⁷", "2×10⁻⁷"]),
    (0.0, 3e9, 3, ["0", "10⁹", "2×10⁹", "3×10⁹"]),
  ])
  func readAsAPersonWouldWriteThem(low: Double, high: Double, count: Int, labels: [String]) {
    #expect(Ticks(covering: low, high, about: count).labels == labels)
  }

  @Test(arguments: [
    (0.0, 0.0), (5.0, 5.0), (-3.0, -3.0), (1.0, 1.0.nextUp), (1e308, 1.7e308),
    (-1.7e308, 1.7e308), (.leastNonzeroMagnitude, .leastNormalMagnitude), (.nan, 1.0),
    (-.infinity, .infinity), (2.0, 1.0),
  ])
  func surviveDomainsThatNobodyCanDraw(low: Double, high: Double) {
    let ticks = Ticks(covering: low, high, about: 5)
    #expect(ticks.values.allSatisfy { $0.isFinite })
    #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func wholeNumbersHaveNoHalfTicks() {
    #expect(Ticks(covering: 0, 2, about: 8, wholeNumbers: true).labels == ["0", "1", "2"])
  }

  private static func pow(_ base: Double, _ exponent: Int) -> Double {
    Double("1e\(exponent)") ?? base
  }
}
