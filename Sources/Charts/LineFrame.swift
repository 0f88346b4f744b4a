/// The layout of a line chart: its plot, scales, legend and strip of counts.
struct LineFrame {
  let plot: Plot
  let x: Scale
  let y: Scale
  /// The strip of counts and its scale, if there is one.
  let support: (plot: Plot, y: Scale)?
  let legend: Legend
  /// Whether names are at the ends of their lines instead of in a legend.
  let isLabelledDirectly: Bool
  let categories: CategoryLabels?
  let caption: String
  let height: Double

  private static let plotHeight = 200.0
  private static let widestEndLabel = 150.0

  init(_ chart: LineChart, width: Double) {
    let names = chart.series.map(\.name).filter { !$0.isEmpty }
    let widest = names.map { TextWidth.of($0, size: 14, bold: true) }.max() ?? 0
    let isNarrow = width < 500
    isLabelledDirectly =
      names.count > 1 && widest <= Self.widestEndLabel && names.count <= 8 && !isNarrow
    let across = chart.references.filter { $0.direction == .acrossY }
    var entries: [(sample: Legend.Sample, name: String)] = []
    if !isLabelledDirectly, names.count > 1 {
      entries = chart.series.enumerated().map {
        (Self.sample($0.offset, $0.element), $0.element.name)
      }
    }
    if isNarrow {
      entries += across.filter { !$0.label.isEmpty }.map {
        (.reference, "\($0.label) \(NumberText.significant($0.value))")
      }
    }
    legend = Legend(entries, width: width - 16)

    let top = legend.height + 34
    let bottom = top + Self.plotHeight
    let values = chart.series.flatMap(\.points).flatMap { [$0.y, $0.low, $0.high] }
    y = Scale(chart.y, values: values.compactMap(\.self) + across.map(\.value), about: 5)
      .over(bottom, top)

    let ends =
      (isNarrow
        ? [] : across.map { min(TextWidth.of($0.label, size: 13), Self.widestEndLabel) + 10 })
      + (isLabelledDirectly ? [widest + 46] : [])
    var left = y.labelWidth + 16
    var right = width - max(16, ends.max() ?? 0)
    let counts = chart.support?.points.compactMap(\.y) ?? []
    let countScale = Scale(Axis("", includesZero: true), values: counts, about: 1)
    if chart.support != nil { left = max(left, countScale.labelWidth + 16) }

    let floor = chart.support == nil ? bottom : bottom + 86
    switch chart.x {
    case .numeric(let axis):
      let places = (chart.series.flatMap(\.points) + (chart.support?.points ?? [])).map(\.x)
      let down = chart.references.filter { $0.direction == .acrossX }.map(\.value)
      let isWhole = places.allSatisfy { $0.isFinite && $0 == $0.rounded() }
      x = Scale.level(
        axis, values: places + down, left, right, width: width, wholeNumbers: isWhole)
      (left, right) = (x.from, x.to)
      categories = nil
      caption = axis.caption
      height = floor + 50
    case .categories(let names, let label):
      var spacing = (right - left) / Double(max(names.count, 1))
      left = max(left, CategoryLabels(names, spacing: spacing).overhang + 8 - spacing / 2)
      spacing = (right - left) / Double(max(names.count, 1))
      let labels = CategoryLabels(names, spacing: spacing)
      x = Scale(between: -0.5, and: max(Double(names.count), 1) - 0.5).over(left, right)
      categories = labels
      caption = label
      height = floor + labels.depth + (label.isEmpty ? 14 : 36)
    }
    plot = Plot(left: left, top: top, right: right, bottom: bottom)
    support = chart.support.map { _ in
      (
        Plot(left: left, top: floor - 44, right: right, bottom: floor),
        countScale.over(floor, floor - 44)
      )
    }
  }

  /// Whether single points get markers; many points are drawn as a line alone.
  static func hasMarkers(_ series: LineChart.Series) -> Bool { series.points.count <= 30 }

  static func sample(_ index: Int, _ series: LineChart.Series) -> Legend.Sample {
    .line(SeriesStyle(index: index), hasMarker: hasMarkers(series))
  }
}
