/// Logarithms and powers to base ten without a C library, so that all machines give the same bits.
enum Logarithm {
  /// log₁₀ of a positive finite `value`, from ln m = 2·artanh((m − 1)/(m + 1)) with m in [√½, √2].
  static func base10(_ value: Double) -> Double {
    var exponent = Double(value.exponent)
    var mantissa = value.significand
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let t = (mantissa - 1) / (mantissa + 1)
    var term = t
    var sum = 0.0
    for k in 0..<14 {
      sum += term / Double(2 * k + 1)
      term *= t * t
    }
    return (exponent * 0.6931471805599453 + 2 * sum) * 0.4342944819032518
  }

  /// The exponent of the first decimal digit of a positive finite `value`: 2 for 314.
  static func decade(_ value: Double) -> Int {
    let guess = Int(base10(value).rounded(.down))
    if value < power(guess) { return guess - 1 }
    return value >= power(guess + 1) ? guess + 1 : guess
  }

  /// 10^`exponent`, correctly rounded; infinity or zero outside the range of a Double.
  static func power(_ exponent: Int) -> Double {
    powers.indices.contains(exponent + 22) ? powers[exponent + 22] : parsed(exponent)
  }

  /// 10^−22 … 10^22. Parsing a power takes longer than everything else in writing a number.
  private static let powers = (-22...22).map(parsed)

  private static func parsed(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }
}
