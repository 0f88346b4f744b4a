#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers cut to the digits that mean something, so that columns of thousands stay small.
package enum RoundedNumber {
  /// A number with so many digits behind the point.
  package static func fixed(_ value: Double, _ digits: Int) -> Double {
    let scale = pow(10, Double(digits))
    return (value * scale).rounded() / scale + 0
  }

  /// A number with so many digits that count; a number that is not finite becomes 0.
  package static func significant(_ value: Double, _ digits: Int) -> Double {
    guard value.isFinite, value != 0 else { return 0 }
    let exponent = digits - 1 - Int(log10(abs(value)).rounded(.down))
    guard exponent < 300 else { return 0 }
    let scale = pow(10, Double(abs(exponent)))
    return exponent < 0 ? (value / scale).rounded() * scale : (value * scale).rounded() / scale
  }
}
