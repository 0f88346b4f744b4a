import Diagnostics

/// What a study is about: one neuron, or a set of neurons that are read and ablated together.
package enum Subject: String, Sendable, Hashable, CaseIterable {
  case neuron, set
}

/// Neurons of one or several layers that a study is about together, in the order of its file.
package struct NeuronSet: Sendable, Hashable {
  /// At least two neurons, each once.
  package let neurons: [NeuronAddress]

  /// The numbers of neurons that a set may have.
  package static let sizes = 2...256

  /// - Returns: nil for a number of neurons out of `sizes`, and where one of them is named twice.
  package init?(_ neurons: [NeuronAddress]) {
    guard Self.sizes.contains(neurons.count), Set(neurons).count == neurons.count else {
      return nil
    }
    self.neurons = neurons
  }

  package var count: Int { neurons.count }

  /// The layers that have a neuron of the set, ascending.
  package var layers: [Int] { Set(neurons.map(\.layer)).sorted() }
}

extension NeuronSet {
  init(_ value: YAMLValue) throws {
    let expected =
      "\(Self.sizes.lowerBound) to \(Self.sizes.upperBound) neurons, such as [L3N436, L4N52]"
    let items = try value.list(expected)
    var neurons: [NeuronAddress] = []
    for item in items {
      guard let neuron = item.scalar.flatMap({ NeuronAddress($0.text) }) else {
        throw item.fault(
          "a neuron's layer and number, such as L3N436", advice: "Both count from 0.")
      }
      guard !neurons.contains(neuron) else {
        throw item.fault("each neuron once", advice: "Leave out the second.")
      }
      neurons.append(neuron)
    }
    guard let set = NeuronSet(neurons) else {
      throw value.fault(
        expected,
        advice: items.count < Self.sizes.lowerBound
          ? "For one neuron write layer: and neuron: instead." : "Name fewer neurons.")
    }
    self = set
  }
}

extension NeuronSet: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let texts = try container.decode([String].self)
    let neurons = texts.compactMap { NeuronAddress($0) }
    guard neurons.count == texts.count, let set = NeuronSet(neurons) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "expected \(Self.sizes.lowerBound) to \(Self.sizes.upperBound) different "
          + "neurons such as L3N436")
    }
    self = set
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(neurons.map(\.description))
  }
}

extension StudyFile {
  package var subject: Subject { neurons == nil ? .neuron : .set }

  /// The neuron that a study of one neuron asks for. A study of a set has none, so that only
  /// analyses of one neuron may ask.
  package var studied: NeuronReference {
    guard let neuron else { preconditionFailure("a study of a set has no single neuron") }
    return neuron
  }

  /// The keys that a study of a set cannot have, each with the reason.
  static let besideSet: [(key: CodingKeys, reason: String)] = [
    (.layer, "The neurons name their layers: leave it out."),
    (.neuron, "A study is about one neuron or about a set: leave out one of the two keys."),
    (.compare, "The page shows each neuron beside the set: leave it out."),
    (.prompts, "A prompt is run without one neuron: leave them out, or study a neuron by itself."),
    (.positions, "Curves by position are one neuron's: leave it out, or study a neuron by itself."),
    (.padded, "Padded averages are those of the notebook's own analyses: leave it out."),
  ]

  /// Refuses the keys that a study of a set cannot have.
  static func checkSet(_ keys: YAMLMapping<CodingKeys>) throws {
    for (key, reason) in besideSet {
      if let value = keys[key] {
        throw value.fault("no \(key.rawValue) beside neurons", advice: reason)
      }
    }
    if let probe = try keys[.probe]?.mapping(ProbeSettings.CodingKeys.self) {
      for key in ProbeSettings.CodingKeys.allCases where key != .seed {
        if let value = probe[key] {
          throw value.fault(
            "seed alone beside neurons",
            advice: "The notebook's probes rank neurons, which a set does not need: leave it out.")
        }
      }
    }
    if let value = try keys[.ablation]?.mapping(AblationSettings.CodingKeys.self)[.corpora] {
      throw value.fault(
        "no corpora beside neurons", advice: "A set is ablated on every corpus: leave it out.")
    }
  }
}
