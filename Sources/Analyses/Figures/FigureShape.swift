/// The shape that a result has in `findings.json`, known from its type before anything is computed.
package indirect enum FigureShape: Sendable, Equatable {
  case number
  /// Text, or true and false.
  case word
  case list(of: FigureShape)
  /// Named members, in the order of the type.
  case object([Member])
  /// Members whose names the study decides, such as corpora.
  case named(FigureShape)
  /// What the type does not tell.
  case unknown

  package struct Member: Sendable, Equatable {
    package let name: String
    package let shape: FigureShape
  }

  /// The shape of a type: it is let to decode itself from a decoder that gives it a zero, an empty
  /// text or one item for whatever it asks for, and notes what it asked for.
  package static func of<T: Decodable>(_ type: T.Type) -> FigureShape {
    ShapeDecoder.record(type, depth: 0).shape
  }
}
