/// The rectangle between the axes of a chart, with its grid, ticks and captions.
struct Plot {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  /// Draws horizontal grid lines with their labels. The caption of the axis is horizontal at the
  /// top left, because turned text is slow to read.
  func drawVertical(_ scale: Scale, caption: String, captionAt y: Double, on drawing: inout Drawing)
  {
    for tick in scale.ticks {
      guard let y = scale.position(tick.value) else { continue }
      drawing.line(left, y, right, y, .init(paint: .grid))
      drawing.text(tick.label, left - 8, y + 4.5, .end, .tick)
    }
    let caption = TextWidth.fitting("↑ " + caption, width: drawing.width - 16, size: 14)
    drawing.text(caption, 8, y, .start, .init(size: 14, fill: .muted))
  }

  /// Draws the base line with its ticks, and the caption under its right end.
  func drawHorizontal(_ scale: Scale, caption: String, on drawing: inout Drawing) {
    var ticks = PathData()
    // A label that would touch the one before it is left out.
    var written = -Double.infinity
    for tick in scale.ticks {
      guard let x = scale.position(tick.value) else { continue }
      ticks.move(x, bottom)
      ticks.line(x, bottom + 5)
      let half = TextWidth.of(tick.label, size: 13) / 2
      guard x - half >= written else { continue }
      written = x + half + 6
      drawing.text(tick.label, x, bottom + 19, .middle, .tick)
    }
    drawing.path(ticks, stroke: .init(paint: .axis))
    drawCaption(caption, bottom + 39, on: &drawing)
  }

  /// Draws vertical grid lines, for charts whose values run horizontally.
  func drawGrid(_ scale: Scale, on drawing: inout Drawing) {
    var grid = PathData()
    for tick in scale.ticks {
      guard let x = scale.position(tick.value) else { continue }
      grid.move(x, top)
      grid.line(x, bottom)
    }
    drawing.path(grid, stroke: .init(paint: .grid))
  }

  /// Draws the line at zero, if it is in the plot.
  func drawZero(_ scale: Scale, isVertical: Bool, on drawing: inout Drawing) {
    guard
      let zero = scale.ticks.first(where: { $0.value == 0 }).flatMap({ scale.position($0.value) })
    else { return }
    if isVertical {
      drawing.line(zero, top, zero, bottom, .init(paint: .axis))
    } else {
      drawing.line(left, zero, right, zero, .init(paint: .axis))
    }
  }

  func drawCaption(_ caption: String, _ y: Double, on drawing: inout Drawing) {
    let text = TextWidth.fitting(caption + " →", width: drawing.width - 16, size: 14)
    let x = max(right, TextWidth.of(text, size: 14) + 8)
    drawing.text(text, x, y, .end, .init(size: 14, fill: .muted))
  }
}

extension Scale {
  /// The same scale for other pixels.
  func over(_ from: Double, _ to: Double) -> Scale {
    var scale = self
    (scale.from, scale.to) = (from, to)
    return scale
  }

  /// A horizontal scale between the pixels `from` and `to`, with as many ticks as have room for
  /// their labels. It ends early enough that no label leaves a drawing of `width` pixels.
  static func level(
    _ axis: Axis, values: [Double], _ from: Double, _ to: Double, width: Double,
    wholeNumbers: Bool = false, spacing: Double = 70
  ) -> Scale {
    var count = max(Int((to - from) / spacing), 1)
    while true {
      let plain = Scale(axis, values: values, about: count, wholeNumbers: wholeNumbers)
      let reach = plain.labelWidth / 2 + 4
      let scale = plain.over(max(from, reach), min(to, width - reach))
      let places = scale.ticks.compactMap { scale.position($0.value) }
      let narrowest = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? .infinity
      if count == 1 || narrowest >= scale.labelWidth + 14 { return scale }
      count -= 1
    }
  }
}
