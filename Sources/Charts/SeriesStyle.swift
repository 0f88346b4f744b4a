/// How the n-th series looks: a colour, and a dash and a marker that tell it apart without colour.
struct SeriesStyle {
  let index: Int

  private static let dashes: [String?] = [nil, "7 4", "2 3", "10 4 2 4", "14 5", "4 2", "1 5"]

  var paint: Paint { Paint.series[index % Paint.series.count] }
  var dash: String? {
    Self.dashes[(index + index / Paint.series.count) % Self.dashes.count]
  }
  var marker: Int { index + index / 4 }
  func stroke(width: Double = 2) -> Drawing.Stroke {
    Drawing.Stroke(paint: paint, width: width, dash: dash)
  }
}
