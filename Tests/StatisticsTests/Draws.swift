import Statistics

/// The inputs of the goldens, drawn again as the functions of the same names in
/// Tests/reference/statistics_goldens.py draw them.
enum Draws {
  /// `n` numbers from a lumpy, skewed distribution.
  static func values(_ seed: Int, _ n: Int) -> [Float] {
    var generator = MersenneTwister(seed: UInt32(seed))
    return (0..<n).map { _ in
      let product = generator.uniform() * generator.uniform() * 4
      return Float(product + (generator.uniform() < 0.25 ? 2.0 : -0.5))
    }
  }

  /// `k` columns and the labels of `n` rows: higher on true, the less so the later the column.
  static func classes(
    _ seed: UInt32, _ n: Int, _ k: Int, offset: Double = 0, scale: Double = 1
  ) -> (columns: [[Float]], labels: [Bool]) {
    var generator = MersenneTwister(seed: seed)
    var columns = [[Float]](repeating: [], count: k)
    var labels: [Bool] = []
    for _ in 0..<n {
      let label = generator.uniform() < 0.375
      labels.append(label)
      for column in 0..<k {
        let shift = label ? 1 / (1 + Double(column)) : 0
        columns[column].append(Float((generator.uniform() + shift * 0.5) * scale + offset))
      }
    }
    return (columns, labels)
  }
}
