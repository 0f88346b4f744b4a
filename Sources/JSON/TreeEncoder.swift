/// Encodes a value as a tree; numbers get the shortest spelling that reads back as the same number.
///
/// A number that is not finite is an `EncodingError.invalidValue` with the coding path.
struct TreeEncoder: Encoder {
  /// A place in the tree that one container fills while others still refer to it.
  final class Slot {
    enum Content {
      case empty
      case value(JSON)
      case array([Slot])
      case object([(key: String, slot: Slot)])
    }

    var content = Content.empty

    /// The value written here; an empty object if nothing was, as for a type without properties.
    var json: JSON {
      switch content {
      case .empty: .object([])
      case .value(let value): value
      case .array(let items): .array(items.map(\.json))
      case .object(let members):
        .object(members.map { JSON.Member(key: $0.key, value: $0.slot.json) })
      }
    }
  }

  let slot: Slot
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  static func tree(of value: some Encodable) throws -> JSON {
    let root = TreeEncoder(slot: Slot(), codingPath: [])
    try root.encode(value)
    return root.slot.json
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = slot.content {} else { slot.content = .object([]) }
    return KeyedEncodingContainer(Members<Key>(slot: slot, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .array = slot.content {} else { slot.content = .array([]) }
    return Items(slot: slot, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension TreeEncoder: SingleValueEncodingContainer {
  func encodeNil() { slot.content = .value(.null) }
  func encode(_ value: Bool) { slot.content = .value(.bool(value)) }
  func encode(_ value: String) { slot.content = .value(.string(value)) }
  func encode(_ value: Double) throws { try encode(value, isFinite: value.isFinite) }
  func encode(_ value: Float) throws { try encode(value, isFinite: value.isFinite) }
  func encode(_ value: Int) { integer(value) }
  func encode(_ value: Int8) { integer(value) }
  func encode(_ value: Int16) { integer(value) }
  func encode(_ value: Int32) { integer(value) }
  func encode(_ value: Int64) { integer(value) }
  func encode(_ value: UInt) { integer(value) }
  func encode(_ value: UInt8) { integer(value) }
  func encode(_ value: UInt16) { integer(value) }
  func encode(_ value: UInt32) { integer(value) }
  func encode(_ value: UInt64) { integer(value) }

  func encode(_ value: some Encodable) throws {
    // A type of the standard library encodes itself through the container's methods.
    try value.encode(to: self)
  }

  private func integer(_ value: some BinaryInteger) {
    slot.content = .value(.number(value.description))
  }

  private func encode(_ value: some CustomStringConvertible, isFinite: Bool) throws {
    guard isFinite else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "The number is not finite."))
    }
    let digits = value.description
    slot.content = .value(.number(digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits))
  }
}

extension TreeEncoder {
  /// The members of an object.
  private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot
    let codingPath: [any CodingKey]

    private func member(_ key: some CodingKey) -> TreeEncoder {
      let member = Slot()
      if case .object(var members) = slot.content {
        slot.content = .empty
        members.append((key.stringValue, member))
        slot.content = .object(members)
      }
      return TreeEncoder(slot: member, codingPath: codingPath + [key])
    }

    func encodeNil(forKey key: Key) { member(key).encodeNil() }

    func encode(_ value: some Encodable, forKey key: Key) throws {
      try member(key).encode(value)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      member(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { member(Place("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { member(key) }
  }

  /// The items of an array.
  private struct Items: UnkeyedEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]

    var count: Int { if case .array(let items) = slot.content { items.count } else { 0 } }

    private func item() -> TreeEncoder {
      let item = Slot()
      let index = count
      if case .array(var items) = slot.content {
        slot.content = .empty
        items.append(item)
        slot.content = .array(items)
      }
      return TreeEncoder(slot: item, codingPath: codingPath + [Place(index)])
    }

    func encodeNil() { item().encodeNil() }
    func encode(_ value: some Encodable) throws { try item().encode(value) }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
      item().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { item().unkeyedContainer() }
    func superEncoder() -> any Encoder { item() }
  }

  /// One step of a coding path: a member's key or an item's index.
  struct Place: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) { (stringValue, intValue) = (name, nil) }
    init(_ index: Int) { (stringValue, intValue) = ("\(index)", index) }
    init(stringValue: String) { self.init(stringValue) }
    init(intValue: Int) { self.init(intValue) }
  }
}
