import Charts

/// Charts whose data nobody plans for: empty, single, equal, huge, missing, hostile.
enum ExtremeCharts {
  static let all: [(slug: String, chart: Chart)] =
    values.enumerated().flatMap { index, set in
      kinds(set.values, names: set.values.indices.map { "name \($0)" })
        .map { ("\(set.name)-\(index)", $0) }
    } + kinds([1, -2, 3, nil, 4, 5, 6, 7, 8, 9], names: hostile).map { ("hostile", $0) }

  static let hostile = [
    "</title><script>alert(1)</script>", "]]>", "\u{202E}reversed", "a\0b", "| pipe | `tick` |",
    "<!-- x -->", "&amp;&#0;", "\"quoted' and \\", "a\n\n\nb\u{FFFE}\u{8}",
    String(repeating: "的🙂", count: 200),
  ]

  private static let values: [(name: String, values: [Double?])] = [
    ("empty", []), ("one", [0.5]), ("zero", [0]), ("equal", [3, 3, 3]), ("missing", [nil, nil]),
    ("gaps", [nil, 1, nil, nil, 2, 3, nil]),
    ("unbounded", [1, .nan, .infinity, -.infinity, 2]),
    ("huge", [1e308, -1.7e308, 3]),
    ("tiny", [.leastNonzeroMagnitude, .leastNormalMagnitude / 4, 2e-300]),
    ("narrow", [1_000_000.000001, 1_000_000.000002]), ("negative", [-5, -3, -0.0001]),
    ("small", [1.234e-15, -9.876e-15]), ("wide", [1e-12, 1, 1e12]),
    ("many", (0..<70).map { Double($0 % 7) - 2 }),
  ]

  /// One chart of every kind that shows `values`, its labels taken from `names`.
  private static func kinds(_ values: [Double?], names: [String]) -> [Chart] {
    let name = names.first ?? "none"
    let last = names.last ?? "none"
    let axis = Axis(name, unit: last)
    let logarithmic = Axis(name, unit: last, kind: .logarithmic)
    let plain = values.map { $0 ?? .nan }
    let estimates = values.map { $0.map { IntervalChart.Estimate($0, low: $0 - 1, high: $0 + 1) } }
    let points = values.enumerated().map { index, y in
      LineChart.Point(
        x: Double(index), y: y, low: y.map { $0 - $0.magnitude / 2 }, high: y.map { $0 + 1 })
    }
    let series = [LineChart.Series(name, points: points), .init(last, values: values, from: 2)]
    let references: [LineChart.Reference] = [
      .init(plain.first ?? 0, label: name), .init(1, label: last, direction: .acrossX),
      .init(1, label: name, direction: .acrossX),
    ]
    return [
      .line(.init(title: name, x: .numeric(axis), y: axis, series: series, references: references)),
      .line(
        .init(
          title: name, x: .numeric(logarithmic), y: logarithmic, series: series,
          support: .init(name, points: points))),
      .line(
        .init(
          title: name, x: .categories(names, label: last), y: axis,
          series: names.prefix(9).map { .init($0, values: values) }, references: references)),
      .histogram(
        .init(
          title: name, x: axis, y: axis, edges: (0...values.count).map(Double.init),
          groups: names.prefix(9).map { .init($0, heights: plain, mean: plain.first) })),
      .histogram(
        .init(
          title: name, x: axis, y: logarithmic, edges: plain,
          groups: [.init(name, heights: plain)])),
      .bars(
        .init(
          title: name, x: axis, groups: [.init(name), .init(last)],
          rows: zip(names, estimates).map { .init($0, values: [$1, $1]) }, labelsAreTokens: true)),
      .bars(
        .init(
          title: name, x: axis, groups: [.init(name, mark: .dot), .init(last, mark: .dot)],
          rows: zip(names, values).map { .init($0, $1, $1.map { $0 / 2 }) })),
      .intervals(
        .init(
          title: name, x: axis,
          rows: zip(names, estimates).map { .init($0, [$1], control: .init(-0.5, 0.5)) },
          controlName: last, reference: .init(plain.last ?? 0, label: name))),
      .heatMap(
        .init(
          title: name, value: axis, rows: names, columns: names, columnLabel: last,
          cells: names.indices.map { row in values.map { $0.map { $0 * Double(row - 1) } } },
          isSigned: values.count % 2 == 0)),
      .tokens(
        .init(
          title: name, value: axis,
          passages: names.prefix(3).map {
            .init($0, tokens: zip(names, values).map { .init($0, $1) })
          })),
      .spark(.init(title: name, values: values)),
      .strip(
        .init(
          title: name, x: axis,
          rows: names.prefix(4).map { name in
            .init(
              name, values: plain,
              marks: estimates.prefix(3).compactMap(\.self).map { .init(last, $0, .null) }
                + estimates.prefix(1).compactMap(\.self).map { .init(name, $0, .studied) })
          })),
      .claim(
        .init(
          title: name,
          rows: zip(names, estimates).map {
            .init($0, isTarget: $0 == name, activation: $1, change: $1)
          }, controls: .init(-0.5, 0.5), controlName: last,
          neurons: .init(
            title: last, x: axis, rows: [.init("", values: plain, marks: [])]))),
      .scatter(
        .init(
          title: name, x: axis, y: axis, groups: [name, last],
          points: plain.map { .init(x: $0, y: -$0, label: name, group: 1) })),
    ]
  }
}
