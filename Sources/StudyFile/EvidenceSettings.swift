import Diagnostics

/// The settings of the analyses that the notebook does not have: which are left out, and on how
/// much data the others run.
package struct EvidenceSettings: Sendable, Equatable {
  /// A number that a study may set for an analysis.
  package struct Size: Sendable {
    package let name: String
    /// The default value.
    package let standard: Int
    package let range: ClosedRange<Int>
  }

  /// The analyses that can be left out, by id, with the numbers that can be set.
  package static let known: [String: [Size]] = [
    "examples": [], "languages": [], "layer_probes": [], "objections": [],
    "probe_sweep": [
      count("documents", 100), count("window", 128), count("directions", 10_000),
      count("shuffles", 99, from: 19), resamples(),
    ],
    "ablation_controls": [
      count("random", 20), count("matched", 20), count("scaled", 40), count("directions", 40),
      resamples(),
    ],
    "comparison": [resamples()],
    "effects": [resamples()],
    "neuron_logits": [resamples()],
    "upstream": [
      count("random", 10), count("scaled", 10), count("directions", 10), resamples(),
    ],
    "position_response": [count("pairs", 48), count("window", 64), resamples(1_000)],
  ]

  private static func count(_ name: String, _ standard: Int, from least: Int = 1) -> Size {
    Size(name: name, standard: standard, range: least...10_000)
  }

  private static func resamples(_ standard: Int = 10_000) -> Size {
    Size(name: "resamples", standard: standard, range: 100...1_000_000)
  }

  fileprivate enum Choice: Sendable, Equatable {
    case off
    case sizes([String: Int])
  }

  /// The choice for each analysis id; an analysis without an entry runs with its defaults.
  fileprivate var choices: [String: Choice] = [:]

  func isOn(_ id: String) -> Bool { choices[id] != .off }

  func size(_ id: String, _ name: String) -> Int? {
    if case .sizes(let sizes) = choices[id] { sizes[name] } else { nil }
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
  /// Leaves some analyses out, overriding the study file.
  package mutating func turnOff(_ ids: some Sequence<String>) {
    var settings = evidence ?? EvidenceSettings()
    settings.turnOff(ids)
    evidence = settings
  }

  /// Whether an analysis is run; the notebook's own analyses always are.
  package func isOn(_ id: String) -> Bool { evidence?.isOn(id) ?? true }

  /// A number of an analysis: the study's value, or the default.
  package func size(of id: String, _ name: String) -> Int {
    guard let size = EvidenceSettings.known[id]?.first(where: { $0.name == name }) else {
      preconditionFailure("\(id) has no \(name) among `EvidenceSettings.known`")
    }
    return evidence?.size(id, name) ?? size.standard
  }
}

extension EvidenceSettings {
  init(_ value: YAMLValue) throws {
    let ids = Self.known.keys.sorted()
    for (id, entry) in try value.entries("analyses: \(ids.joined(separator: ", "))") {
      guard let known = Self.known[id] else {
        throw entry.fault(
          "an analysis that can be left out: \(ids.joined(separator: ", "))",
          found: "\"\(id.prefix(80))\"", advice: NearestName.advice(id, among: ids))
      }
      choices[id] = try Self.choice(entry, known)
    }
  }

  /// Reads `off`, `on`, or numbers.
  private static func choice(_ value: YAMLValue, _ known: [Size]) throws -> Choice? {
    let names = known.map(\.name)
    let expected =
      "off, on" + (names.isEmpty ? "" : ", or {\(names.joined(separator: ": …, ")): …}")
    switch value.scalar?.text {
    case "off": return .off
    case "on": return nil
    case _?: throw value.fault(expected, advice: "Leave the line out to run it as it is.")
    case nil: break
    }
    var sizes: [String: Int] = [:]
    for (name, number) in try value.entries(expected) {
      guard let size = known.first(where: { $0.name == name }) else {
        throw number.fault(
          names.isEmpty ? "off or on" : "one of \(names.joined(separator: ", "))",
          found: "\"\(name.prefix(80))\"", advice: NearestName.advice(name, among: names))
      }
      sizes[name] = try number.integer(size.range)
    }
    return sizes.isEmpty ? nil : .sizes(sizes)
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
