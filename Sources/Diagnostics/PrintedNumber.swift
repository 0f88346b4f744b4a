#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number as C's `printf` writes it, with a point whatever the locale.
package enum PrintedNumber {
  package enum Form: Character {
    /// `0.0123`
    case fixed = "f"
    /// `1.23e-02`
    case scientific = "e"
    /// Whichever of the two is shorter.
    case general = "g"
  }

  /// `value` with `digits` decimals, or with so many significant digits in the general form.
  package static func text(_ value: Double, _ form: Form = .fixed, digits: Int) -> String {
    // The largest number has 309 digits before the point.
    var buffer = [CChar](repeating: 0, count: 340 + max(0, digits))
    let length = withVaList([Int32(clamping: digits), value]) {
      vsnprintf(&buffer, buffer.count, "%.*\(form.rawValue)", $0)
    }
    let bytes = buffer.prefix(Int(max(0, length))).map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  /// The text as a column of a table that is `width` wide: cut, or filled with spaces.
  package func column(_ width: Int) -> String {
    let cut = prefix(width)
    return cut + String(repeating: " ", count: width - cut.count)
  }
}
