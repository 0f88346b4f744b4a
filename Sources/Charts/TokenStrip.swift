/// Text whose tokens are shaded by a signed value, such as a neuron's activation.
package struct TokenStrip: Sendable, Equatable {
  package struct Token: Sendable, Equatable {
    package var text: String
    /// The value; nil for tokens without one, such as the beginning of a document.
    package var value: Double?

    package init(_ text: String, _ value: Double?) {
      self.text = text
      self.value = value
    }
  }

  /// One passage of text with a label above it.
  package struct Passage: Sendable, Equatable {
    package var label: String
    package var tokens: [Token]

    package init(_ label: String, tokens: [Token]) {
      self.label = label
      self.tokens = tokens
    }
  }

  package var title: String
  /// The quantity that the colours show.
  package var value: Axis
  package var passages: [Passage]
  /// The range of the colours; nil takes it from the values, symmetric around zero.
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
