import Synchronization

/// The shape of a result in `findings.json`, known from its type before anything is computed.
package indirect enum FigureShape: Sendable, Equatable {
  case number
  /// A text or a boolean.
  case word
  case list(of: FigureShape)
  /// An object with fixed members, in the order of the type.
  case object([Member])
  /// An object whose members' names the study decides, such as corpora.
  case named(FigureShape)
  /// A value whose shape the type does not tell.
  case unknown

  package struct Member: Sendable, Equatable {
    package let name: String
    package let shape: FigureShape

    package init(name: String, shape: FigureShape) {
      self.name = name
      self.shape = shape
    }
  }

  /// The shape of a type. The type decodes itself from a decoder that supplies a zero, an empty
  /// text or one item for whatever is asked for, and records what was asked for. A type is asked
  /// once: a study may name hundreds of figures.
  package static func of<T: Decodable>(_ type: T.Type) -> FigureShape {
    let key = ObjectIdentifier(type)
    if let known = known.withLock({ $0[key] }) { return known }
    let shape = ShapeDecoder.record(type, depth: 0).shape
    known.withLock { $0[key] = shape }
    return shape
  }

  private static let known = Mutex<[ObjectIdentifier: FigureShape]>([:])
}
