import Charts

/// How sections print numbers, as plain text.
package enum Wording {
  /// A share from 0 to 1 in percent: `91.2 %`.
  static func percent(_ share: Double) -> String {
    NumberText.fixed(100 * share, decimals: 1) + " %"
  }

  /// A number with three decimals below 1 and fewer the larger it is: `−0.023`, `1.89`, `20.0`.
  static func number(_ value: Double) -> String {
    switch value.magnitude {
    case ..<1: fixed(value, 3)
    case ..<10: fixed(value, 2)
    case ..<100: fixed(value, 1)
    default: NumberText.significant(value)
    }
  }

  static func fixed(_ value: Double, _ decimals: Int) -> String {
    NumberText.fixed(value, decimals: decimals)
  }

  /// A number with its sign: `+0.0503`.
  static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return value > 0 ? "+" + text : text
  }

  /// The items as a list in words: `a`, `a and b`, `a, b and c`.
  package static func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }
}
