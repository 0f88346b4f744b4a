import Diagnostics

/// Writes quantities for people.
package enum Quantity {
  /// A count with its thousands separated: `342,601`.
  package static func count(_ number: Int) -> String {
    var digits = String(abs(number))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (number < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A number with its noun: `1 document`, `20 documents`.
  package static func of(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A number of tokens: `1 token`, `342,601 tokens`.
  package static func tokens(_ number: Int) -> String { of(number, "token") }

  /// A number of operations: `197 GFLOP`.
  package static func operations(_ number: Double) -> String { scaled(number, "FLOP") }

  /// A number of bytes: `1.2 GB`.
  package static func bytes(_ number: Int) -> String { scaled(Double(number), "B") }

  /// A duration: `45 s`, `3 min 20 s`, `2 h 5 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "unknown" }
    if seconds < 9.95 { return PrintedNumber.text(seconds, digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private static func scaled(_ number: Double, _ unit: String) -> String {
    let prefixes = ["", "k", "M", "G", "T", "P", "E"]
    var value = number
    var index = 0
    while value >= 999.5, index < prefixes.count - 1 {
      value /= 1000
      index += 1
    }
    let digits = value < 9.95 && index > 0 ? 1 : 0
    return PrintedNumber.text(value, digits: digits) + " " + prefixes[index] + unit
  }
}
