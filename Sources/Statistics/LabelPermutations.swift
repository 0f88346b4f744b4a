import LinearAlgebra

/// Permutations of labels over documents for tests that hold for all neurons at once: the largest
/// statistic over neurons (max-T; Westfall and Young 1993).
///
/// The statistic of a neuron and a label is the sum of the ranks of the label's documents, less its
/// mean and divided by its deviation under the permutations; with one stratum this is Mann and
/// Whitney's (AUC − ½) / √V₀ with the correction for ties. Labels are permuted within strata, such as
/// translations of one passage. All neurons of a label are one matrix product.
package struct LabelPermutations: Sendable {
  /// The labels under each permutation, `[permutations + 1][documents]`; the first are as observed.
  let labels: [[Int32]]
  private let strata: [[Int]]
  /// The number of documents of each label in each stratum, `[labels][strata]`.
  private let sizes: [[Double]]
  package let count: Int

  package var permutations: Int { labels.count - 1 }
  package var documents: Int { labels[0].count }

  /// - Parameters:
  ///   - labels: the label of each document, from 0
  ///   - count: the number of labels
  ///   - strata: the stratum of each document; nil for a single one
  package init(
    labels: [Int32], count: Int, strata: [Int]? = nil, permutations: Int, seed: UInt32
  ) {
    let groups = Dictionary(grouping: labels.indices) { strata?[$0] ?? 0 }
    let strata = groups.keys.sorted().compactMap { groups[$0] }
    self.strata = strata
    self.count = count
    sizes = (0..<count).map { label in
      strata.map { stratum in Double(stratum.count { labels[$0] == Int32(label) }) }
    }
    var generator = MersenneTwister(seed: seed)
    var all = [labels]
    for _ in 0..<permutations {
      var permuted = labels
      for stratum in strata {
        let order = generator.permutation(Int32(stratum.count))
        for (place, source) in zip(stratum, order) {
          permuted[place] = labels[stratum[Int(source)]]
        }
      }
      all.append(permuted)
    }
    self.labels = all
  }

  /// 1 where a document has the label, else 0: `[permutations + 1, documents]`.
  package func indicators(of label: Int) -> Matrix {
    Matrix(
      rows: labels.count, columns: documents,
      elements: labels.flatMap { $0.map { $0 == Int32(label) ? 1 : 0 } })
  }

  /// Ranks less the mean of their stratum, and the sum of their squares in each stratum.
  func centered(_ ranks: [Float]) -> (ranks: [Float], squares: [Double]) {
    var centered = ranks
    let squares = strata.map { stratum in
      let mean = stratum.reduce(0.0) { $0 + Double(ranks[$1]) } / Double(stratum.count)
      return stratum.reduce(0.0) { sum, place in
        let difference = Double(ranks[place]) - mean
        centered[place] = Float(difference)
        return sum + difference * difference
      }
    }
    return (centered, squares)
  }

  /// The deviation of a label's sum of ranks under the permutations.
  func deviation(of label: Int, squares: [Double]) -> Double {
    squares.indices.reduce(0.0) { sum, stratum in
      let (own, all) = (sizes[label][stratum], Double(strata[stratum].count))
      return all > 1 ? sum + own * (all - own) / (all * (all - 1)) * squares[stratum] : sum
    }.squareRoot()
  }
}

/// The largest statistics of permutations, folded over neurons, and every neuron's own.
package struct LargestStatistics: Sendable {
  /// z of each label and neuron as observed, `[labels][neurons]`.
  package private(set) var observed: [[Float]]
  /// The largest z of each label's neurons, by permutation, `[labels][permutations]`.
  package private(set) var largest: [[Float]]
  /// The deviation of each label's sum of ranks under the permutations, `[labels][neurons]`.
  package private(set) var deviations: [[Double]]

  package init(_ permutations: LabelPermutations) {
    observed = Array(repeating: [], count: permutations.count)
    deviations = Array(repeating: [], count: permutations.count)
    largest = Array(
      repeating: Array(repeating: -.infinity, count: permutations.permutations),
      count: permutations.count)
  }

  /// Statistics that another process has found.
  package init(observed: [[Float]], largest: [[Float]], deviations: [[Double]]) {
    (self.observed, self.largest, self.deviations) = (observed, largest, deviations)
  }

  /// The largest over all labels, by permutation.
  package var ofAll: [Float] {
    (0..<(largest.first?.count ?? 0)).map { index in
      largest.map { $0[index] }.max() ?? -.infinity
    }
  }

  /// Adds neurons.
  ///
  /// - Parameter ranks: each neuron's midranks over the documents, `[neurons, documents]`
  package mutating func add(
    _ ranks: Matrix, _ permutations: LabelPermutations, workers: Int
  ) {
    precondition(
      ranks.columns == permutations.documents,
      "ranks of \(ranks.columns) documents for labels of \(permutations.documents)")
    let tile = 256
    let tiles = (ranks.rows + tile - 1) / tile
    let prepared = PreparedRanks(ranks, permutations, workers: workers)
    for label in 0..<permutations.count {
      let indicators = permutations.indicators(of: label)
      let found = prepared.squares.map { permutations.deviation(of: label, squares: $0) }
      deviations[label] += found
      let parts = ParallelLoop.map(tiles, workers: workers) { index in
        Self.part(
          prepared.ranks, index * tile..<min((index + 1) * tile, ranks.rows), indicators, found)
      }
      for part in parts {
        observed[label] += part.observed
        for (place, value) in part.largest.enumerated() {
          largest[label][place] = max(largest[label][place], value)
        }
      }
    }
  }

  private static func part(
    _ ranks: Matrix, _ neurons: Range<Int>, _ indicators: Matrix, _ deviations: [Double]
  ) -> (observed: [Float], largest: [Float]) {
    var product = Matrix(rows: indicators.rows, columns: neurons.count)
    MatrixProduct.timesTransposed(
      indicators, indicators.block(), ranks,
      Block(row: neurons.lowerBound, rows: neurons.count, columns: ranks.columns), into: &product,
      product.block())
    // A neuron whose ranks do not differ has no statistic; it counts as 0.
    let scale = neurons.map { deviations[$0] > 0 ? Float(1 / deviations[$0]) : 0 }
    let observed = zip(product.row(0), scale).map { $0 * $1 }
    let width = neurons.count
    let largest = product.elements.withUnsafeBufferPointer { product in
      scale.withUnsafeBufferPointer { scale in
        (1..<max(1, indicators.rows)).map { row in
          var largest = -Float.infinity
          for column in 0..<width {
            largest = max(largest, product[row * width + column] * scale[column])
          }
          return largest
        }
      }
    }
    return (observed, largest)
  }

  /// In how many permutations `largest` reaches each value. Sums of ranks in single precision may
  /// differ in their last digit by order, so a hair below counts as reached.
  package static func reached(_ values: [Float], by largest: [Float]) -> [Int] {
    let sorted = largest.sorted()
    return values.map { value in
      let limit = value - 1e-5 * max(1, abs(value))
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < limit { low = middle + 1 } else { high = middle }
      }
      return sorted.count - low
    }
  }
}

/// Ranks of neurons, centred within strata.
private struct PreparedRanks: Sendable {
  let ranks: Matrix
  let squares: [[Double]]

  init(_ ranks: Matrix, _ permutations: LabelPermutations, workers: Int) {
    let rows = ParallelLoop.map(ranks.rows, workers: workers) {
      permutations.centered(ranks.row($0))
    }
    self.ranks = Matrix(
      rows: ranks.rows, columns: ranks.columns, elements: rows.flatMap(\.ranks))
    squares = rows.map(\.squares)
  }
}
