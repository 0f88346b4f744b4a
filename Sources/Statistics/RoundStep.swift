#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A step of 1, 2 or 5 times a power of ten, whose multiples are exact decimals.
struct RoundStep {
  /// The leading digit: 1, 2 or 5.
  private var digit: Int
  private var exponent: Int

  /// The step whose ratio to `width`, a positive finite number, is nearest to 1.
  init(nearest width: Double) {
    exponent = Int(log10(width).rounded(.down))
    let leading = width / pow(10, Double(exponent))
    // The boundary between two steps is their geometric mean: √2, √10, √50.
    switch leading * leading {
    case ..<2: digit = 1
    case ..<10: digit = 2
    case ..<50: digit = 5
    default:
      digit = 1
      exponent += 1
    }
  }

  /// The next larger step: 1, 2, 5, 10, …
  var next: RoundStep {
    var step = self
    switch digit {
    case 1: step.digit = 2
    case 2: step.digit = 5
    default:
      step.digit = 1
      step.exponent += 1
    }
    return step
  }

  /// The value `index` steps from 0, rounded once: three steps of 0.1 are 0.3, never
  /// 0.30000000000000004.
  func multiple(_ index: Int) -> Double {
    // Parsing decimal text rounds correctly at any exponent; a power of ten in Double does not.
    Double("\(index * digit)e\(exponent)") ?? .nan
  }

  /// The number of whole steps between 0 and `value`, rounded by `rule`; nil beyond `Int`.
  func count(to value: Double, _ rule: FloatingPointRoundingRule) -> Int? {
    Int(exactly: (value / multiple(1)).rounded(rule))
  }
}
