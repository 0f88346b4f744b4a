import JSON

/// The ids and spellings of all tokens.
struct Vocabulary: Sendable {
  /// The largest id that is accepted. Every real tokenizer is below; a larger id would only cost
  /// memory.
  static let largestID = 1 << 20 - 1

  /// The id for each spelling in the file, compared by bytes: canonically equal spellings are
  /// distinct.
  private(set) var ids: [ByteKey: Int32] = [:]
  /// The spellings of all tokens, one after the other.
  private var bytes: [UInt8] = []
  /// The range of each token's spelling in `bytes`; nil for an id without a token.
  private var places: [Range<Int>?] = []

  /// One more than the largest id.
  var size: Int { places.count }

  init(capacity: Int) {
    ids.reserveCapacity(capacity)
    places.reserveCapacity(capacity)
  }

  func id(of text: String) -> Int32? { ids[ByteKey(text)] }

  /// The spelling of a token in its file, as UTF-8; nil for an id without a token.
  func spelling(of id: Int32) -> ArraySlice<UInt8>? {
    guard id >= 0, id < places.count, let place = places[Int(id)] else { return nil }
    return bytes[place]
  }

  /// Adds a token; returns false if its id is taken.
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
