/// The layer to study.
package enum LayerReference: Sendable, Hashable {
  /// The layer whose best neuron has the highest score on held-out tokens.
  case auto
  case number(Int)
}

extension LayerReference: CustomStringConvertible {
  package var description: String {
    switch self {
    case .auto: "auto"
    case .number(let number): String(number)
    }
  }
}

extension LayerReference: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if try container.decode(String.self) == "auto" {
      self = .auto
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a number or auto")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .number(let number) = self {
      try container.encode(number)
    } else {
      try container.encode(description)
    }
  }
}

/// A neuron of the study's layer.
package enum NeuronReference: Sendable, Hashable {
  /// The first neuron of the sparse probe: the one with the largest mean difference, of either sign.
  case auto
  /// The neuron with the highest held-out MCC that is higher on the target.
  case best
  case number(Int)
  /// Neuron number N of the sparse probe, from 1.
  case probe(Int)

  /// Reads `auto`, `best`, `609` or `probe.3`.
  package init?(_ text: String) {
    if text == "auto" {
      self = .auto
    } else if text == "best" {
      self = .best
    } else if text.hasPrefix("probe."), let rank = Self.digits(text.dropFirst(6)), rank > 0 {
      self = .probe(rank)
    } else if let number = Self.digits(text[...]) {
      self = .number(number)
    } else {
      return nil
    }
  }

  private static func digits(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
  }
}

extension NeuronReference: CustomStringConvertible {
  package var description: String {
    switch self {
    case .auto: "auto"
    case .best: "best"
    case .number(let number): String(number)
    case .probe(let rank): "probe.\(rank)"
    }
  }
}

extension NeuronReference: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let reference = Self(try container.decode(String.self)) {
      self = reference
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a number, auto, best or probe.N")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .number(let number) = self {
      try container.encode(number)
    } else {
      try container.encode(description)
    }
  }
}

/// The documents of a class or of a corpus.
///
/// The name of the target corpus means the target class and is read as `target`.
package enum CorpusReference: Sendable, Hashable {
  case target
  case other
  case named(String)

  /// Names that a corpus must not have.
  package static let reserved = ["target", "other"]

  package init(_ text: String) {
    self =
      switch text {
      case "target": .target
      case "other": .other
      default: .named(text)
      }
  }
}

extension CorpusReference: CustomStringConvertible {
  package var description: String {
    switch self {
    case .target: "target"
    case .other: "other"
    case .named(let name): name
    }
  }
}

extension CorpusReference: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
