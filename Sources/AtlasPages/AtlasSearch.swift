import Atlas
import JSON
import Storage

/// The data of the search as scripts, which a browser loads from files, too: the index, the neurons of
/// each layer, and tokens in pieces by their first letter.
struct AtlasSearch {
  let report: AtlasReport
  private var findings: AtlasFindings { report.findings }
  /// About this many bytes make a piece of the tokens.
  private static let pieceBytes = 60_000

  init(_ report: AtlasReport) {
    self.report = report
  }

  /// The files, below `search/`.
  var files: [TextFile] {
    let tokens = tokens
    let pieces = pieces(tokens)
    let layers = (0..<findings.model.layers).map { ("layer-\($0)", layer($0)) }
    let shards = pieces.enumerated().map { ("tokens-\($0)", JSON.array($1)) }
    return ([("index", index(shards: pieces.count))] + layers + shards).map { name, value in
      TextFile(path: "search/\(name).js", text: Self.script(name, value))
    }
  }

  /// A call with the name and the value. No text of it could end a script or a line of one.
  static func script(_ name: String, _ value: JSON) -> String {
    "atlasShard(\"\(name)\", \(value.packedLine.replacing("<", with: "\\u003c")));\n"
  }

  private func index(shards: Int) -> JSON {
    func number(_ value: Int) -> JSON { .number(String(value)) }
    func object(_ members: [(String, JSON)]) -> JSON {
      .object(members.map { .init(key: $0.0, value: $0.1) })
    }
    let labels = findings.orderedLabels.enumerated().map { index, label in
      object([
        ("name", .string(label.name)), ("file", .string(report.paths.labels[index])),
        (
          "words",
          .string("\(label.confirmed.grouped) confirmed, \(label.suggestive.grouped) suggestive")
        ),
      ])
    }
    return object([
      ("layers", number(findings.model.layers)), ("width", number(findings.model.dMLP)),
      ("shards", number(shards)), ("folder", .string("../neurons/")),
      ("grades", .array(LabelColumns.Grade.allCases.map { .string($0.words) })),
      ("labels", .array(labels)), ("pages", .array(report.paths.pages.sorted().map(number))),
    ])
  }

  /// The label that each neuron of a layer stands for most, its AUC in thousandths and its grade; −1
  /// for a neuron that never varies.
  private func layer(_ layer: Int) -> JSON {
    var (best, auc, grade): ([JSON], [JSON], [JSON]) = ([], [], [])
    for place in findings.places(layer: layer) {
      let label = findings.mainLabel(place)
      best.append(.number(String(findings.isConstant(place) ? -1 : label)))
      auc.append(.number(AtlasText.whole(1000 * findings.cells[label].auc[place])))
      grade.append(.number(String(findings.cells[label].grade[place])))
    }
    return .object([
      .init(key: "best", value: .array(best)), .init(key: "auc", value: .array(auc)),
      .init(key: "grade", value: .array(grade)),
    ])
  }

  /// Each token with the neurons that promote it and those that fire on it.
  private var tokens: [(token: String, promoting: [Int], firing: [Int])] {
    var promoting = Array(repeating: [Int](), count: findings.tokens.count)
    var firing = promoting
    for place in 0..<findings.model.neurons {
      for token in Set(findings.neurons.promoted[place]) { promoting[token].append(place) }
      for token in Set(findings.neurons.fires[place]) { firing[token].append(place) }
    }
    return findings.tokens.indices.compactMap { index in
      let isUsed = !promoting[index].isEmpty || !firing[index].isEmpty
      return isUsed ? (findings.tokens[index], promoting[index], firing[index]) : nil
    }
  }

  /// The tokens in pieces by the first UTF-16 unit of what a reader would type; a token of blanks
  /// cannot be typed and is in no piece.
  private func pieces(
    _ tokens: [(token: String, promoting: [Int], firing: [Int])]
  ) -> [[JSON]] {
    func numbers(_ values: [Int]) -> JSON { .array(values.map { .number(String($0)) }) }
    let entries = tokens.compactMap { entry -> (first: Int, value: JSON)? in
      guard let first = Self.typed(entry.token).utf16.first else { return nil }
      return (
        Int(first),
        .array([.string(entry.token), numbers(entry.promoting), numbers(entry.firing)])
      )
    }
    guard !entries.isEmpty else { return [] }
    let bytes = entries.reduce(0) { $0 + $1.value.line.utf8.count }
    let count = min(max(1, (bytes + Self.pieceBytes - 1) / Self.pieceBytes), 64)
    var pieces = Array(repeating: [JSON](), count: count)
    for entry in entries { pieces[entry.first % count].append(entry.value) }
    return pieces
  }

  /// A token as the script compares it: without blanks at its ends, in lower case.
  static func typed(_ token: String) -> String {
    let scalars = Array(token.unicodeScalars)
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || scalar == "\u{FEFF}"
    }
    let start = scalars.firstIndex { !isBlank($0) } ?? scalars.count
    let end = (scalars.lastIndex { !isBlank($0) } ?? -1) + 1
    guard start < end else { return "" }
    return String(String.UnicodeScalarView(scalars[start..<end])).lowercased()
  }
}
