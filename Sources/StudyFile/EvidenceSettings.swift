/// What a study says of the analyses beyond the notebook's: which are left out, and how much the
/// others run on. Which analyses and numbers there are is known to the registry of analyses alone,
/// which checks them.
package struct EvidenceSettings: Sendable, Equatable {
  fileprivate enum Choice: Sendable, Equatable {
    case off
    case sizes([String: Int])
  }

  /// The choice for each analysis id; an analysis without an entry runs with its defaults.
  fileprivate var choices: [String: Choice] = [:]

  func isOn(_ id: String) -> Bool { choices[id] != .off }

  /// A number that the study gives to an analysis; nil if it gives none.
  package func number(_ name: String, of id: String) -> Int? {
    if case .sizes(let sizes) = choices[id] { sizes[name] } else { nil }
  }

  /// The analyses that the study speaks of, sorted by id, with the numbers that it gives them.
  package var entries: [(id: String, numbers: [String: Int])] {
    choices.sorted { $0.key < $1.key }.map { id, choice in
      if case .sizes(let sizes) = choice { (id, sizes) } else { (id, [:]) }
    }
  }

  /// Leaves some analyses out.
  mutating func turnOff(_ ids: some Sequence<String>) {
    for id in ids { choices[id] = .off }
  }

  /// The settings of some analyses; nil if none of them has any.
  func keeping(_ ids: Set<String>) -> EvidenceSettings? {
    var settings = self
    settings.choices = choices.filter { ids.contains($0.key) }
    return settings.choices.isEmpty ? nil : settings
  }
}

extension StudyFile {
  /// The analyses that `evidence:` names, sorted by id, with the numbers that it gives them; also those
  /// that are `on` and so run as they are.
  package var namedAnalyses: [(id: String, numbers: [String: Int])] {
    let entries = evidence?.entries ?? []
    let start = "evidence."
    let known = Set(entries.map(\.id))
    let others = origin.lines.keys.filter { $0.hasPrefix(start) }
      .map { String($0.dropFirst(start.count)) }
      .filter { id in !id.contains(".") && !known.contains(id) }
    let on = others.map { (id: $0, numbers: [String: Int]()) }
    return (entries + on).sorted { $0.id < $1.id }
  }

  /// Leaves some analyses out, overriding the study file.
  package mutating func turnOff(_ ids: some Sequence<String>) {
    var settings = evidence ?? EvidenceSettings()
    settings.turnOff(ids)
    evidence = settings
  }

  /// Whether an analysis is run; the notebook's own analyses always are.
  package func isOn(_ id: String) -> Bool { evidence?.isOn(id) ?? true }
}

extension EvidenceSettings {
  init(_ value: YAMLValue) throws {
    for (id, entry) in try value.entries("analyses: {effects: off, …}") {
      choices[id] = try Self.choice(entry)
    }
  }

  /// Reads `off`, `on`, or numbers; nil for an analysis that is run as it is.
  private static func choice(_ value: YAMLValue) throws -> Choice? {
    let expected = "off, on, or numbers such as {resamples: 2000}"
    switch value.scalar?.text {
    case "off": return .off
    case "on": return nil
    case _?: throw value.fault(expected, advice: "Leave the line out to run it as it is.")
    case nil: break
    }
    let sizes = try value.entries(expected).map { ($0, try $1.integer(0...1_000_000_000)) }
    return sizes.isEmpty ? nil : .sizes(Dictionary(uniqueKeysWithValues: sizes))
  }
}

extension EvidenceSettings: Codable {
  package init(from decoder: any Decoder) throws {
    choices = try decoder.singleValueContainer().decode([String: Choice].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(choices)
  }
}

extension EvidenceSettings.Choice: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let sizes = try? container.decode([String: Int].self) {
      self = .sizes(sizes)
    } else if try container.decode(String.self) == "off" {
      self = .off
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected off or numbers")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .off: try container.encode("off")
    case .sizes(let sizes): try container.encode(sizes)
    }
  }
}
