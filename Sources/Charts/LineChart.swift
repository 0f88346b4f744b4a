/// Lines over a numeric or a categorical axis, such as loss by token position or attribution by
/// component.
package struct LineChart: Sendable, Equatable {
  /// The horizontal axis.
  package enum Horizontal: Sendable, Equatable {
    case numeric(Axis)
    /// Names at equal distances. The `x` of a point is the index of its name.
    case categories([String], label: String)
  }

  /// One point of a series. Without a finite `y` it is a gap.
  package struct Point: Sendable, Equatable {
    package var x: Double
    package var y: Double?
    /// The ends of an interval around `y`; nil for none.
    package var low: Double?
    package var high: Double?

    package init(x: Double, y: Double?, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }
  }

  /// A named line, with its points in the order of `x`.
  package struct Series: Sendable, Equatable {
    package var name: String
    package var points: [Point]

    package init(_ name: String, points: [Point]) {
      self.name = name
      self.points = points
    }

    /// A series with values at `first`, `first + 1`, …
    package init(_ name: String, values: [Double?], from first: Int = 0) {
      self.init(
        name, points: values.enumerated().map { Point(x: Double($0.0) + Double(first), y: $0.1) })
    }
  }

  /// A dashed line across the plot, at a value of the vertical or the horizontal axis.
  package struct Reference: Sendable, Equatable {
    package enum Direction: Sendable { case acrossY, acrossX }
    package var value: Double
    package var label: String
    package var direction: Direction

    package init(_ value: Double, label: String, direction: Direction = .acrossY) {
      self.value = value
      self.label = label
      self.direction = direction
    }
  }

  /// The number of observations at each position, drawn as a strip under the plot.
  package struct Support: Sendable, Equatable {
    package var label: String
    package var points: [Point]

    package init(_ label: String, points: [Point]) {
      self.label = label
      self.points = points
    }
  }

  package var title: String
  package var x: Horizontal
  package var y: Axis
  package var series: [Series]
  package var references: [Reference]
  package var support: Support?

  package init(
    title: String, x: Horizontal, y: Axis, series: [Series], references: [Reference] = [],
    support: Support? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.references = references
    self.support = support
  }

  /// Whether a line has more than two points in a pixel column, so that some are left out.
  package var isThinned: Bool { Chart.line(self).isThinned }
}
