/// Writes numbers the same everywhere: independent of locale, in plain notation, and never as "-0".
package enum NumberText {
  /// `value` with up to 2 decimals, as a coordinate: `12.3`, `-0.05`, `7`.
  static func coordinate(_ value: Double) -> String { coordinate(hundredths: hundredths(value)) }

  /// `value` in hundredths, limited so that arithmetic on coordinates cannot overflow.
  static func hundredths(_ value: Double) -> Int {
    value.isFinite ? Int((min(max(value, -1e6), 1e6) * 100).rounded()) : 0
  }

  /// A coordinate given in hundredths, without trailing zeros.
  static func coordinate(hundredths: Int) -> String {
    let whole = hundredths.magnitude / 100
    let rest = hundredths.magnitude % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return sign + String(whole) }
    let digits = rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : String(rest)
    return "\(sign)\(whole).\(digits)"
  }

  /// `value` with `digits` significant digits for readers: `0.0123`, `1.20×10⁻⁷`. Large numbers
  /// keep all their whole digits: `66,194`.
  package static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    if value.magnitude < 1e7, value == value.rounded() { return fixed(value, decimals: 0) }
    let exponent = Logarithm.decade(value.magnitude)
    if exponent < -4 || exponent > 6 {
      // The division has two steps, because 10^-exponent alone may be too large for a Double.
      let scaled = value / Logarithm.power(exponent / 2) / Logarithm.power(exponent - exponent / 2)
      let steps = (scaled.magnitude * Logarithm.power(digits - 1)).rounded(.toNearestOrEven)
      // A number such as 9.9999 rounds up to the next power.
      return steps < Logarithm.power(digits)
        ? fixed(scaled, decimals: digits - 1) + "×10" + superscript(exponent)
        : fixed(scaled / 10, decimals: digits - 1) + "×10" + superscript(exponent + 1)
    }
    return fixed(value, decimals: max(0, digits - 1 - exponent))
  }

  /// A function that writes `values` with equal decimals, so that a column can be compared. The
  /// largest gets `digits` significant digits.
  static func alike(_ values: [Double], digits: Int) -> (Double) -> String {
    let finite = values.filter(\.isFinite)
    let largest = finite.map(\.magnitude).max() ?? 0
    let decade = largest > 0 ? Logarithm.decade(largest) : 0
    guard (-4...6).contains(decade) else { return { significant($0, digits: digits) } }
    let areWhole = finite.allSatisfy { $0 == $0.rounded() }
    let decimals = areWhole ? 0 : max(0, digits - 1 - decade)
    return { $0.isFinite ? fixed($0, decimals: decimals) : "–" }
  }

  /// The decimals for a number with an interval: two significant digits of the interval's width,
  /// and more if they are needed to show on which side of zero an end lies.
  package static func decimals(low: Double, high: Double) -> Int {
    let width = (high - low).magnitude
    let magnitude = max(low.magnitude, high.magnitude)
    let scale = width > 0 && width.isFinite ? width : magnitude
    var decimals = scale > 0 && scale.isFinite ? min(max(1 - Logarithm.decade(scale), 0), 9) : 2
    for end in [low, high] where end != 0 && end.isFinite {
      while decimals < 9, (end * Logarithm.power(decimals)).rounded(.toNearestOrEven) == 0 {
        decimals += 1
      }
    }
    return decimals
  }

  /// `value` with exactly `decimals` decimals; at most 9.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let decimals = min(max(decimals, 0), 9)
    let scaled = (value * Logarithm.power(decimals)).rounded(.toNearestOrEven)
    guard scaled.magnitude < 9e15 else { return significant(value) }
    return decimal(Int(scaled), exponent: -decimals)
  }

  /// `mantissa × 10^exponent` in decimal notation.
  static func decimal(_ mantissa: Int, exponent: Int) -> String {
    let digits = String(mantissa.magnitude)
    let sign = mantissa < 0 ? "−" : ""
    if exponent >= 0 { return sign + grouped(digits + String(repeating: "0", count: exponent)) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
    return sign + grouped(String(padded.dropLast(-exponent))) + "." + padded.suffix(-exponent)
  }

  /// `mantissa × 10^exponent` in scientific notation: `1.5×10⁻⁷`, `10⁹`.
  static func scientific(_ mantissa: Int, exponent: Int) -> String {
    let digits = String(mantissa.magnitude)
    var shown = Substring(digits)
    while shown.count > 1, shown.last == "0" { shown.removeLast() }
    let sign = mantissa < 0 ? "−" : ""
    let power = "10" + superscript(digits.count - 1 + exponent)
    if shown == "1" { return sign + power }
    let fraction = shown.count > 1 ? "." + shown.dropFirst() : ""
    return "\(sign)\(shown.prefix(1))\(fraction)×\(power)"
  }

  /// The digits of `exponent` in superscript, for `10¹²` and the like.
  static func superscript(_ exponent: Int) -> String {
    let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let digits = String(exponent.magnitude).compactMap { $0.wholeNumberValue.map { raised[$0] } }
    return (exponent < 0 ? "⁻" : "") + String(digits)
  }

  /// `digits` with thousands separated, as in words and tables.
  private static func grouped(_ digits: String) -> String {
    guard digits.count > 3 else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }
}
