/// Numbers as the files of a report write them: C's `%.9g`, in no locale and on no library.
package enum SignificantDigits {
  /// `value` with at most `count` significant digits, trailing zeros left out; nil for NaN and
  /// infinity.
  ///
  /// Rounds the shortest decimal text that reads back as `value`, half away from zero.
  package static func text(_ value: Double, _ count: Int = 9) -> String? {
    guard value.isFinite else { return nil }
    var (digits, exponent) = decimal(value.magnitude)
    if digits.count > count {
      let roundsUp = digits[count] >= 5
      digits.removeSubrange(count...)
      if roundsUp { increment(&digits, &exponent) }
    }
    while digits.last == 0 { digits.removeLast() }
    guard !digits.isEmpty else { return "0" }
    return (value < 0 ? "-" : "") + layOut(digits.map(String.init), exponent, count)
  }

  /// The digits of `value` and the power of ten of the first.
  private static func decimal(_ value: Double) -> (digits: [Int], exponent: Int) {
    let parts = value.description.split(separator: "e")
    var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    var digits: [Int] = []
    var isFraction = false
    for character in parts[0] {
      if let digit = character.wholeNumberValue {
        digits.append(digit)
        if !isFraction { exponent += 1 }
      } else {
        isFraction = true
      }
    }
    let zeros = digits.prefix { $0 == 0 }.count
    return (Array(digits.dropFirst(zeros)), exponent - 1 - zeros)
  }

  private static func increment(_ digits: inout [Int], _ exponent: inout Int) {
    while digits.last == 9 { digits.removeLast() }
    if digits.isEmpty {
      digits = [1]
      exponent += 1
    } else {
      digits[digits.count - 1] += 1
    }
  }

  private static func layOut(_ digits: [String], _ exponent: Int, _ count: Int) -> String {
    guard (-4..<count).contains(exponent) else {
      let power = String(exponent.magnitude)
      return digits[0] + (digits.count > 1 ? "." + digits.dropFirst().joined() : "")
        + (exponent < 0 ? "e-" : "e+") + (power.count < 2 ? "0" : "") + power
    }
    if exponent < 0 {
      return "0." + String(repeating: "0", count: -1 - exponent) + digits.joined()
    }
    let whole = digits.prefix(exponent + 1).joined()
    let fraction = digits.dropFirst(exponent + 1).joined()
    return whole + String(repeating: "0", count: exponent + 1 - min(digits.count, exponent + 1))
      + (fraction.isEmpty ? "" : "." + fraction)
  }
}
