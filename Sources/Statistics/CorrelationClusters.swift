import LinearAlgebra

/// Groups of columns that correlate by |r| of at least a limit, each with some other of its group
/// (single linkage).
package struct CorrelationClusters: Sendable, Equatable {
  package struct Cluster: Sendable, Equatable {
    /// The columns, ascending.
    package let members: [Int]
    /// The smallest |r| of the links that hold it together, strongest first.
    package let r: Double
  }

  /// Groups of two or more, largest first, then by their first column.
  package let clusters: [Cluster]

  /// - Parameters:
  ///   - samples: the values of each column, `[columns, samples]`; a column that does not vary is in no
  ///     group
  ///   - limit: the least |r|
  /// - Complexity: O(columns² · samples).
  package init(_ samples: Matrix, limit: Double, workers: Int) {
    let unit = Self.standardized(samples, workers: workers)
    let tile = 512
    let tiles = (unit.rows + tile - 1) / tile
    // Pairs of tiles on and above the diagonal.
    let pairs = (0..<tiles).flatMap { first in (first..<tiles).map { (first, $0) } }
    let links = ParallelLoop.map(pairs.count, workers: workers) { index in
      Self.links(
        unit, pairs[index].0 * tile..<min((pairs[index].0 + 1) * tile, unit.rows),
        pairs[index].1 * tile..<min((pairs[index].1 + 1) * tile, unit.rows), limit: Float(limit))
    }.flatMap(\.self)
    var forest = Forest(count: unit.rows)
    // The strongest links join first, so that the last one to join is a cluster's weakest.
    for link in links.sorted(by: { $0.r == $1.r ? ($0.a, $0.b) < ($1.a, $1.b) : $0.r > $1.r }) {
      forest.join(link.a, link.b, Double(link.r))
    }
    clusters = forest.clusters
  }

  private struct Link: Sendable {
    let a: Int
    let b: Int
    let r: Float
  }

  /// Each column less its mean, with length 1; a column that does not vary becomes 0.
  private static func standardized(_ samples: Matrix, workers: Int) -> Matrix {
    var unit = samples
    unit.updateRows(workers: workers) { _, row in
      let mean = row.reduce(0.0) { $0 + Double($1) } / Double(max(1, row.count))
      let length = row.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }.squareRoot()
      for place in row.indices {
        row[place] = length > 0 ? Float((Double(row[place]) - mean) / length) : 0
      }
    }
    return unit
  }

  private static func links(
    _ unit: Matrix, _ first: Range<Int>, _ second: Range<Int>, limit: Float
  ) -> [Link] {
    var product = Matrix(rows: first.count, columns: second.count)
    func block(_ rows: Range<Int>) -> Block {
      Block(row: rows.lowerBound, rows: rows.count, columns: unit.columns)
    }
    MatrixProduct.timesTransposed(
      unit, block(first), unit, block(second), into: &product, product.block())
    var links: [Link] = []
    product.elements.withUnsafeBufferPointer { product in
      for (place, value) in product.enumerated() where abs(value) >= limit {
        let (a, b) = (
          first.lowerBound + place / second.count, second.lowerBound + place % second.count
        )
        if a < b { links.append(Link(a: a, b: b, r: min(1, abs(value)))) }
      }
    }
    return links
  }
}

/// Disjoint groups that joins make larger (union-find).
private struct Forest {
  private var parents: [Int]
  private var weakest: [Double]

  init(count: Int) {
    parents = Array(0..<count)
    weakest = Array(repeating: 1, count: count)
  }

  private mutating func root(_ place: Int) -> Int {
    var place = place
    while parents[place] != place {
      parents[place] = parents[parents[place]]
      place = parents[place]
    }
    return place
  }

  mutating func join(_ a: Int, _ b: Int, _ r: Double) {
    let (first, second) = (root(a), root(b))
    guard first != second else { return }
    parents[max(first, second)] = min(first, second)
    weakest[min(first, second)] = min(r, weakest[first], weakest[second])
  }

  var clusters: [CorrelationClusters.Cluster] {
    var forest = self
    let groups = Dictionary(grouping: parents.indices) { forest.root($0) }
    return groups.filter { $0.value.count > 1 }
      .map { CorrelationClusters.Cluster(members: $0.value.sorted(), r: weakest[$0.key]) }
      .sorted {
        $0.members.count == $1.members.count
          ? $0.members[0] < $1.members[0] : $0.members.count > $1.members.count
      }
  }
}
