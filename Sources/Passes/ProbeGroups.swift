import LinearAlgebra
import Statistics

/// The groups of probe tokens over which every neuron is summed: each class, its balanced rows, and
/// the test part of each split.
struct ProbeGroups: Sendable {
  private let splits: Int
  /// For each token, one bit per group it belongs to; one word holds 32 groups.
  private let masks: [[UInt32]]

  init(target: Int, other: Int, splits: [TrainTestSplit]) {
    self.splits = splits.count
    let count = 4 + 2 * splits.count
    let balanced = min(target, other)
    var masks = (0..<(count + 31) / 32).map { _ in [UInt32](repeating: 0, count: target + other) }
    func mark(_ row: Int, _ group: Int) { masks[group / 32][row] |= 1 << UInt32(group % 32) }
    for row in 0..<target + other {
      let side = row < target ? 0 : 1
      mark(row, side)
      if row - side * target < balanced { mark(row, 2 + side) }
    }
    for (index, split) in splits.enumerated() {
      for row in split.test {
        let side = row < Int32(balanced) ? 0 : 1
        mark(side == 0 ? Int(row) : target + Int(row) - balanced, 4 + 2 * index + side)
      }
    }
    self.masks = masks
  }

  var indices: Range<Int> { 0..<4 + 2 * splits }
  /// The group of all rows of a class; 0 is the target, 1 the other class.
  func all(_ side: Int) -> Int { side }
  func balanced(_ side: Int) -> Int { 2 + side }
  func test(_ split: Int, _ side: Int) -> Int { 4 + 2 * split + side }

  /// The sums of a tile's neurons over each group. Packs are added in order.
  func sums(_ activations: LayerActivations, tile: Int) throws -> [[Double]] {
    let width = activations.tiles[tile].count
    var sums = indices.map { _ in [Double](repeating: 0, count: width) }
    var first = 0
    for (index, pack) in activations.packs.enumerated() {
      let matrix = try activations.tile(tile, pack: index)
      let rows = pack.tokenRows
      for (word, bits) in masks.enumerated() {
        // The first token of a document belongs to no group.
        var masks = [UInt32](repeating: 0, count: matrix.rows)
        for (offset, row) in rows.enumerated() { masks[row] = bits[first + offset] }
        let groups = min(32, indices.count - 32 * word)
        var block = GroupedSum(groups: groups, columns: width)
        block.add(
          matrix, Block(rows: matrix.rows, columns: width), masks: masks, kernels: .best)
        for group in 0..<groups {
          for column in 0..<width {
            sums[32 * word + group][column] += Double(block.sums[group][column])
          }
        }
      }
      first += rows.count
    }
    return sums
  }
}
