import Charts
import Testing

struct HistogramChartTests {
  @Test func thousandsOfBinsAreOnePathAGroup() {
    let heights = (0..<2048).map { Double($0 % 97) + 1 }
    let chart = HistogramChart(
      title: "t", x: Axis("x"), y: Axis("y"), edges: (0...2048).map(Double.init),
      groups: [.init("a", heights: heights), .init("b", heights: heights.reversed())])
    let svg = Chart.histogram(chart).svg(slug: "s", description: "d", form: .inline)
    #expect(svg.utf8.count <= Chart.budget)
    #expect(SVGReader(svg).elements.count { $0.tooltip == "a" } == 1)
  }

  @Test func emptyBinsAreGapsInTheOutline() throws {
    let chart = HistogramChart(
      title: "t", x: Axis("x"), y: Axis("y"), edges: [0, 1, 2, 3],
      groups: [.init("only", heights: [2, 0, 1])])
    let svg = Chart.histogram(chart).svg(slug: "s", description: "d", form: .inline)
    let outline = try #require(SVGReader(svg).elements.first { $0.tooltip == "only" })
    #expect(outline.attributes["d"]?.count { "Mm".contains($0) } == 2)
  }
}

struct HeatMapTests {
  @Test(arguments: [(3, true), (60, false)])
  func numbersStandInCellsThatHoldThem(columns: Int, hasNumbers: Bool) {
    let chart = HeatMap(
      title: "t", value: Axis("v"), rows: ["r"], columns: (0..<columns).map { "\($0)" },
      cells: [(0..<columns).map { Double($0) + 0.25 }])
    let svg = Chart.heatMap(chart).svg(slug: "s", description: "d", form: .inline)
    let texts = SVGReader(svg).texts
    #expect(texts.contains { $0.hasPrefix("2.2") } == hasNumbers)
  }

  /// A phone has no room for long names beside the cells; cut, they name nothing.
  @Test func onAPhoneLongNamesStandWholeAboveTheirRows() {
    let names = ["L3N176 (Portuguese, Spanish)", "L3N13 (German)"]
    let chart = HeatMap(
      title: "t", value: Axis("v"), rows: names, columns: (0..<8).map { "c\($0)" },
      cells: names.map { _ in (0..<8).map { Double($0) / 10 } })
    let reader = SVGReader(
      Chart.heatMap(chart).svg(slug: "s", description: "d", form: .inline, box: .narrow))
    #expect(names.allSatisfy(reader.texts.contains))
    #expect(reader.labels.allSatisfy { $0.isInside(width: reader.width, height: reader.height) })
  }

  @Test func missingCellsAreCrossedNotColoured() {
    let chart = HeatMap(
      title: "t", value: Axis("v"), rows: ["r"], columns: ["a", "b"], cells: [[1]])
    let reader = SVGReader(Chart.heatMap(chart).svg(slug: "s", description: "d", form: .inline))
    #expect(reader.texts.contains("no value"))
    #expect(reader.classes.contains("s-grid"))
  }
}

struct StripChartTests {
  /// Thirty layers whose best neurons all have their names take two screens.
  @Test(arguments: [(Chart.Box.wide, 1000.0), (.narrow, 1100)])
  func manyRowsNameTheBestAlone(box: Chart.Box, most: Double) {
    let reader = SVGReader(
      Chart.strip(SampleCharts.neurons(rows: 30)).svg(
        slug: "s", description: "d", form: .inline, box: box))
    let names = reader.texts.filter { $0.contains("N31 ") }
    #expect(names == (0..<5).map { "L\($0)N31 0.73" })
    #expect(reader.texts.contains("L0N436 0.82"))
    #expect((0..<30).allSatisfy { reader.texts.contains("layer \($0)") })
    #expect(reader.height < most)
  }
}

struct TokenStripTests {
  @Test func tokensKeepTheirTextAndTellTheirValues() {
    let reader = read(["Le", " livre", "\n", "\u{202E}x"], [0, 3, -3, 1])
    #expect(reader.texts.contains("livre"))
    #expect(reader.texts.contains("⇐x"))
    #expect(reader.elements.compactMap(\.tooltip).contains("␣livre: 3"))
    let underlines = reader.elements.filter { $0.attributes["stroke-width"] == "1" }
    #expect(underlines.count { $0.attributes["class"] == "s-ground" } == 1, "below zero: ↵")
  }

  @Test func longTokensWrapInsideTheBox() {
    let reader = read(
      [String(repeating: "x", count: 500), String(repeating: "的", count: 90)], [1, 2])
    #expect(reader.labels.allSatisfy { $0.isInside(width: reader.width, height: reader.height) })
    #expect(reader.texts.joined().count { $0 == "x" } == 500)
  }

  @Test(arguments: [500, 2048, 20_000])
  func longPassagesFitTheBudget(count: Int) {
    var noise = Noise(1)
    let tokens = (0..<count).map {
      TokenStrip.Token(" word", noise.next() * ($0 % 9 == 0 ? 3 : 0.5))
    }
    let chart = TokenStrip(title: "t", value: Axis("v"), passages: [.init("p", tokens: tokens)])
    let svg = Chart.tokens(chart).svg(slug: "s", description: "d", form: .file)
    #expect(svg.utf8.count <= Chart.budget, "\(svg.utf8.count)")
    #expect(svg.contains("more tokens") == (count == 20_000))
  }

  private func read(_ texts: [String], _ values: [Double]) -> SVGReader {
    let chart = TokenStrip(
      title: "t", value: Axis("v"),
      passages: [.init("p", tokens: zip(texts, values).map { .init($0, $1) })])
    return SVGReader(Chart.tokens(chart).svg(slug: "s", description: "d", form: .inline))
  }

  /// Each line of a token that fills many carries a tooltip; whole ones would grow with its square.
  @Test func aLongTokenIsCutInItsTooltips() {
    let token = TokenStrip.Token(String(repeating: "a", count: 1000), 1)
    let strip = TokenStrip(
      title: "Long", value: Axis("Activation"), passages: [.init("", tokens: [token])])
    let svg = Chart.tokens(strip).svg(slug: "long", description: "A long token.", form: .inline)
    #expect(svg.contains("<title>\(String(repeating: "a", count: 200))…: 1</title>"))
    #expect(!svg.contains(String(repeating: "a", count: 201)))
  }
}

struct IntervalChartTests {
  /// A long number shortens its own row's name alone.
  @Test func onAPhoneARowWithoutANumberHasTheWholeLine() {
    let chart = IntervalChart(
      title: "t", x: Axis("x"),
      rows: [
        .init("L5N363", [.init(0.0009, low: -0.0018123, high: 0.003712)], emphasis: .studied),
        .init("40 random neurons, scaled to its size", [], dots: [0.001, 0.002]),
      ])
    let reader = SVGReader(
      Chart.intervals(chart).svg(slug: "s", description: "d", form: .inline, box: .narrow))
    for words in [
      "L5N363", "0.0009 [−0.0018, 0.0037]", "40 random neurons, scaled to its size",
    ] {
      #expect(reader.texts.contains(words), "\(words): \(reader.texts)")
    }
  }
}
