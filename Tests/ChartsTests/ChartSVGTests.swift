import Charts
import Testing

/// What holds for every chart, whatever it shows.
struct ChartSVGTests {
  static let charts = SampleCharts.all + ExtremeCharts.all

  @Test(arguments: charts.indices)
  func isWellFormedAndWithinItsBudget(index: Int) {
    for form in [Chart.Form.inline, .file] {
      let svg = Self.svg(index, form)
      #expect(SVGReader(svg).isWellFormed)
      #expect(svg.utf8.count <= Chart.budget, "\(svg.utf8.count) bytes")
      #expect(!svg.contains("\n\n"), "a blank line would end a Markdown block")
      #expect(svg == Self.svg(index, form), "the same input gives the same bytes")
    }
  }

  @Test(arguments: charts.indices, [Chart.Box.wide, .narrow])
  func labelsStayInTheBoxAndApart(index: Int, box: Chart.Box) {
    let reader = SVGReader(Self.svg(index, .inline, box))
    for (place, label) in reader.labels.enumerated() {
      let isInside = label.isInside(width: reader.width, height: reader.height)
      #expect(isInside, "\(Self.charts[index].slug): \(label) leaves the box")
      for other in reader.labels[(place + 1)...] {
        #expect(!label.overlaps(other), "\(Self.charts[index].slug): \(label) touches \(other)")
      }
    }
  }

  @Test(arguments: charts.indices, [Chart.Box.wide, .narrow])
  func marksStayInTheBoxAndNumbersAreFinite(index: Int, box: Chart.Box) {
    let svg = Self.svg(index, .inline, box)
    let reader = SVGReader(svg)
    #expect(reader.isWellFormed && reader.width <= box.rawValue)
    for element in reader.elements where element.name == "rect" {
      let box = ["x", "y", "width", "height"].map { Double(element.attributes[$0] ?? "0") ?? .nan }
      #expect(box.allSatisfy { $0 >= 0 }, "\(box)")
      #expect(box[0] + box[2] <= reader.width && box[1] + box[3] <= reader.height, "\(box)")
    }
    for element in reader.elements {
      for value in element.attributes.values {
        #expect(!value.contains("nan") && !value.contains("inf"))
        #expect(!value.contains("-0 ") && !value.hasSuffix("-0") && !value.contains(".0 "))
      }
    }
  }

  @Test(arguments: charts.indices)
  func saysWhatItShowsToAScreenReader(index: Int) {
    let reader = SVGReader(Self.svg(index, .inline))
    let root = reader.elements[0].attributes
    #expect(root["role"] == "img")
    let ids = reader.elements.compactMap { $0.attributes["id"] }
    #expect(root["aria-labelledby"] == ids.joined(separator: " "))
    #expect(ids.count == 2 && ids.allSatisfy { $0.hasPrefix(Self.charts[index].slug) })
    #expect(reader.elements[2].name == "desc" && reader.elements[2].text == "The finding & more")
  }

  @Test(arguments: charts.indices)
  func inlineFormHasNoStyleAndFileFormCarriesIt(index: Int) {
    let inline = SVGReader(Self.svg(index, .inline))
    let file = SVGReader(Self.svg(index, .file))
    #expect(!inline.names.contains("style"))
    #expect(inline.elements.allSatisfy { $0.attributes["style"] == nil })
    #expect(inline.names.isSubset(of: ["svg", "title", "desc", "rect", "path", "text", "g"]))
    #expect(file.elements.first { $0.name == "style" }?.text.contains(ChartStyle.css) == true)
    let known =
      ChartStyle.paints.flatMap { ["f-\($0.name)", "s-\($0.name)"] } + ["chart", "studied"]
    #expect(inline.classes.isSubset(of: known))
    #expect(file.elements[4].attributes["class"] == "f-ground", "an opaque background")
  }

  /// Converters of SVG know neither custom properties nor, some of them, style sheets.
  @Test(arguments: charts.indices)
  func marksAreColouredByPlainAttributes(index: Int) {
    let light = Dictionary(
      ChartStyle.paints.flatMap { [("f-" + $0.name, $0.light), ("s-" + $0.name, $0.light)] }
    ) { first, _ in first }
    #expect(!Self.svg(index, .file).contains("var("))
    for element in SVGReader(Self.svg(index, .file)).elements {
      for name in element.attributes["class"]?.split(separator: " ") ?? []
      where name != "chart" && name != "studied" {
        let attribute = name.hasPrefix("f-") ? "fill" : "stroke"
        #expect(element.attributes[attribute] == light[String(name)], "\(element)")
      }
    }
  }

  @Test func hostileTextIsShownNeverObeyed() {
    for (index, entry) in Self.charts.enumerated() where entry.slug == "hostile" {
      let svg = Self.svg(index, .file)
      #expect(!svg.contains("<script") && !svg.contains("]]>") && !svg.contains("<!--"))
      let isClean = svg.unicodeScalars.allSatisfy {
        ($0.value >= 0x20 || $0 == "\n") && !(0x202A...0x202E).contains($0.value)
          && !(0x2066...0x2069).contains($0.value)
      }
      #expect(isClean)
    }
    let bars = SVGReader(
      Chart.bars(.init(title: "t", x: Axis("x"), rows: [.init("</text><script>", 1)]))
        .svg(slug: "s", description: "</desc>", form: .inline))
    #expect(bars.texts.contains("</text><script>"))
    #expect(bars.elements[2].text == "</desc>")
  }

  @Test func aGivenTitleReplacesTheChartsOwn() {
    let chart = Chart.spark(.init(title: "own", values: [1]))
    #expect(chart.title == "own")
    #expect(chart.svg(slug: "s", title: "given", description: "", form: .file).contains(">given<"))
    #expect(chart.svg(slug: "s", description: "", form: .file).contains(">own<"))
  }

  @Test func everyChartSaysWhatKindOfPictureItIs() {
    for (_, chart) in Self.charts { #expect(chart.outline.hasSuffix(".")) }
    #expect(SampleCharts.all.allSatisfy { !$0.chart.outline.contains($0.chart.title) })
  }

  private static func svg(
    _ index: Int, _ form: Chart.Form, _ box: Chart.Box = .wide
  ) -> String {
    let (slug, chart) = charts[index]
    return chart.svg(slug: slug, description: "The finding & more", form: form, box: box)
  }
}
