/// A line in pixels: the points that can be drawn, and its gaps.
struct Trace {
  struct Point: Equatable {
    let x: Double
    let y: Double
    /// The ends of an interval around `y` in pixels; nil for none.
    let low: Double?
    let high: Double?
    /// The number of the piece; between points of different pieces is a gap.
    let piece: Int
    /// The index of the point in the series.
    let index: Int
  }

  let points: [Point]

  /// Keeps the points that both scales can place; any other point is a gap.
  init(_ points: [LineChart.Point], _ x: Scale, _ y: Scale) {
    var piece = 0
    self.points = points.enumerated().compactMap { index, point in
      guard let place = x.position(point.x), let height = point.y.flatMap(y.position) else {
        piece += 1
        return nil
      }
      // The position is rounded as it will be written, so that rounding does not move it to another
      // column.
      let x = Double(NumberText.hundredths(place)) / 100
      return Point(
        x: x, y: height, low: point.low.flatMap(y.position),
        high: point.high.flatMap(y.position), piece: piece, index: index)
    }
  }

  private init(points: [Point]) { self.points = points }

  /// The trace with at most two points in each pixel column: its lowest and its highest.
  func thinned(columnWidth: Double) -> Trace {
    var kept: [Point] = []
    for column in columns(columnWidth) {
      var lowest = column.startIndex
      var highest = column.startIndex
      for index in column.indices {
        if column[index].y < column[lowest].y { lowest = index }
        if column[index].y > column[highest].y { highest = index }
      }
      kept.append(column[min(lowest, highest)])
      if lowest != highest { kept.append(column[max(lowest, highest)]) }
    }
    return Trace(points: kept)
  }

  /// The path of the line; a point without neighbours becomes a dot.
  var path: PathData {
    var path = PathData()
    for (index, point) in points.enumerated() {
      let joins = index > 0 && points[index - 1].piece == point.piece
      let continues = index + 1 < points.count && points[index + 1].piece == point.piece
      if joins {
        path.line(point.x, point.y)
      } else if continues {
        path.move(point.x, point.y)
      } else {
        path.dot(point.x, point.y)
      }
    }
    return path
  }

  /// The intervals as areas, with one point per pixel column: the lowest low and the highest high.
  func band(columnWidth: Double) -> PathData {
    var path = PathData()
    var area: [(x: Double, top: Double, bottom: Double)] = []
    func finish() {
      guard let first = area.first else { return }
      if area.count == 1 {
        path.rectangle(first.x - 1, first.top, 2, first.bottom - first.top)
      } else {
        path.outline(area.map { ($0.x, $0.top) } + area.reversed().map { ($0.x, $0.bottom) })
      }
      area = []
    }
    var piece: Int?
    for point in points {
      guard let low = point.low, let high = point.high else { continue }
      if point.piece != piece { finish() }
      piece = point.piece
      let (top, bottom) = (min(low, high), max(low, high))
      if let last = area.last, Int(last.x / columnWidth) == Int(point.x / columnWidth) {
        area[area.count - 1] = (last.x, min(last.top, top), max(last.bottom, bottom))
      } else {
        area.append((point.x, top, bottom))
      }
    }
    finish()
    return path
  }

  /// Groups of neighbouring points in the same pixel column.
  private func columns(_ width: Double) -> [ArraySlice<Point>] {
    var result: [ArraySlice<Point>] = []
    var rest = points[...]
    while let first = rest.first {
      let column = rest.prefix { Int($0.x / width) == Int(first.x / width) }
      result.append(column)
      rest = rest.dropFirst(column.count)
    }
    return result
  }
}
