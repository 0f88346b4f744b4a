import Charts

extension Int {
  /// The number with thousands separated: `66,194`.
  package var grouped: String { NumberText.fixed(Double(self), decimals: 0) }

  /// The number with its noun: `1 document`, `20 documents`.
  package func of(_ noun: String, plural: String? = nil) -> String {
    "\(grouped) \(self == 1 ? noun : plural ?? noun + "s")"
  }
}
