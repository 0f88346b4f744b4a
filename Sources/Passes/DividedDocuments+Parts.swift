import Storage

/// Documents as parts, one for each label: an atlas may have more tokens than fit into memory twice.
extension DividedDocuments {
  /// The number of characters of a document's digest.
  private static let digest = 64

  /// A label's documents.
  package func part(_ label: Int) -> Part {
    let documents = labels[label]
    var part = Part(kind: "documents")
    part.add("indices", documents.map { Int32($0.index) })
    part.add("lengths", documents.map { Int32($0.ids.count) })
    part.add("confirms", documents.map { $0.confirms ? 1 : 0 as UInt8 })
    // A document without a passage has -1.
    part.add("passages", documents.map { $0.passage.map(Int32.init) ?? -1 })
    part.add("digests", documents.flatMap { Array($0.digest.utf8) })
    part.add("ids", documents.flatMap(\.ids))
    part.add("repeated", repeated[label].map(Int32.init))
    part.add("cut", [Int32(cut[label])])
    return part
  }

  /// Reads the documents that `part(_:)` has written.
  ///
  /// - Parameter part: gives a label's part
  /// - Returns: nil if one is missing, or if its arrays do not fit together
  package init?(labels count: Int, _ part: (_ label: Int) -> Part?) {
    var (labels, repeated, cut) = ([[AtlasDocument]](), [[Int]](), [Int]())
    for label in 0..<count {
      guard let part = part(label), let documents = Self.documents(of: label, part),
        let own: [Int32] = part.numbers("repeated"), let shortened: [Int32] = part.numbers("cut"),
        shortened.count == 1
      else { return nil }
      labels.append(documents)
      repeated.append(own.map(Int.init))
      cut.append(Int(shortened[0]))
    }
    self.init(labels: labels, repeated: repeated, cut: cut)
  }

  private static func documents(of label: Int, _ part: Part) -> [AtlasDocument]? {
    guard let indices: [Int32] = part.numbers("indices"),
      let lengths: [Int32] = part.numbers("lengths"),
      let confirms: [UInt8] = part.numbers("confirms"),
      let passages: [Int32] = part.numbers("passages"),
      let digests: [UInt8] = part.numbers("digests"), let ids: [Int32] = part.numbers("ids"),
      lengths.count == indices.count, confirms.count == indices.count,
      passages.count == indices.count, digests.count == indices.count * digest,
      lengths.allSatisfy({ $0 >= 0 }), lengths.reduce(0, { $0 + Int($1) }) == ids.count
    else { return nil }
    var first = 0
    return indices.indices.map { place in
      let end = first + Int(lengths[place])
      defer { first = end }
      var document = AtlasDocument(
        label: label, index: Int(indices[place]), ids: Array(ids[first..<end]),
        digest: String(
          decoding: digests[place * digest..<(place + 1) * digest], as: UTF8.self))
      document.confirms = confirms[place] != 0
      document.passage = passages[place] < 0 ? nil : Int(passages[place])
      return document
    }
  }
}
