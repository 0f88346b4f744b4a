/// Estimates with their intervals, a row each, such as loss changes beside those of controls.
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

  /// A range of values, such as what control neurons reach.
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
    /// The studied neuron, or the target: its mark must be seen everywhere.
    case studied
    /// What the studied one stands beside.
    case muted
  }

  package struct Row: Sendable, Equatable {
    package var label: String
    /// One for each of the chart's groups; missing ones are left out.
    package var estimates: [Estimate?]
    /// The controls of this row.
    package var control: Band?
    /// Single controls, each a dot.
    package var dots: [Double]
    package var emphasis: Emphasis
    /// How far the label stands in: a part of the row above it.
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
  /// Names of the estimates in a row; one empty name for a single group.
  package var groups: [String]
  /// What the rows' bands are, such as `50 random neurons`.
  package var controlName: String
  package var reference: Reference?
  /// What the controls of all rows reach, drawn behind every row.
  package var band: Band?
  /// Whether low and high are quantiles of a distribution, which say nothing of zero.
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
