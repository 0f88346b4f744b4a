import Foundation

/// C's format for one number, of the forms `%.3f`, `%.2e`, `%.4g` and `%d` alone: text from outside
/// never reaches a formatter.
struct NumberFormat: Equatable {
  enum Form: Character {
    case fixed = "f"
    case scientific = "e"
    case general = "g"
    case integer = "d"
  }

  let form: Form
  let digits: Int

  /// Nil for every other text.
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

  /// `value` so written, with a minus sign; nil where `%d` meets a fraction.
  func text(_ value: Double) -> String? {
    let text: String
    if form == .integer {
      guard let integer = Int(exactly: value) else { return nil }
      text = String(integer)
    } else {
      text = String(format: "%.\(digits)\(form.rawValue)", value)
    }
    return text.replacing("-", with: "−")
  }
}
