// Reads the YAML of a corpus.
extension CorpusEntry {
  private static let countLimit = 1_000_000_000

  init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    let nameValue = try keys.required(.name, "one line of text")
    name = try nameValue.name()
    guard !CorpusReference.reserved.contains(name) else {
      throw nameValue.fault(
        "a name other than target and other", advice: "These two words name the classes.")
    }
    let pathValue = try keys.required(.path, "a path")
    path = try CorpusPath(pathValue)
    role = try keys[.role]?.choice() ?? .study
    text = try keys[.text].map { RecordField(try $0.name("the name of a field")) }
    conditions = try keys[.conditions].map(FieldConditions.init)
    characters = try keys[.characters].map(CharacterRange.init)
    sample = try keys[.sample].map(SampleSettings.init)
    documents = try keys[.documents]?.integer(1...Self.countLimit)
    note = try keys[.note]?.name()

    let isLines = path.patterns.allSatisfy { CorpusFormat(path: $0)?.content == .objects }
    for key in [CodingKeys.text, .conditions] where !isLines {
      guard let asked = keys[key] else { continue }
      throw asked.fault(
        "no \(key.rawValue) but for .jsonl files", found: "\(key.rawValue) for \(path)",
        advice: "Only an object has fields; write one a line into a .jsonl file.")
    }
    if let limit = keys[.documents], sample != nil {
      throw limit.fault(
        "documents or sample", found: "both",
        advice: "sample: {documents: …} says how many are drawn.")
    }
  }
}

extension CorpusPath {
  fileprivate init(_ value: YAMLValue) throws {
    let expected = "a path, or a list of paths"
    guard value.isList else {
      self.init(try Self.pattern(value, expected))
      return
    }
    var patterns: [String] = []
    for item in try value.list("paths") {
      let pattern = try Self.pattern(item, "a path")
      guard !patterns.contains(pattern) else {
        throw item.fault("each path once", advice: "Leave out the second.")
      }
      patterns.append(pattern)
    }
    guard !patterns.isEmpty else { throw value.fault(expected, advice: "Name a file.") }
    self.init(patterns)
  }

  private static func pattern(_ value: YAMLValue, _ expected: String) throws -> String {
    let path = try value.name(expected)
    guard CorpusFormat(path: path) != nil else {
      throw value.fault(
        "a file that ends in \(CorpusFormat.endings)",
        advice: ".json holds an array of strings, .jsonl a {\"text\": …} in each line, "
          + ".txt one document a line; .gz is packed by gzip.")
    }
    return path
  }
}

extension FieldConditions {
  fileprivate init(_ value: YAMLValue) throws {
    let entries = try value.entries("{FIELD: VALUE, …}")
    guard !entries.isEmpty else {
      throw value.fault("at least one field", advice: "Write {FIELD: VALUE}, or leave it out.")
    }
    self.init(
      try entries.map { name, entry in
        guard !name.isEmpty else {
          throw entry.fault("the name of a field", advice: "Write {FIELD: VALUE}.")
        }
        let items = entry.isList ? try entry.list("values") : [entry]
        guard !items.isEmpty else {
          throw entry.fault("at least one value", advice: "Write [VALUE, VALUE].")
        }
        return (RecordField(name), try items.map(FieldValue.init))
      })
  }
}

extension FieldValue {
  fileprivate init(_ value: YAMLValue) throws {
    guard let word = value.word else {
      throw value.fault(
        "text, a number, true, false or null",
        advice: "Text that looks like one of the others needs quotation marks.")
    }
    self = word.plain ? FieldValue(word: word.text) : .text(word.text)
  }
}

extension CharacterRange {
  fileprivate init(_ value: YAMLValue) throws {
    let expected = "[SHORTEST, LONGEST]"
    guard value.isList, case let ends = try value.list(expected), ends.count == 2 else {
      throw value.fault(expected, advice: "Write two lengths in characters: [200, 3000].")
    }
    let lengths = try ends.map { try $0.integer(0...1_000_000_000) }
    guard lengths[0] <= lengths[1] else {
      throw value.fault(
        "\(expected), the smaller first", found: "[\(lengths[0]), \(lengths[1])]",
        advice: "Exchange them.")
    }
    self.init(lengths[0]...lengths[1])
  }
}

extension SampleSettings {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    documents = try keys.required(.documents, "how many to draw").integer(1...1_000_000_000)
    // NumPy's seeds are from 0 to 2³² − 1.
    seed = try keys[.seed]?.integer(0...Int(UInt32.max)) ?? 0
  }
}
