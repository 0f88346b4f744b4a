/// The colours of all charts, and the style sheet for dark screens.
///
/// A mark has its light colour as an attribute, which all SVG readers understand, and a class:
/// `f-NAME` if it is filled, `s-NAME` if it is stroked. NAME is one of `ground`, `ink`, `muted`,
/// `grid`, `axis`, `c0`…`c6` (series), `t0`…`t6` (text of series), `q0`…`q8` (sequential scale),
/// `n0`…`n7` and `p0`…`p7` (negative and positive side of the signed scale). All are below
/// `.chart`, the class of the `svg` element. The style sheet holds only the dark colours, as plain
/// values in a media query. Converters without custom properties (CairoSVG and Markdown-to-PDF
/// tools based on it) skip the query and draw the attributes.
package enum ChartStyle {
  /// The style sheet for pages with inlined charts and for chart files. Dark colours are for
  /// screens only; paper stays white.
  package static let css =
    "@media screen and (prefers-color-scheme:dark){\n"
    + paints.map { paint in
      let (name, dark) = (paint.name, paint.dark)
      return ".chart .f-\(name){fill:\(dark)}.chart .s-\(name){stroke:\(dark)}"
    }.joined(separator: "\n")
    + "\n}"

  static let sans = "system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif"
  static let mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"

  /// All paints, in the order of the style sheet.
  package static let paints =
    [.ground, .ink, .muted, .grid, .axis] + Paint.series + Paint.seriesText + Paint.sequential
    + Paint.negative + Paint.positive
}

/// A colour with a role, in a light and a dark form.
package struct Paint: Sendable, Equatable {
  package let name: String
  package let light: String
  package let dark: String

  static let ground = Paint(name: "ground", light: "#ffffff", dark: "#15171c")
  static let ink = Paint(name: "ink", light: "#1b1f24", dark: "#e6e8eb")
  static let muted = Paint(name: "muted", light: "#57606a", dark: "#a3abb5")
  static let grid = Paint(name: "grid", light: "#e4e7eb", dark: "#2b3038")
  static let axis = Paint(name: "axis", light: "#8b949e", dark: "#6f7884")

  /// Okabe and Ito's colours, and lighter forms of them for a dark background.
  static let series = named(
    "c", light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6e7781"],
    dark: ["#56b4e9", "#f0803c", "#2fbf94", "#e08fc0", "#f0b429", "#f0e442", "#b0b7c0"])

  /// The same hues, dark enough for text: the contrast with the background is at least 4.5.
  static let seriesText = named(
    "t", light: ["#0072b2", "#b84f00", "#007a5a", "#a64d81", "#8a6100", "#2176a5", "#57606a"],
    dark: ["#56b4e9", "#f0803c", "#2fbf94", "#e08fc0", "#f0b429", "#f0e442", "#b0b7c0"])

  // The steps are even in OKLab from the background to a dark (light) end, with a jump in the
  // middle. On each step either ink (below the jump) or ground (above it) is readable.
  static let sequential = named(
    "q",
    light: [
      "#eef5fa", "#c8e1f3", "#a1cdeb", "#82b8df", "#62a3d2", "#1d76b4", "#125f96", "#074978",
      "#00345c",
    ],
    dark: [
      "#1a252e", "#1b354b", "#18466a", "#1e5883", "#236a9c", "#4092c8", "#6eadda", "#99c9ec",
      "#c3e5fd",
    ])
  static let negative = named(
    "n",
    light: [
      "#e6f1fa", "#aad0ee", "#7db5e0", "#5d9fd1", "#1372b3", "#0b609b", "#044f84", "#003f6d",
    ],
    dark: [
      "#15242f", "#163e5b", "#19557f", "#246999", "#3e8dc2", "#62a6d5", "#84bfe8", "#a6d8fb",
    ])
  static let positive = named(
    "p",
    light: [
      "#fdeee1", "#f9c8a3", "#f0a771", "#e38c4b", "#bd5200", "#a64600", "#903a00", "#7a2f00",
    ],
    dark: [
      "#2b2018", "#593016", "#7e4014", "#98511a", "#c97a35", "#db9253", "#edab6f", "#ffc48a",
    ])

  private static func named(_ prefix: String, light: [String], dark: [String]) -> [Paint] {
    zip(light, dark).enumerated().map {
      Paint(name: "\(prefix)\($0.offset)", light: $0.element.0, dark: $0.element.1)
    }
  }
}
