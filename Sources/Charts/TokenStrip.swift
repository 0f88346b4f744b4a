/// Text whose tokens are shaded by a signed value, such as a neuron's activation.
package struct TokenStrip: Sendable, Equatable {
  package struct Token: Sendable, Equatable {
    package var text: String
    /// Missing for tokens that have no value, such as the beginning of a document.
    package var value: Double?

    package init(_ text: String, _ value: Double?) {
      self.text = text
      self.value = value
    }
  }

  /// One passage and the line above it.
  package struct Passage: Sendable, Equatable {
    package var label: String
    package var tokens: [Token]

    package init(_ label: String, tokens: [Token]) {
      self.label = label
      self.tokens = tokens
    }
  }

  package var title: String
  /// What the colours mean.
  package var value: Axis
  package var passages: [Passage]
  /// What the colours cover; nil takes the values, from zero to both sides.
  package var range: ClosedRange<Double>?

  package init(
    title: String, value: Axis, range: ClosedRange<Double>? = nil, passages: [Passage]
  ) {
    self.title = title
    self.value = value
    self.range = range
    self.passages = passages
  }
}
