/// The marks of one chart as SVG text: one element per line, with attributes in a fixed order.
struct Drawing: Sendable {
  /// The amount of detail. A coarser one is used if a finer one exceeds the size budget.
  struct Detail: Sendable {
    /// The width in pixels for which a line is thinned to two points.
    var columnWidth = 1.0
    /// Whether each mark has a tooltip.
    var hasTooltips = true
    /// The largest number of marks of one kind, such as tokens.
    var limit = Int.max

    /// The levels from full detail to the essentials.
    static let levels = [
      Detail(), Detail(hasTooltips: false),
      Detail(columnWidth: 2, hasTooltips: false, limit: 2000),
      Detail(columnWidth: 4, hasTooltips: false, limit: 1000),
      Detail(columnWidth: 8, hasTooltips: false, limit: 500),
    ]
  }

  enum Anchor: String { case start, middle, end }

  struct TextStyle: Equatable, Sendable {
    var size = 13.0
    var fill = Paint.ink
    var isBold = false
    var isMono = false

    static let label = TextStyle()
    static let tick = TextStyle(fill: .muted)
    static func series(_ index: Int) -> TextStyle {
      TextStyle(size: 14, fill: Paint.seriesText[index % Paint.seriesText.count], isBold: true)
    }
  }

  struct Stroke {
    var paint: Paint
    var width = 1.0
    var dash: String?
    /// Whether line ends are round, which turns a line without length into a dot.
    var hasRoundEnds = false

    /// The stroke of a reference level or position.
    static let reference = Stroke(paint: .muted, width: 1.5, dash: "4 4")
  }

  let detail: Detail
  /// The width in design pixels; below, the height.
  var width: Double
  var height = 0.0
  /// Whether points of a line were left out.
  var isThinned = false
  private(set) var marks = ""
  /// The text style of the current group, which its texts inherit.
  private var group: TextStyle?

  init(detail: Detail, width: Double) {
    self.detail = detail
    self.width = width
  }

  /// Whether the box is too narrow for labels and numbers beside the marks.
  var isNarrow: Bool { width < 500 }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: Stroke) {
    var path = PathData()
    path.move(x1, y1)
    path.line(x2, y2)
    self.path(path, stroke: stroke)
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: Paint,
    opacity: Double? = nil, tooltip: String? = nil
  ) {
    let box = [("x", x), ("y", y), ("width", width), ("height", height)]
    element(
      "rect",
      [("class", "f-" + fill.name)] + box.map { ($0.0, NumberText.coordinate($0.1)) } + [
        ("fill", fill.light), ("fill-opacity", opacity.map(NumberText.coordinate)),
      ], tooltip: tooltip)
  }

  /// Draws a path. `isStudied` means that it stands for the studied neuron, which must always be
  /// visible.
  mutating func path(
    _ path: PathData, fill: Paint? = nil, opacity: Double? = nil, stroke: Stroke? = nil,
    tooltip: String? = nil, isStudied: Bool = false
  ) {
    if path.isEmpty { return }
    let classes = [
      fill.map { "f-" + $0.name }, stroke.map { "s-" + $0.paint.name },
      isStudied ? "studied" : nil,
    ]
    element(
      "path",
      [
        ("class", classes.compactMap(\.self).joined(separator: " ")), ("d", path.text),
        ("fill", fill?.light ?? "none"), ("fill-opacity", opacity.map(NumberText.coordinate)),
        ("stroke", stroke?.paint.light),
        ("stroke-width", stroke.map { NumberText.coordinate($0.width) }),
        ("stroke-dasharray", stroke?.dash),
        ("stroke-linecap", stroke?.hasRoundEnds == true ? "round" : nil),
        ("stroke-linejoin", stroke?.hasRoundEnds == true ? "round" : nil),
      ], tooltip: tooltip)
  }

  /// Writes `text` with its baseline at `y`, turned by `angle` degrees around its anchor if given.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start,
    _ style: TextStyle = .label, angle: Int? = nil, length: Double? = nil, tooltip: String? = nil
  ) {
    let (x, y) = (NumberText.coordinate(x), NumberText.coordinate(y))
    let paint = style.fill == group?.fill ? nil : style.fill
    // Latin letters keep their shape; ideographs and symbols are stretched to the expected width.
    let isLatin = text.unicodeScalars.allSatisfy { $0.value < 0x250 }
    element(
      "text",
      [
        ("class", paint.map { "f-\($0.name)" }), ("x", x), ("y", y),
        ("transform", angle.map { "rotate(\($0) \(x) \(y))" }),
        ("textLength", length.map(NumberText.coordinate)),
        ("lengthAdjust", isLatin ? nil : length.map { _ in "spacingAndGlyphs" }),
        ("fill", paint?.light),
        ("font-family", style.isMono && group?.isMono != true ? ChartStyle.mono : nil),
        ("font-size", style.size == group?.size ?? 13 ? nil : NumberText.coordinate(style.size)),
        ("font-weight", style.isBold ? "600" : nil),
        ("text-anchor", anchor == .start ? nil : anchor.rawValue),
      ], content: ReadableText.xml(text), tooltip: tooltip)
  }

  /// Opens a group of texts in a fixed pitch, which do not hide the tooltips of marks below them.
  mutating func openMonoGroup(size: Double) {
    group = TextStyle(size: size, isMono: true)
    marks += "<g class=\"f-\(Paint.ink.name)\" fill=\"\(Paint.ink.light)\""
    marks += " font-family=\"\(ChartStyle.mono)\" font-size=\"\(NumberText.coordinate(size))\""
    marks += " pointer-events=\"none\">\n"
  }

  mutating func closeGroup() {
    group = nil
    marks += "</g>\n"
  }

  private mutating func element(
    _ name: String, _ attributes: [(String, String?)], content: String = "", tooltip: String?
  ) {
    marks += "<" + name
    for case (let key, let value?) in attributes { marks += " \(key)=\"\(value)\"" }
    let title = detail.hasTooltips ? tooltip.map { "<title>\(ReadableText.xml($0))</title>" } : nil
    let inner = content + (title ?? "")
    marks += inner.isEmpty ? "/>\n" : ">\(inner)</\(name)>\n"
  }
}
