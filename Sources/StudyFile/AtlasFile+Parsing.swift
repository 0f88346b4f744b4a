import Diagnostics
import Storage

// Reads the YAML of an atlas.
extension AtlasFile {
  private static let countLimit = 1_000_000_000
  private static let seeds = 0...Int(UInt32.max)

  /// Whether a file says that it is an atlas; false for one that cannot be read as YAML.
  package static func isAtlas(_ file: FileBytes) -> Bool {
    guard let text = try? UTF8Text.decode(file, .study),
      let whole = try? YAMLValue(parsing: text, file: file.name),
      let entries = try? whole.entries("keys")
    else { return false }
    return entries.contains { $0.name == "kind" && $0.value.scalar?.text == kind }
  }

  /// Reads the atlas in the file `path`.
  ///
  /// - Throws: `Diagnostic`, of kind `.study` if the file is invalid.
  package init(reading path: String) throws {
    try self.init(reading: try FileBytes(reading: path), at: path)
  }

  /// Reads the atlas in a file that has been opened at `path`.
  ///
  /// - Throws: `Diagnostic`, of kind `.study` if the file is invalid.
  package init(reading file: FileBytes, at path: String) throws {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    try self.init(parsing: file, folder: folder)
  }

  /// Reads an atlas; its relative paths start at `folder`.
  package init(parsing file: FileBytes, folder: String?) throws {
    try self.init(
      yaml: try UTF8Text.decode(file, .study), file: file.name, folder: folder,
      sha256: file.sha256)
  }

  /// Reads an atlas from a text in memory.
  package init(
    yaml: String, file: String = "atlas.yml", folder: String? = nil, sha256: String = ""
  ) throws {
    let whole = try YAMLValue(parsing: yaml, file: file)
    let keys = try whole.mapping(CodingKeys.self)
    let kindValue = try keys.required(.kind, Self.kind)
    guard try kindValue.text(Self.kind) == Self.kind else {
      throw kindValue.fault(Self.kind, advice: "Leave kind: out for the study of one neuron.")
    }
    title = try keys.required(.title, "one line of text").name()
    slug = try keys[.slug].map(StudyFile.slug) ?? Slug.from(title)
    model = try keys.required(.model, "a folder or a hub name").name("a folder or a hub name")
    revision = try keys[.revision]?.name("a branch, a tag or a commit") ?? "main"
    revisions = try Self.revisions(keys[.revisions])
    bos = try keys[.bos].map(StudyFile.yesOrNo)
    corpora = try Self.corpora(try keys.required(.corpora, "a list of corpora"))
    parallel = try keys[.parallel].map(StudyFile.yesOrNo) ?? false
    documents = try keys[.documents]?.integer(4...1_000_000) ?? 1000
    window = try keys[.window]?.integer(1...1_000_000)
    seed = try keys[.seed]?.integer(Self.seeds) ?? 0
    split = try keys[.split].map(AtlasSplit.init) ?? AtlasSplit()
    grades = try keys[.grades].map(AtlasGrades.init) ?? AtlasGrades()
    permutations = try keys[.permutations]?.integer(19...99_999) ?? 999
    sets = try Self.sets(keys[.sets])
    pages = try keys[.pages].map(AtlasPageLimits.init) ?? AtlasPageLimits()
    expect = try keys[.expect]?.list("{figure: …, at_least: …}").map(Expectation.init) ?? []
    date = try keys[.date].map(StudyFile.date)
    authors = try keys[.authors].map(StudyFile.authors)
    url = try keys[.url].map(StudyFile.url)
    doi = try keys[.doi].map(StudyFile.doi)
    origin = StudyOrigin(file: file, folder: folder, sha256: sha256, lines: whole.lines)
    // The least p value is 1 / (permutations + 1): with fewer, nothing could be confirmed.
    if let value = keys[.permutations] ?? keys[.grades],
      Double(permutations + 1) * grades.level <= 1
    {
      let needed = 1 / grades.level - 1
      throw value.fault(
        needed < 99_999
          ? "more than \(Int(needed.rounded(.down))) for the level \(grades.level)"
          : "a level that 99999 permutations can reach, the most there are: above 1e-5",
        advice: "Ask for more permutations, or for a larger level.")
    }
  }

  private static func revisions(_ value: YAMLValue?) throws -> [String] {
    var found: [String] = []
    for item in try value?.list("revisions or folders") ?? [] {
      let name = try item.name("a revision or a folder")
      guard !found.contains(name) else {
        throw item.fault("each checkpoint once", advice: "Leave out the second.")
      }
      found.append(name)
    }
    return found
  }

  private static func corpora(_ value: YAMLValue) throws -> [CorpusEntry] {
    let items = try value.list("{name: …, path: …}")
    var found: [CorpusEntry] = []
    for item in items {
      let entry = try CorpusEntry(item)
      guard entry.role == .study else {
        throw item.fault(
          "a label: a corpus of role study", found: "\"\(entry.name)\", of role evaluation",
          advice: "Leave role: out; an atlas sets documents aside by itself.")
      }
      guard !found.contains(where: { $0.name == entry.name }) else {
        throw item.fault(
          "each corpus once", found: "\"\(entry.name)\" twice", advice: "Rename one of them.")
      }
      if let other = found.first(where: { $0.isSameText(as: entry) }) {
        throw item.fault(
          "other text than that of \(other.name)", found: "the same path",
          advice: "Name two files, or tell their documents apart with where: {FIELD: VALUE}.")
      }
      found.append(entry)
    }
    guard found.count >= 2 else {
      throw value.fault(
        "at least two corpora", found: "\(found.count)",
        advice: "A label is told from other labels; name a corpus for each.")
    }
    return found
  }

  private static func sets(_ value: YAMLValue?) throws -> AtlasSets? {
    guard let value else { return AtlasSets() }
    if ["no", "false"].contains(value.scalar?.text) { return nil }
    return try AtlasSets(value)
  }
}

extension AtlasSplit {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    confirmation =
      try keys[.confirmation]?.number("a share from 0.1 to 0.9") { 0.1 <= $0 && $0 <= 0.9 }
      ?? confirmation
    similarity =
      try keys[.similarity]?.number("a share above 0, up to 1") { 0 < $0 && $0 <= 1 } ?? similarity
  }
}

extension AtlasGrades {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    func area(_ key: CodingKeys, _ standard: Double) throws -> Double {
      try keys[key]?.number("an AUC from 0.5, below 1") { 0.5 <= $0 && $0 < 1 } ?? standard
    }
    level = try keys[.level]?.number("a level above 0, up to 0.2") { 0 < $0 && $0 <= 0.2 } ?? level
    confirmed = try area(.confirmed, confirmed)
    next = try area(.next, next)
    suggestive = try area(.suggestive, suggestive)
  }
}

extension AtlasSets {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    if let list = keys[.sizes] {
      sizes = []
      for item in try list.list("numbers of neurons, ascending") {
        let size = try item.integer(1...100_000)
        guard size > sizes.last ?? 0 else {
          throw item.fault("a number above \(sizes.last ?? 0)", advice: "Write them ascending.")
        }
        sizes.append(size)
      }
      guard !sizes.isEmpty else {
        throw list.fault("at least one number", advice: "Write sets: no to leave the sets out.")
      }
    }
    documents = try keys[.documents]?.integer(2...100_000) ?? documents
    window = try keys[.window]?.integer(2...100_000) ?? window
  }
}

extension AtlasPageLimits {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    neurons = try keys[.neurons]?.integer(0...10_000) ?? neurons
    named = []
    for item in try keys[.named]?.list("neurons such as L3N436") ?? [] {
      let expected = "a neuron such as L3N436"
      guard let neuron = NeuronAddress(try item.text(expected)) else {
        throw item.fault(expected, advice: "Write L, the layer, N and the neuron, from 0.")
      }
      guard !named.contains(neuron.description) else {
        throw item.fault("each neuron once", advice: "Leave out the second.")
      }
      named.append(neuron.description)
    }
    passages = try keys[.passages]?.integer(1...20) ?? passages
    window = try keys[.window]?.integer(5...200) ?? window
  }
}
