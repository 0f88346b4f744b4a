import LinearAlgebra
import Statistics
import Storage
import StudyFile

/// The statistics of all neurons and labels: areas, tests, intervals and grades.
package struct AtlasStatistics: Sendable {
  /// The columns of one label. All but `rank` and `discovery` come from confirmation documents.
  package struct Columns: Sendable, Codable {
    @PackedArray package fileprivate(set) var discovery: [Double] = []
    /// Cohen's d on discovery documents, which ranks neurons of equal area.
    @PackedArray fileprivate var separation: [Double] = []
    @PackedArray package fileprivate(set) var areas: [RankedArea] = []
    @PackedArray package fileprivate(set) var d: [Double] = []
    @PackedArray package fileprivate(set) var next: [Int] = []
    @PackedArray package fileprivate(set) var nextAreas: [RankedArea] = []
    /// The place of each neuron in the label's order by discovery, from 1 on.
    @PackedArray package fileprivate(set) var rank: [Int] = []
    @PackedArray package fileprivate(set) var reachedLabel: [Int] = []
    @PackedArray package fileprivate(set) var reachedAtlas: [Int] = []
    @PackedArray package fileprivate(set) var q: [Double] = []
    @PackedArray package fileprivate(set) var intervals: [Interval] = []
    @PackedArray package fileprivate(set) var nextLow: [Double] = []
    @PackedArray package fileprivate(set) var grades: [LabelColumns.Grade] = []

    /// The neurons in the label's order by discovery, best first.
    package var order: [Int] {
      var order = [Int](repeating: 0, count: rank.count)
      for (neuron, rank) in rank.enumerated() { order[rank - 1] = neuron }
      return order
    }
  }

  package private(set) var labels: [Columns]
  /// The largest statistics of every permutation.
  package let largest: LargestStatistics
  package private(set) var selected = 0
  package private(set) var confidence = 0.95
  package var cells: Int { labels.reduce(0) { $0 + $1.areas.count } }

  /// - Parameters:
  ///   - means: the mean of each neuron over each document, `[documents, neurons]`
  ///   - tile: the number of neurons whose ranks are held at once, such as a layer's
  package init(
    _ means: Matrix, _ sides: AtlasSides, _ permutations: LabelPermutations, grades: AtlasGrades,
    tile: Int, workers: Int
  ) {
    var labels = Array(repeating: Columns(), count: sides.labels)
    var largest = LargestStatistics(permutations)
    for first in stride(from: 0, to: means.columns, by: tile) {
      let count = min(tile, means.columns - first)
      let width = means.columns
      let found = ParallelLoop.map(count, workers: workers) { offset in
        means.elements.withUnsafeBufferPointer { means in
          NeuronAreas(sides) { means[$0 * width + first + offset] }
        }
      }
      for neuron in found {
        for label in labels.indices { labels[label].append(neuron, label) }
      }
      largest.add(
        Matrix(
          rows: count, columns: sides.confirmation.rows.count, elements: found.flatMap(\.ranks)),
        permutations, workers: workers)
    }
    self.labels = labels
    self.largest = largest
    test(grades)
  }

  /// Fills the columns of tests, then those of intervals and grades.
  private mutating func test(_ grades: AtlasGrades) {
    let all = largest.ofAll
    let permutations = all.count
    let q = FalseDiscovery.adjusted(
      largest.observed.joined().map { NormalDistribution.cumulative(-Double($0)) })
    var start = 0
    for label in labels.indices {
      let z = largest.observed[label]
      labels[label].rankByDiscovery()
      labels[label].reachedLabel = LargestStatistics.reached(z, by: largest.largest[label])
      labels[label].reachedAtlas = LargestStatistics.reached(z, by: all)
      labels[label].q = Array(q[start..<start + z.count])
      selected += z.indices.count { labels[label].isSelected($0, grades) }
      start += z.count
    }
    confidence = FalseDiscovery.confidence(
      selected: selected, of: cells, level: grades.level)
    let reach = NormalDistribution.quantile((1 + confidence) / 2)
    for label in labels.indices {
      labels[label].grade(grades, z: reach, permutations: permutations)
    }
  }
}

extension AtlasStatistics.Columns {
  fileprivate mutating func append(_ neuron: NeuronAreas, _ label: Int) {
    discovery.append(neuron.discovery[label])
    separation.append(neuron.separation[label])
    areas.append(neuron.areas[label])
    d.append(neuron.d[label])
    next.append(neuron.next[label])
    nextAreas.append(neuron.nextAreas[label])
  }

  fileprivate mutating func rankByDiscovery() {
    let order = discovery.indices.sorted {
      (discovery[$1], separation[$1], $0) < (discovery[$0], separation[$0], $1)
    }
    rank = Array(repeating: 0, count: order.count)
    for (place, neuron) in order.enumerated() { rank[neuron] = place + 1 }
  }

  /// Whether a neuron's q and area are those of a suggestive one.
  fileprivate func isSelected(_ neuron: Int, _ grades: AtlasGrades) -> Bool {
    q[neuron] < grades.level && areas[neuron].value > grades.suggestive
  }

  /// - Parameter z: half the width of an interval in deviations
  fileprivate mutating func grade(_ grades: AtlasGrades, z: Double, permutations: Int) {
    intervals = areas.map { $0.interval(z: z) }
    nextLow = nextAreas.map { $0.interval(z: z).lower }
    self.grades = areas.indices.map { neuron in
      let p = LabelColumns.p(reachedAtlas[neuron], of: permutations)
      if p < grades.level, intervals[neuron].lower > grades.confirmed, nextLow[neuron] > grades.next
      {
        return .confirmed
      }
      return isSelected(neuron, grades) ? .suggestive : .none
    }
  }
}

/// Statistics are left to other processes as they lie in memory.
extension AtlasStatistics: Codable {
  private enum CodingKeys: String, CodingKey {
    case labels, selected, confidence, observed, largest, deviations
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func rows<Number: BitwiseCopyable & Sendable>(
      _ key: CodingKeys, _ type: Number.Type
    ) throws -> [[Number]] {
      try values.decode([PackedArray<Number>].self, forKey: key).map(\.wrappedValue)
    }
    labels = try values.decode([Columns].self, forKey: .labels)
    selected = try values.decode(Int.self, forKey: .selected)
    confidence = try values.decode(Double.self, forKey: .confidence)
    largest = LargestStatistics(
      observed: try rows(.observed, Float.self), largest: try rows(.largest, Float.self),
      deviations: try rows(.deviations, Double.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    func keep<Number: BitwiseCopyable & Sendable>(
      _ rows: [[Number]], _ key: CodingKeys
    ) throws {
      try values.encode(rows.map(PackedArray.init(wrappedValue:)), forKey: key)
    }
    try values.encode(labels, forKey: .labels)
    try values.encode(selected, forKey: .selected)
    try values.encode(confidence, forKey: .confidence)
    try keep(largest.observed, .observed)
    try keep(largest.largest, .largest)
    try keep(largest.deviations, .deviations)
  }
}
