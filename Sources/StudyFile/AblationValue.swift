import Diagnostics

/// The spelling of `ablation.value` in a study file and on pages.
extension AblationSettings.Value {
  private static let named: [(name: String, value: Self)] = [
    ("other-mean", .otherMean), ("own-mean", .ownMean), ("zero", .zero), ("resample", .resample),
  ]

  /// The values that a study file may use, for messages.
  static let expected = named.map(\.name).joined(separator: ", ") + " or a number"

  /// The spelling in a study file; nil for a number.
  private var name: String? { Self.named.first { $0.value == self }?.name }

  /// The value that the neuron is set to, as pages word it: "its mean over the other class".
  package var words: String {
    switch self {
    case .otherMean: "its mean over the other class"
    case .ownMean: "its mean over the target"
    case .zero: "zero"
    case .number(let number): "\(number)"
    case .resample: "its activations on another document"
    }
  }

  /// The same for several neurons: "their means over the other class".
  package var wordsOfSeveral: String {
    switch self {
    case .otherMean: "its own mean over the other class"
    case .ownMean: "its own mean over the target"
    case .zero, .number: words
    case .resample: "its own activations on another document"
    }
  }
}

extension AblationSettings.Value {
  init(_ value: YAMLValue) throws {
    guard let text = value.scalar?.text else {
      throw value.fault(Self.expected, advice: "Write one word or a number after the colon.")
    }
    if let named = Self.named.first(where: { $0.name == text }) {
      self = named.value
    } else if let number = try? value.number(), number.magnitude <= 1e6 {
      self = .number(number)
    } else {
      throw value.fault(
        Self.expected, found: "\"\(text.prefix(80))\"",
        advice: NearestName.advice(text, among: Self.named.map(\.name)))
    }
  }
}

extension AblationSettings.Value: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
      return
    }
    let name = try container.decode(String.self)
    guard let named = Self.named.first(where: { $0.name == name }) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected \(Self.expected), found \(name)")
    }
    self = named.value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    default: try container.encode(name)
    }
  }
}
