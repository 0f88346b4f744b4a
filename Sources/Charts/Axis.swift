/// The label, unit and kind of a numeric axis.
package struct Axis: Sendable, Equatable {
  package enum Kind: Sendable { case linear, logarithmic }

  /// The quantity, such as `Loss`.
  package var label: String
  /// The unit of the quantity, such as `nats per token`; shown in brackets.
  package var unit: String?
  package var kind: Kind
  /// Whether the axis begins or ends at zero or includes it, whatever the data.
  package var includesZero: Bool

  package init(
    _ label: String, unit: String? = nil, kind: Kind = .linear, includesZero: Bool = false
  ) {
    self.label = label
    self.unit = unit
    self.kind = kind
    self.includesZero = includesZero
  }

  /// The label followed by the unit.
  package var caption: String { unit.map { "\(label) (\($0))" } ?? label }

  /// A value on this axis in words, for a tooltip.
  func describe(_ value: Double) -> String {
    let number = NumberText.significant(value)
    guard let unit else { return number }
    return unit == "%" ? number + " %" : "\(number) \(unit)"
  }
}
