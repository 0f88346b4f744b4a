import Storage

/// Documents are kept as arrays of numbers, since an atlas may have millions of tokens.
extension DividedDocuments: Codable {
  private struct Stored: Codable {
    /// The number of labels, and for each its repeated places.
    var repeated: [[Int]]
    var cut: [Int]
    /// For each document, label by label.
    @PackedArray var labels: [Int32]
    @PackedArray var indices: [Int32]
    @PackedArray var lengths: [Int32]
    @PackedArray var confirms: [Bool]
    /// The passage, or -1.
    @PackedArray var passages: [Int32]
    var digests: [String]
    /// The tokens of all documents.
    @PackedArray var ids: [Int32]
  }

  package init(from decoder: any Decoder) throws {
    let stored = try Stored(from: decoder)
    let count = stored.labels.count
    guard
      [stored.indices, stored.lengths, stored.passages].allSatisfy({ $0.count == count }),
      stored.confirms.count == count, stored.digests.count == count,
      stored.cut.count == stored.repeated.count,
      stored.labels.allSatisfy({ stored.cut.indices.contains(Int($0)) }),
      stored.lengths.allSatisfy({ $0 >= 0 }),
      stored.lengths.reduce(0, { $0 + Int($1) }) == stored.ids.count
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "arrays of other sizes"))
    }
    var labels = stored.cut.map { _ in [AtlasDocument]() }
    var first = 0
    for place in 0..<count {
      let end = first + Int(stored.lengths[place])
      var document = AtlasDocument(
        label: Int(stored.labels[place]), index: Int(stored.indices[place]),
        ids: Array(stored.ids[first..<end]), digest: stored.digests[place])
      document.confirms = stored.confirms[place]
      document.passage = stored.passages[place] < 0 ? nil : Int(stored.passages[place])
      labels[document.label].append(document)
      first = end
    }
    self.init(labels: labels, repeated: stored.repeated, cut: stored.cut)
  }

  package func encode(to encoder: any Encoder) throws {
    let documents = labels.flatMap(\.self)
    try Stored(
      repeated: repeated, cut: cut, labels: documents.map { Int32($0.label) },
      indices: documents.map { Int32($0.index) }, lengths: documents.map { Int32($0.ids.count) },
      confirms: documents.map(\.confirms),
      passages: documents.map { $0.passage.map(Int32.init) ?? -1 },
      digests: documents.map(\.digest), ids: documents.flatMap(\.ids)
    ).encode(to: encoder)
  }
}
