/// Column sums over groups of rows. Groups may overlap: every row has a mask with a bit for each
/// group it belongs to.
package struct GroupedSum: Sendable {
  /// `[groups][columns]`: the sum of each column over the rows of a group.
  package private(set) var sums: [[Float]]
  package private(set) var counts: [Int]

  package init(groups: Int, columns: Int) {
    precondition(groups <= 32, "\(groups) groups do not fit a mask of 32 bits")
    sums = Array(repeating: Array(repeating: 0, count: columns), count: groups)
    counts = Array(repeating: 0, count: groups)
  }

  /// Adds the first `masks.count` rows of a block.
  package mutating func add(_ x: Matrix, _ block: Block, masks: [UInt32], kernels: Kernels) {
    block.check(in: x)
    precondition(masks.count == block.rows, "\(masks.count) masks for \(block.rows) rows")
    let offset = block.offset(in: x)
    for group in sums.indices {
      x.elements.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        kernels.table.grouped_sum(
          base + offset, x.columns, block.rows, block.columns, masks, UInt32(group),
          &sums[group])
      }
      counts[group] += masks.count { $0 & (1 << UInt32(group)) != 0 }
    }
  }
}
