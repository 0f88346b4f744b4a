import Diagnostics
import JSON
import Storage

// Reads the YAML of a study. Single values are checked here, where the line is known; `CorpusNames`
// checks names that must agree with each other.
extension StudyFile {
  /// The limit of counts. Larger ones are typing errors, and could overflow in computations.
  private static let countLimit = 1_000_000_000

  /// Reads the study in the file `path`.
  ///
  /// - Throws: `Diagnostic`, of kind `.study` if the study is invalid.
  package init(reading path: String) throws {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    try self.init(parsing: try FileBytes(reading: path), folder: folder)
  }

  /// Reads a study; its relative paths start at `folder`.
  package init(parsing file: FileBytes, folder: String?) throws {
    try self.init(
      yaml: try UTF8Text.decode(file, .study), file: file.name, folder: folder,
      sha256: file.sha256)
  }

  /// Reads a study from a text in memory.
  package init(
    yaml: String, file: String = "study.yml", folder: String? = nil, sha256: String = ""
  ) throws {
    let whole = try YAMLValue(parsing: yaml, file: file)
    let keys = try whole.mapping(CodingKeys.self)
    title = try keys.required(.title, "one line of text").name()
    slug = try keys[.slug].map(Self.slug) ?? Slug.from(title)
    model = try keys.required(.model, "a folder or a hub name").name("a folder or a hub name")
    revision = try keys[.revision]?.name("a branch, a tag or a commit") ?? "main"
    bos = try keys[.bos].map(Self.yesOrNo)
    corpora = try keys.required(.corpora, "a list of corpora")
      .list("{name: …, path: …}").map(CorpusEntry.init)
    let names = try CorpusNames(corpora, keys)
    target = names.target
    other = names.other
    neurons = try keys[.neurons].map(NeuronSet.init)
    if neurons != nil { try Self.checkSet(keys) }
    layer = neurons == nil ? try Self.layer(try keys.required(.layer, Self.layerText)) : nil
    probe = try keys[.probe].map(ProbeSettings.init) ?? ProbeSettings()
    let ranks = probe.k
    neuron =
      neurons == nil
      ? try keys[.neuron].map { try Self.neuron($0, ranks: ranks) } ?? .auto : nil
    compare = try keys[.compare].map { try Self.neurons($0, ranks: ranks) }
    documents = try keys[.documents]?.integer(2...Self.countLimit) ?? 1000
    ablation = try AblationSettings(keys[.ablation], names)
    if neurons != nil { ablation.corpora = [] }
    choosing = try keys[.choosing].map(ChoosingSettings.init) ?? ChoosingSettings()
    measuring = try keys[.measuring].map(MeasuringSettings.init) ?? MeasuringSettings()
    verdict = try keys[.verdict].map(VerdictLimits.init) ?? VerdictLimits()
    evidence = try keys[.evidence].map(EvidenceSettings.init)
    prompts = try keys[.prompts]?.list("{text: …, answers: […]}").map(PromptEntry.init) ?? []
    positions =
      try neuron.map { try PositionSettings(keys[.positions], names, chosen: $0, ranks: ranks) }
      ?? PositionSettings(neurons: [], corpora: [])
    padded = try keys[.padded].map { try PaddedSettings($0, names) }
    expect = try keys[.expect]?.list("{figure: …, at_least: …}").map(Expectation.init) ?? []
    published =
      try keys[.published]?.list("{figure: …, value: …, tolerance: …, source: …}")
      .map(PublishedFigure.init) ?? []
    notes = try keys[.notes]?.name("the path of a Markdown file")
    date = try keys[.date].map(Self.date)
    authors = try keys[.authors].map(Self.authors)
    url = try keys[.url].map(Self.url)
    doi = try keys[.doi].map(Self.doi)
    origin = StudyOrigin(file: file, folder: folder, sha256: sha256, lines: whole.lines)
  }

  static func slug(_ value: YAMLValue) throws -> String {
    let expected = "lower-case letters, digits and dashes"
    let slug = try value.text(expected)
    guard Slug.isValid(slug) else {
      let path = StudyPath.normalized(slug.hasPrefix("/") ? slug : "reports/" + slug)
      throw value.fault(
        expected, found: "\"\(slug.prefix(80))\", which resolves to \(path.prefix(200))",
        advice: "Write \(Slug.from(slug)), or leave the slug out.")
    }
    return slug
  }

  static func yesOrNo(_ value: YAMLValue) throws -> Bool {
    switch value.scalar?.text {
    case "yes", "true": true
    case "no", "false": false
    default:
      throw value.fault("yes or no", advice: "Leave it out to do as the model's family does.")
    }
  }

  private static let layerText = "a layer's number, from 0, or auto"

  private static func layer(_ value: YAMLValue) throws -> LayerReference {
    if value.scalar?.text == LayerReference.auto.description { return .auto }
    return .number(try value.integer(0...countLimit, layerText))
  }

  /// Reads a list of neurons without duplicates.
  fileprivate static func neurons(
    _ value: YAMLValue, ranks: Int
  ) throws -> [NeuronReference] {
    var neurons: [NeuronReference] = []
    for item in try value.list("neurons") {
      let neuron = try Self.neuron(item, ranks: ranks)
      guard !neurons.contains(neuron) else {
        throw item.fault("each neuron once", advice: "Leave out the second.")
      }
      neurons.append(neuron)
    }
    return neurons
  }

  fileprivate static func neuron(_ value: YAMLValue, ranks: Int) throws -> NeuronReference {
    let expected = "a neuron's number, auto, best, or probe.N with N from 1 to \(ranks)"
    guard let text = value.scalar?.text, let neuron = NeuronReference(text) else {
      throw value.fault(
        expected,
        advice: "best has the highest held-out MCC; auto is the first of the sparse probe.")
    }
    switch neuron {
    case .probe(let rank) where rank > ranks:
      throw value.fault(expected, advice: "The sparse probe has k = \(ranks) neurons.")
    case .number(let number) where number > countLimit:
      throw value.fault(expected, advice: "Choose a neuron of the layer.")
    default: return neuron
    }
  }

  static func date(_ value: YAMLValue) throws -> String {
    let text = try value.text("a date")
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
    guard parts.map(\.utf8.count) == [4, 2, 2], numbers.count == 3, numbers[0] > 0,
      (1...12).contains(numbers[1])
    else { throw value.fault("a date as YYYY-MM-DD", advice: "Write it as 2026-01-31.") }
    let days = Self.days(of: numbers[1], in: numbers[0])
    guard (1...days).contains(numbers[2]) else {
      throw value.fault("a day that this month has, 1 to \(days)", advice: "Mend the date.")
    }
    return text
  }

  /// The number of days of a month in the Gregorian calendar.
  private static func days(of month: Int, in year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}

extension ProbeSettings {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    let counts = 1...1_000_000
    documents = try keys[.documents]?.integer(2...1_000_000_000) ?? documents
    k = try keys[.k]?.integer(counts) ?? k
    testSize =
      try keys[.testSize]?.number("a number above 0 and below 1") { 0 < $0 && $0 < 1 } ?? testSize
    // NumPy's seeds end at 2³² − 1, and each further split uses the next seed.
    seed = try keys[.seed]?.integer(0...(1 << 31)) ?? seed
    splits = try keys[.splits]?.integer(1...1000) ?? splits
    candidates = try keys[.candidates]?.integer(counts) ?? candidates
  }
}

extension AblationSettings {
  fileprivate init(_ value: YAMLValue?, _ names: CorpusNames) throws {
    let keys = try value?.mapping(CodingKeys.self)
    corpora =
      try keys?[.corpora].map(names.references)
      ?? [.target] + names.evaluation.map(CorpusReference.named)
    self.value = try keys?[.value].map(AblationSettings.Value.init) ?? .otherMean
  }
}

extension PromptEntry {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    let textValue = try keys.required(.text, "the prompt")
    text = try textValue.text("the prompt")
    guard !text.isEmpty else {
      throw textValue.fault("at least one character", advice: "Write the words to go on from.")
    }
    answers = []
    for answer in try keys[.answers]?.list("tokens, such as \" van\"") ?? [] {
      let token = try answer.text("a token, such as \" van\"")
      guard !token.isEmpty, !answers.contains(where: { ByteKey($0) == ByteKey(token) }) else {
        throw answer.fault(
          "answers that differ and are not empty", advice: "An answer is one token.")
      }
      answers.append(token)
    }
  }
}

extension PositionSettings {
  fileprivate init(
    _ value: YAMLValue?, _ names: CorpusNames, chosen: NeuronReference, ranks: Int
  ) throws {
    let keys = try value?.mapping(CodingKeys.self)
    corpora = try keys?[.corpora].map(names.references) ?? [.target, .other]
    neurons = try keys?[.neurons].map { try StudyFile.neurons($0, ranks: ranks) } ?? [chosen]
  }
}

extension PaddedSettings {
  fileprivate init(_ value: YAMLValue, _ names: CorpusNames) throws {
    let keys = try value.mapping(CodingKeys.self)
    let sizes = 1...100_000
    batch = try keys.required(.batch, "a batch size").integer(sizes)
    batches = [:]
    for (name, size) in try keys[.batches]?.entries("batch sizes by corpus") ?? [] {
      let corpus = try names.reference(name, size).description
      guard batches.updateValue(try size.integer(sizes), forKey: corpus) == nil else {
        throw size.fault("each corpus once", found: "\(name) twice", advice: "Leave out one.")
      }
    }
  }
}

extension Expectation {
  init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    figure = try keys.required(.figure, "a figure's address").figure()
    let least = try keys[.atLeast]?.number()
    let most = try keys[.atMost]?.number()
    let exact = try keys[.equals]?.number()
    let tolerance = try keys[.tolerance]?.tolerance()
    switch (least, most, exact) {
    case (let least?, nil, nil) where tolerance == nil: bound = .atLeast(least)
    case (nil, let most?, nil) where tolerance == nil: bound = .atMost(most)
    case (nil, nil, let exact?): bound = .equals(exact, tolerance: tolerance ?? 0)
    default:
      throw value.fault(
        "one of at_least, at_most, or equals with tolerance",
        found: least == nil && most == nil && exact == nil ? "no bound" : "another mixture",
        advice: "Write two checks for two bounds.")
    }
  }
}

extension PublishedFigure {
  fileprivate init(_ value: YAMLValue) throws {
    let keys = try value.mapping(CodingKeys.self)
    figure = try keys.required(.figure, "a figure's address").figure()
    let valueEntry = try keys.required(.value, "a number or a list of numbers")
    if valueEntry.isList {
      let numbers = try valueEntry.list("numbers").map { try $0.number() }
      guard !numbers.isEmpty else {
        throw valueEntry.fault("at least one number", advice: "Write the published numbers.")
      }
      self.value = .list(numbers)
    } else {
      self.value = .number(try valueEntry.number("a number or a list of numbers"))
    }
    tolerance = try keys.required(.tolerance, "a number, from 0").tolerance()
    source = try keys.required(.source, "where it was published").name()
  }
}

extension YAMLValue {
  fileprivate func figure() throws -> FigureAddress {
    do {
      return try FigureAddress.parse(try text("a figure's address"))
    } catch let malformed as FigureAddress.Malformed {
      throw fault(
        malformed.expected, advice: "An address looks like ablation.corpora.\"My corpus\".tokens.")
    }
  }

  fileprivate func tolerance() throws -> Double {
    try number("a number, from 0") { $0 >= 0 }
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>() throws -> Choice {
    let known = Choice.allCases.map(\.rawValue)
    let expected = known.joined(separator: " or ")
    let word = try text(expected)
    guard let choice = Choice(rawValue: word) else {
      throw fault(expected, advice: NearestName.advice(word, among: known))
    }
    return choice
  }
}
