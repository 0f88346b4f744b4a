/// Signed values with names, as horizontal bars or as dots, for one or several groups.
package struct BarChart: Sendable, Equatable {
  package enum Mark: Sendable { case bar, dot }

  /// A group of values, with its name and the way it is drawn.
  package struct Group: Sendable, Equatable {
    package var name: String
    package var mark: Mark

    package init(_ name: String, mark: Mark = .bar) {
      self.name = name
      self.mark = mark
    }
  }

  package struct Row: Sendable, Equatable {
    package var label: String
    /// The value for each group; nil is left out.
    package var values: [IntervalChart.Estimate?]

    package init(_ label: String, values: [IntervalChart.Estimate?]) {
      self.label = label
      self.values = values
    }

    package init(_ label: String, _ values: Double?...) {
      self.init(label, values: values.map { $0.map { IntervalChart.Estimate($0) } })
    }
  }

  package var title: String
  package var x: Axis
  package var groups: [Group]
  package var rows: [Row]
  /// Whether labels are tokens, which are shown in a fixed pitch with visible spaces.
  package var labelsAreTokens: Bool
  /// The index of the row of the studied neuron.
  package var studied: Int?

  package init(
    title: String, x: Axis, groups: [Group] = [Group("")], rows: [Row],
    labelsAreTokens: Bool = false, studied: Int? = nil
  ) {
    self.title = title
    self.x = x
    self.groups = groups
    self.rows = rows
    self.labelsAreTokens = labelsAreTokens
    self.studied = studied
  }
}
