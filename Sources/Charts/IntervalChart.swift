/// Rows of estimates with their intervals, such as loss changes beside those of controls.
package struct IntervalChart: Sendable, Equatable {
  /// A value with the ends of its interval.
  package struct Estimate: Sendable, Equatable {
    package var value: Double
    package var low: Double?
    package var high: Double?

    package init(_ value: Double, low: Double? = nil, high: Double? = nil) {
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// A range of values, such as that of control neurons.
  package struct Band: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(_ low: Double, _ high: Double) {
      self.low = low
      self.high = high
    }
  }

  package enum Emphasis: Sendable {
    case plain
    /// The row of the studied neuron or of the target, whose mark must always be visible.
    case studied
    /// A row for comparison.
    case muted
  }

  package struct Row: Sendable, Equatable {
    package var label: String
    /// The estimate for each of the chart's groups; nil is left out.
    package var estimates: [Estimate?]
    /// The range of the row's controls.
    package var control: Band?
    /// Single controls, each drawn as a dot.
    package var dots: [Double]
    package var emphasis: Emphasis
    /// Whether the row is a part of the one above; its label is then indented.
    package var isPart: Bool

    package init(
      _ label: String, _ estimates: [Estimate?], control: Band? = nil, dots: [Double] = [],
      emphasis: Emphasis = .plain, isPart: Bool = false
    ) {
      self.label = label
      self.estimates = estimates
      self.control = control
      self.dots = dots
      self.emphasis = emphasis
      self.isPart = isPart
    }
  }

  package struct Reference: Sendable, Equatable {
    package var value: Double
    package var label: String

    package init(_ value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  package var title: String
  package var x: Axis
  package var rows: [Row]
  /// The names of the estimates in a row; a single group has one empty name.
  package var groups: [String]
  /// The name of the rows' bands, such as `50 random neurons`.
  package var controlName: String
  package var reference: Reference?
  /// The range of the controls of all rows, drawn behind every row.
  package var band: Band?
  /// Whether low and high are quantiles of a distribution, so that they do not show a sign.
  package var isQuantiles: Bool

  package init(
    title: String, x: Axis, rows: [Row], groups: [String] = [""], controlName: String = "controls",
    reference: Reference? = nil, band: Band? = nil, isQuantiles: Bool = false
  ) {
    self.title = title
    self.x = x
    self.rows = rows
    self.groups = groups
    self.controlName = controlName
    self.reference = reference
    self.band = band
    self.isQuantiles = isQuantiles
  }
}
