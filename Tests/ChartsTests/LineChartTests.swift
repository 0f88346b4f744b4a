import Charts
import Testing

struct LineChartTests {
  @Test func gapsStayGaps() {
    let reader = read(chart([1, 2, nil, 4, .nan, 6, 7]))
    #expect(reader.lines(stroked: "c0").map(\.count) == [2, 2, 2], "two lines and a dot between")
  }

  @Test func aGapWithinAPixelColumnBreaksTheLine() {
    var values = (0..<4000).map { Double?(Double($0 % 50)) }
    values[2000] = nil
    #expect(read(chart(values)).lines(stroked: "c0").count == 2)
  }

  @Test func longLinesKeepTwoPointsAColumnAndAllExtremes() {
    var noise = Noise(5)
    var values = (0..<20_000).map { _ in Double?(noise.next()) }
    values[7_777] = 9
    values[12_345] = -9
    let spec = chart(values)
    #expect(spec.isThinned)
    let points = read(spec).lines(stroked: "c0").joined()
    let columns = Dictionary(grouping: points) { Int($0.x + 1e-6) }
    #expect(columns.values.allSatisfy { $0.count <= 2 })
    let heights = points.map(\.y)
    let scale = read(chart([-9, 9])).lines(stroked: "c0").joined().map(\.y)
    // Sums of 20,000 rounded steps read back as Double.
    for (found, expected) in zip([heights.min(), heights.max()], [scale.min(), scale.max()]) {
      #expect(abs((found ?? 0) - (expected ?? 1)) < 1e-6)
    }
  }

  @Test func shortLinesAreWhole() {
    let spec = chart((0..<200).map { Double($0 % 7) })
    #expect(!spec.isThinned && !Chart.line(spec).isThinned)
    #expect(read(spec).lines(stroked: "c0").joined().count == 200)
  }

  @Test func manyLongBandedSeriesFitTheBudget() {
    var noise = Noise(9)
    let series = (0..<6).map { index in
      LineChart.Series(
        "series \(index)",
        points: (0..<2048).map {
          let y = noise.next() + Double(index)
          return .init(x: Double($0), y: y, low: y - 1, high: y + noise.next() + 1)
        })
    }
    let spec = LineChart(title: "t", x: .numeric(Axis("x")), y: Axis("y"), series: series)
    let svg = Chart.line(spec).svg(slug: "s", description: "d", form: .file)
    #expect(svg.utf8.count <= Chart.budget)
    #expect(spec.isThinned, "to fit the budget, which the caption must say too")
  }

  @Test(arguments: [1, 3, 14, 26, 50, 98, 400])
  func componentLabelsNeverTouch(components: Int) {
    let names = (0..<components).map { "\($0 / 2)_\($0 % 2 == 0 ? "attn" : "mlp")_out" }
    let reader = read(
      LineChart(
        title: "t", x: .categories(names, label: "Component"), y: Axis("y"),
        series: [.init("clean", values: names.indices.map { Double($0) })]))
    for (index, label) in reader.labels.enumerated() {
      #expect(reader.labels[(index + 1)...].allSatisfy { !label.overlaps($0) }, "\(label)")
    }
    #expect(reader.texts.contains("0_attn_out"))
  }

  @Test func fewPointsTellTheirValues() {
    let reader = read(chart([0.5, -1.25]))
    #expect(reader.elements.compactMap(\.tooltip).contains("line, x 1: −1.25"))
  }

  private func chart(_ values: [Double?]) -> LineChart {
    LineChart(
      title: "t", x: .numeric(Axis("x")), y: Axis("y"), series: [.init("line", values: values)])
  }

  private func read(_ chart: LineChart) -> SVGReader {
    SVGReader(Chart.line(chart).svg(slug: "s", description: "d", form: .inline))
  }
}
