import ReportModel

/// A quantity of each later layer, told by its smallest and largest value where a caption has no room
/// for all layers.
struct LayerRange {
  /// How many layers are there.
  let layers: Int
  /// `0.164 (layer 28) to 0.178 (layer 27)`.
  let words: String

  /// The most layers that a caption names one by one.
  static let fewLayers = 2

  /// Nil where the layers are so few that each is named.
  init?(_ values: [(layer: Int, value: Double)], decimals: Int) {
    guard values.count > Self.fewLayers, let low = values.min(by: { $0.value < $1.value }),
      let high = values.max(by: { $0.value < $1.value })
    else { return nil }
    func words(_ place: (layer: Int, value: Double)) -> String {
      "\(Wording.fixed(place.value, decimals)) (layer \(place.layer))"
    }
    layers = values.count
    self.words = "\(words(low)) to \(words(high))"
  }

  /// `3 to 9`, or `3` where all counts are the same.
  static func counts(_ counts: [Int]) -> String {
    let (low, high) = (counts.min() ?? 0, counts.max() ?? 0)
    return low == high ? low.grouped : "\(low.grouped) to \(high.grouped)"
  }
}
