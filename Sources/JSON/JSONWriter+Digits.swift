/// Writes the numbers of a report's files in the form of C's `%.9g`, independent of the locale.
package enum SignificantDigits {
  /// `value` with at most `count` significant digits and no trailing zeros; nil for NaN and
  /// infinity.
  ///
  /// Rounds, half away from zero, the shortest decimal text that reads back as `value`; C rounds
  /// the exact value, so a tie may differ in the last digit.
  package static func text(_ value: Double, _ count: Int = 9) -> String? {
    guard value.isFinite else { return nil }
    var (digits, exponent) = decimal(value.magnitude)
    if digits.count > count {
      let roundsUp = digits[count] >= five
      digits.removeSubrange(count...)
      if roundsUp { increment(&digits, &exponent) }
    }
    while digits.last == zero { digits.removeLast() }
    guard !digits.isEmpty else { return "0" }
    return (value < 0 ? "-" : "") + layOut(digits, exponent, count)
  }

  // Digits are bytes, not characters, because a report holds tens of thousands of numbers.
  private static let zero = UInt8(ascii: "0")
  private static let five = UInt8(ascii: "5")
  private static let nine = UInt8(ascii: "9")

  /// The digits of `value`, and the power of ten of the first digit.
  private static func decimal(_ value: Double) -> (digits: [UInt8], exponent: Int) {
    var text = value.description
    return text.withUTF8 { bytes in
      var digits: [UInt8] = []
      digits.reserveCapacity(20)
      var (exponent, end) = (0, bytes.count)
      if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
        exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
        end = mark
      }
      var isFraction = false
      for byte in bytes[..<end] {
        guard (zero...nine).contains(byte) else {
          isFraction = true
          continue
        }
        if !isFraction { exponent += 1 }
        if byte != zero || !digits.isEmpty { digits.append(byte) } else { exponent -= 1 }
      }
      return (digits, exponent - 1)
    }
  }

  private static func increment(_ digits: inout [UInt8], _ exponent: inout Int) {
    while digits.last == nine { digits.removeLast() }
    if digits.isEmpty {
      digits = [zero + 1]
      exponent += 1
    } else {
      digits[digits.count - 1] += 1
    }
  }

  private static func layOut(_ digits: [UInt8], _ exponent: Int, _ count: Int) -> String {
    let point = UInt8(ascii: ".")
    var text: [UInt8] = []
    text.reserveCapacity(count + 8)
    if !(-4..<count).contains(exponent) {
      text.append(digits[0])
      if digits.count > 1 { text += [point] + digits.dropFirst() }
      let power = String(exponent.magnitude)
      text += (exponent < 0 ? "e-" : "e+").utf8
      text += ((power.count < 2 ? "0" : "") + power).utf8
    } else if exponent < 0 {
      text += "0.".utf8
      text += repeatElement(zero, count: -1 - exponent)
      text += digits
    } else {
      text += digits.prefix(exponent + 1)
      text += repeatElement(zero, count: exponent + 1 - min(digits.count, exponent + 1))
      if digits.count > exponent + 1 { text += [point] + digits.dropFirst(exponent + 1) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
