import Passes
import Statistics

/// The two sides of an atlas's split: which rows of the scan's means are discovery documents and which
/// confirm, with their labels.
package struct AtlasSides: Sendable {
  package struct Side: Sendable {
    /// The rows of the side's documents.
    package let rows: [Int]
    /// The label of each.
    package let labels: [Int32]
    /// The passage of each; nil where the corpora are not parallel.
    package let passages: [Int]?

    /// The number of documents of a label.
    func count(_ label: Int) -> Int { labels.count { $0 == Int32(label) } }
  }

  package let labels: Int
  package let discovery: Side
  package let confirmation: Side

  /// - Parameter documents: the documents by row
  package init(_ documents: [AtlasDocument], labels: Int) {
    func side(_ confirms: Bool) -> Side {
      let rows = documents.indices.filter { documents[$0].confirms == confirms }
      let passages = rows.compactMap { documents[$0].passage }
      return Side(
        rows: rows, labels: rows.map { Int32(documents[$0].label) },
        passages: passages.count == rows.count ? passages : nil)
    }
    self.labels = labels
    (discovery, confirmation) = (side(false), side(true))
  }

  /// Permutations of the labels of the confirmation documents, within passages if there are any.
  package func permutations(_ count: Int, seed: UInt32) -> LabelPermutations {
    LabelPermutations(
      labels: confirmation.labels, count: labels, strata: confirmation.passages,
      permutations: count, seed: seed)
  }
}

/// What document means tell of one neuron, for every label.
struct NeuronAreas: Sendable {
  /// The AUC of each label on discovery documents, and Cohen's d there, which ranks equal areas.
  let discovery: [Double]
  let separation: [Double]
  /// The area on confirmation documents, and Cohen's d.
  let areas: [RankedArea]
  let d: [Double]
  /// The label that comes next on discovery documents, and the area against it alone.
  let next: [Int]
  let nextAreas: [RankedArea]
  /// The midranks of the confirmation documents.
  let ranks: [Float]

  /// - Parameter value: the neuron's mean over the document of a row
  init(_ sides: AtlasSides, value: (_ row: Int) -> Float) {
    let found = RankedValues(sides.discovery.rows.map(value))
    let (discovery, separation) = (
      found.areas(labels: sides.discovery.labels, count: sides.labels).map { $0?.value ?? 0.5 },
      Self.differences(sides.discovery, sides.labels, value)
    )
    let confirmed = RankedValues(sides.confirmation.rows.map(value))
    let labels = sides.confirmation.labels
    func known(_ area: RankedArea?) -> RankedArea {
      guard let area else { preconditionFailure("a label without documents") }
      return area
    }
    next = (0..<sides.labels).map { label in
      (0..<sides.labels).filter { $0 != label }.max {
        (discovery[$0], separation[$0]) < (discovery[$1], separation[$1])
      } ?? label
    }
    areas = confirmed.areas(labels: labels, count: sides.labels).map(known)
    nextAreas = next.enumerated().map {
      known(confirmed.area(labels: labels, of: Int32($0.offset), against: Int32($0.element)))
    }
    d = Self.differences(sides.confirmation, sides.labels, value)
    ranks = confirmed.midranks
    (self.discovery, self.separation) = (discovery, separation)
  }

  /// Cohen's d of each label against all others. Values are taken from the first one's on, so that a
  /// far origin costs no digits.
  private static func differences(
    _ side: AtlasSides.Side, _ labels: Int, _ value: (Int) -> Float
  ) -> [Double] {
    let origin = side.rows.first.map { Double(value($0)) } ?? 0
    var groups = Array(repeating: (count: 0, sum: 0.0, squares: 0.0), count: labels)
    var all = (count: 0, sum: 0.0, squares: 0.0)
    for (row, label) in zip(side.rows, side.labels) {
      let x = Double(value(row)) - origin
      groups[Int(label)].count += 1
      groups[Int(label)].sum += x
      groups[Int(label)].squares += x * x
      all = (all.count + 1, all.sum + x, all.squares + x * x)
    }
    return groups.map { own in
      StandardizedDifference.cohen(
        own, (all.count - own.count, all.sum - own.sum, all.squares - own.squares))
    }
  }
}
