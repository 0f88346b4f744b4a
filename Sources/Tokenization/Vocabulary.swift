import JSON

/// Which token has which id, and how each is spelled.
struct Vocabulary: Sendable {
  /// No tokenizer comes near; a larger id in a damaged file would only cost memory.
  static let largestID = 1 << 20 - 1

  /// By the text of the file, byte for byte: canonically equal keys are distinct.
  private(set) var ids: [ByteKey: Int32] = [:]
  /// The spellings of all tokens, one after the other.
  private var bytes: [UInt8] = []
  /// By id, where in `bytes` the token's are; nil for an id without a token.
  private var places: [Range<Int>?] = []

  /// One more than the largest id.
  var size: Int { places.count }

  init(capacity: Int) {
    ids.reserveCapacity(capacity)
    places.reserveCapacity(capacity)
  }

  func id(of text: String) -> Int32? { ids[ByteKey(text)] }

  /// How a token is spelled in its file, as UTF-8.
  func spelling(of id: Int32) -> ArraySlice<UInt8>? {
    guard id >= 0, id < places.count, let place = places[Int(id)] else { return nil }
    return bytes[place]
  }

  /// Adds a token; false when its id is taken.
  mutating func insert(_ text: String, id: Int) -> Bool {
    if id >= places.count {
      places.append(contentsOf: repeatElement(nil, count: id + 1 - places.count))
    }
    guard places[id] == nil else { return false }
    let start = bytes.count
    bytes += text.utf8
    places[id] = start..<bytes.count
    ids[ByteKey(text)] = Int32(id)
    return true
  }
}
