import Diagnostics

/// A format in C's notation for one number: `%.3f`, `%.2e`, `%.4g` or `%d`. Nothing else is
/// accepted, so text from outside never reaches a formatter.
struct NumberFormat: Equatable {
  enum Form: Character {
    case fixed = "f"
    case scientific = "e"
    case general = "g"
    case integer = "d"
  }

  let form: Form
  let digits: Int

  /// Nil if `text` is not one of these formats.
  init?(_ text: String) {
    if text == "%d" {
      (form, digits) = (.integer, 0)
      return
    }
    guard text.hasPrefix("%."), let last = text.last, let form = Form(rawValue: last),
      form != .integer
    else { return nil }
    let count = text.dropFirst(2).dropLast()
    guard (1...2).contains(count.utf8.count), count.utf8.allSatisfy({ 48...57 ~= $0 }),
      let digits = Int(count), digits <= 17
    else { return nil }
    (self.form, self.digits) = (form, digits)
  }

  /// `value` in this format, with a true minus sign; nil if the format is `%d` and `value` is not
  /// whole.
  func text(_ value: Double) -> String? {
    let printed = PrintedNumber.Form(rawValue: form.rawValue).map {
      PrintedNumber.text(value, $0, digits: digits)
    }
    return (printed ?? Int(exactly: value).map { String($0) })?.replacing("-", with: "−")
  }
}
