import Charts
import Foundation
import Testing

struct ChartStyleTests {
  @Test func textIsReadableOnItsGround() throws {
    for ground in try [paint("ground")] {
      for text in try [paint("ink"), paint("muted")] + (0..<7).map({ try paint("t\($0)") }) {
        #expect(contrast(ground.light, text.light) >= 4.5, "\(text)")
        #expect(contrast(ground.dark, text.dark) >= 4.5, "\(text)")
      }
    }
  }

  /// Charts write in ink upon the first steps of a scale and in the ground's colour upon the rest.
  @Test(arguments: [("q", 9, 5), ("n", 8, 4), ("p", 8, 4)])
  func numbersAreReadableOnEveryStepOfAScale(prefix: String, steps: Int, inked: Int) throws {
    for step in 0..<steps {
      let fill = try paint("\(prefix)\(step)")
      let text = try paint(step < inked ? "ink" : "ground")
      #expect(contrast(fill.light, text.light) >= 4.5, "\(fill)")
      #expect(contrast(fill.dark, text.dark) >= 4.5, "\(fill)")
    }
  }

  @Test func theStyleSheetSaysTheDarkColourOfEveryPaintAndNothingOutsideItsQuery() {
    let css = ChartStyle.css
    #expect(css.hasPrefix("@media screen and (prefers-color-scheme:dark){\n"))
    #expect(css.hasSuffix("}\n}"))
    let rules = css.split(separator: "\n").dropFirst().dropLast()
    #expect(rules.count == ChartStyle.paints.count)
    for (rule, paint) in zip(rules, ChartStyle.paints) {
      let (name, dark) = (paint.name, paint.dark)
      #expect(rule == ".chart .f-\(name){fill:\(dark)}.chart .s-\(name){stroke:\(dark)}")
    }
  }

  private func paint(_ name: String) throws -> Paint {
    try #require(ChartStyle.paints.first { $0.name == name })
  }

  /// WCAG 2's contrast ratio of two `#rrggbb` colours.
  private func contrast(_ a: String, _ b: String) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  private func luminance(_ colour: String) -> Double {
    let value = Int(colour.dropFirst(), radix: 16) ?? 0
    let channels = [16, 8, 0].map { shift -> Double in
      let c = Double(value >> shift & 255) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }
}
