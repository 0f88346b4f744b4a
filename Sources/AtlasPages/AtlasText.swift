import Analyses
import Atlas
import Charts
import ReportModel

/// Numbers of an atlas as text, and the words of grades.
enum AtlasText {
  static func fixed(_ value: Double, _ decimals: Int = 3) -> String {
    NumberText.fixed(value, decimals: decimals)
  }

  /// The AUC of a neuron with its interval: `0.982 [0.941, 0.995]`.
  static func auc(_ value: Double, _ low: Double, _ high: Double) -> String {
    "\(fixed(value)) [\(fixed(low)), \(fixed(high))]"
  }

  /// Words of a table's cell that stay on one line.
  static func unbroken(_ text: String) -> String { text.replacing(" ", with: "\u{A0}") }

  /// A p or q value: three decimals, or two digits where those would be zero.
  static func p(_ value: Double) -> String {
    value >= 0.0005 || value == 0 ? fixed(value) : NumberText.significant(value, digits: 2)
  }

  /// The nearest integer; findings from anywhere may hold a number that no `Int` can.
  static func whole(_ value: Double) -> String {
    String(Int(min(max(value, -1e15), 1e15).rounded()))
  }

  /// A share from 0 to 1 in percent.
  static func percent(_ share: Double) -> String {
    let value = 100 * share
    return (value > 0 && value < 0.1 ? NumberText.significant(value, digits: 1) : fixed(value, 1))
      + " %"
  }

  /// The confidence of the intervals in percent, with as many digits as tell it from 100.
  static func confidence(_ confidence: Double) -> String {
    let rest = 100 * (1 - confidence)
    guard rest > 0 else { return "100 %" }
    var decimals = 0
    var scaled = rest
    while scaled < 0.95, decimals < 9 {
      scaled *= 10
      decimals += 1
    }
    return fixed(100 * confidence, decimals) + " %"
  }

  /// A change with its sign and as many decimals as its interval says something about.
  static func change(_ value: Double, _ low: Double, _ high: Double, hasInterval: Bool) -> String {
    let decimals = NumberText.decimals(low: low, high: high)
    func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + fixed(value, decimals) }
    return hasInterval ? "\(signed(value)) [\(signed(low)), \(signed(high))]" : signed(value)
  }

  /// `12 are confirmed for a label and 40 more are suggestive`; a neuron counts once.
  static func grades(confirmed: Int, suggestive: Int) -> String {
    func number(_ count: Int, _ noun: String) -> String {
      count == 0 ? "none is" : count == 1 ? "1\(noun) is" : "\(count.grouped)\(noun) are"
    }
    return "\(number(confirmed, "")) confirmed for a label and "
      + "\(number(suggestive, confirmed == 0 ? "" : " more")) suggestive"
  }

  /// From which correlation on two neurons say nearly the same.
  static let duplicate = "|r| ≥ \(NumberText.significant(AtlasComputation.duplicate, digits: 2))"
  /// What stands for clusters where the model has too many neurons to hold against one another.
  static let notCorrelated = "Near repetitions among neurons were not looked for."

  static func list(_ items: [String]) -> String { Wording.list(items) }
}

extension LabelColumns.Grade {
  var words: String {
    switch self {
    case .confirmed: "confirmed"
    case .suggestive: "suggestive"
    case .none: "no grade"
    }
  }
}
