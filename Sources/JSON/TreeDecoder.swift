/// Decodes a value from a parsed tree.
///
/// An integer may be spelled as any number of that value (`6`, `6.0`). A number that its type
/// cannot hold is a `DecodingError.dataCorrupted` with the coding path.
struct TreeDecoder: Decoder {
  let json: JSON
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let members = json.object else { throw mismatch([String: JSON].self) }
    return KeyedDecodingContainer(Members<Key>(members, codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let items = json.array else { throw mismatch([JSON].self) }
    return Items(items: items, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  private func mismatch(_ type: Any.Type) -> DecodingError {
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: "found \(json.summary)")
    return json.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  private func unfit(_ digits: String, _ type: Any.Type) -> DecodingError {
    .dataCorrupted(
      .init(
        codingPath: codingPath,
        debugDescription: "\(digits.prefix(40)), a fraction or a number too large for its field"))
  }
}

extension TreeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { json.isNull }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard let value = json.bool else { throw mismatch(type) }
    return value
  }

  func decode(_ type: String.Type) throws -> String {
    guard let value = json.string else { throw mismatch(type) }
    return value
  }

  func decode(_ type: Double.Type) throws -> Double { try fraction(type) }
  func decode(_ type: Float.Type) throws -> Float { try fraction(type) }
  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

  private func fraction<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ type: Value.Type
  ) throws -> Value {
    guard case .number(let digits) = json else { throw mismatch(type) }
    guard let value = Value(digits), value.isFinite else { throw unfit(digits, type) }
    return value
  }

  private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    guard case .number(let digits) = json else { throw mismatch(type) }
    guard let value = Value(digits) ?? Double(digits).flatMap({ Value(exactly: $0) }) else {
      throw unfit(digits, type)
    }
    return value
  }
}

extension TreeDecoder {
  /// The members of an object, looked up by the bytes of their keys.
  private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let members: [JSON.Member]
    private let places: [[UInt8]: Int]
    let codingPath: [any CodingKey]

    init(_ members: [JSON.Member], _ codingPath: [any CodingKey]) {
      self.members = members
      self.codingPath = codingPath
      places = Dictionary(
        members.enumerated().map { (Array($1.key.utf8), $0) },
        uniquingKeysWith: { first, _ in first })
    }

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { places[Array(key.stringValue.utf8)] != nil }

    private func member(_ key: some CodingKey) throws -> TreeDecoder {
      guard let place = places[Array(key.stringValue.utf8)] else {
        throw DecodingError.keyNotFound(
          key, .init(codingPath: codingPath, debugDescription: "no such key"))
      }
      return TreeDecoder(json: members[place].value, codingPath: codingPath + [key])
    }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try member(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try member(TreeEncoder.Place("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
  }

  /// The items of an array.
  private struct Items: UnkeyedDecodingContainer {
    let items: [JSON]
    let codingPath: [any CodingKey]
    var currentIndex = 0

    init(items: [JSON], codingPath: [any CodingKey]) {
      self.items = items
      self.codingPath = codingPath
    }

    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex == items.count }

    private var item: TreeDecoder {
      get throws {
        let path = codingPath + [TreeEncoder.Place(currentIndex)]
        guard !isAtEnd else {
          throw DecodingError.valueNotFound(
            JSON.self, .init(codingPath: path, debugDescription: "the list ends before"))
        }
        return TreeDecoder(json: items[currentIndex], codingPath: path)
      }
    }

    mutating func decodeNil() throws -> Bool {
      let isNil = try item.decodeNil()
      if isNil { currentIndex += 1 }
      return isNil
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      let value = try item.decode(type)
      currentIndex += 1
      return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
      let container = try item.container(keyedBy: type)
      currentIndex += 1
      return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      let container = try item.unkeyedContainer()
      currentIndex += 1
      return container
    }

    mutating func superDecoder() throws -> any Decoder {
      let decoder = try item
      currentIndex += 1
      return decoder
    }
  }
}
