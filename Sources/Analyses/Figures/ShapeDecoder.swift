/// Records what a type asks for while it decodes itself; see `FigureShape`.
final class ShapeDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  fileprivate let depth: Int
  fileprivate var shape = FigureShape.unknown

  /// The limit of nesting, which no type reaches but one that contains itself.
  private static let depthLimit = 32

  private init(depth: Int) {
    self.depth = depth
  }

  /// Thrown for a type that cannot be made from zeros and empty texts.
  private struct NoValue: Error {}

  /// The shape of a type, and a value of it if one can be made.
  static func record<T: Decodable>(_ type: T.Type, depth: Int) -> (value: T?, shape: FigureShape) {
    guard depth < depthLimit else { return (nil, .unknown) }
    let decoder = ShapeDecoder(depth: depth)
    let value = (try? T(from: decoder)) ?? (T.self as? any CaseIterable.Type)?.firstCase as? T
    return (value, decoder.shape)
  }

  fileprivate func value<T: Decodable>(
    _ type: T.Type, note: (FigureShape) -> Void
  ) throws -> T {
    let (value, shape) = Self.record(type, depth: depth + 1)
    note(shape)
    guard let value else { throw NoValue() }
    return value
  }

  func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedDecodingContainer<Key> {
    if case .object = shape {} else { shape = .object([]) }
    return KeyedDecodingContainer(Members(decoder: self))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer {
    shape = .list(of: .unknown)
    return Items(decoder: self)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  fileprivate func note(_ name: String, _ shape: FigureShape) {
    guard case .object(let members) = self.shape else { return }
    self.shape = .object(members.filter { $0.name != name } + [.init(name: name, shape: shape)])
  }
}

extension CaseIterable {
  fileprivate static var firstCase: Self? { allCases.first }
}

extension FigureShape {
  /// The shape of a type that is a single JSON value, and a value of it; nil for other types.
  fileprivate static func leaf<T>(_ type: T.Type) -> (value: T, shape: FigureShape)? {
    let leaf: (Any, FigureShape) =
      switch type {
      case is String.Type: ("", .word)
      case is Bool.Type: (false, .word)
      default:
        if let number = (type as? any Numeric.Type)?.none { (number, .number) } else { ((), .word) }
      }
    return (leaf.0 as? T).map { ($0, leaf.1) }
  }
}

extension Numeric {
  fileprivate static var none: Self { .zero }
}

/// A container of a single value, such as a number, a raw value or the content of an optional.
private struct Single: SingleValueDecodingContainer {
  let decoder: ShapeDecoder
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if let leaf = FigureShape.leaf(type) {
      decoder.shape = leaf.shape
      return leaf.value
    }
    return try decoder.value(type) { decoder.shape = $0 }
  }
}

/// A container of a list with one item.
private struct Items: UnkeyedDecodingContainer {
  let decoder: ShapeDecoder
  var codingPath: [any CodingKey] { [] }
  let count: Int? = 1
  private(set) var currentIndex = 0
  var isAtEnd: Bool { currentIndex > 0 }

  init(decoder: ShapeDecoder) {
    self.decoder = decoder
  }

  func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    currentIndex += 1
    if let leaf = FigureShape.leaf(type) {
      decoder.shape = .list(of: leaf.shape)
      return leaf.value
    }
    return try decoder.value(type) { decoder.shape = .list(of: $0) }
  }

  mutating func nestedContainer<Key: CodingKey>(
    keyedBy: Key.Type
  ) throws -> KeyedDecodingContainer<Key> { decoder.container(keyedBy: keyedBy) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    decoder.unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { decoder }
}

/// A container that has every member that is asked for.
private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ShapeDecoder
  var codingPath: [any CodingKey] { [] }

  /// The one key that a dictionary is told it has; it stands for any name.
  private static var anyName: String { "*" }

  var allKeys: [Key] { Key(stringValue: Self.anyName).map { [$0] } ?? [] }

  func contains(_ key: Key) -> Bool { true }

  func decodeNil(forKey key: Key) throws -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    let note: (FigureShape) -> Void = { shape in
      if key.stringValue == Self.anyName {
        decoder.shape = .named(shape)
      } else {
        decoder.note(key.stringValue, shape)
      }
    }
    if let leaf = FigureShape.leaf(type) {
      note(leaf.shape)
      return leaf.value
    }
    return try decoder.value(type, note: note)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { decoder.container(keyedBy: keyedBy) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    decoder.unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { decoder }
}
