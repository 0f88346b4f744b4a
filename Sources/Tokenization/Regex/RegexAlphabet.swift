/// Groups characters into classes that a regular expression cannot distinguish. Each class has a
/// small number, the symbol that the matcher reads.
struct RegexAlphabet: Sendable {
  /// The symbol of the further bytes of a character; every set contains it, so that runs include
  /// them.
  static let inside: UInt8 = 255
  /// The symbol after the last character; no set contains it.
  static let end: UInt8 = 254

  /// Whether a set contains a symbol, at `set · 256 + symbol`.
  private(set) var members: [Bool]
  /// For the upper bits of a code point, the number of its block of 256 in `blocks`.
  private var pages: [UInt16] = []
  private var blocks: [UInt8] = []

  /// - Throws: `RegexFault` if the sets distinguish more than 250 kinds of characters.
  init(_ sets: [ScalarSet]) throws(RegexFault) {
    // The sets that begin or end at each boundary between code points.
    var changes: [UInt32: [Int]] = [:]
    for (index, set) in sets.enumerated() {
      for range in set.ranges {
        changes[range.lowerBound, default: []].append(index)
        changes[range.upperBound + 1, default: []].append(index)
      }
    }
    var symbols: [[Bool]: UInt8] = [:]
    var held = [Bool](repeating: false, count: sets.count)
    var order: [[Bool]] = []
    func symbol() throws(RegexFault) -> UInt8 {
      if let known = symbols[held] { return known }
      guard order.count < 250 else { throw RegexFault(found: "too many kinds of characters") }
      let new = UInt8(order.count)
      symbols[held] = new
      order.append(held)
      return new
    }
    var runs: [(start: UInt32, symbol: UInt8)] = []
    if changes[0] == nil { runs.append((0, try symbol())) }
    for start in changes.keys.sorted() where start <= ScalarSet.largest {
      for index in changes[start] ?? [] { held[index].toggle() }
      runs.append((start, try symbol()))
    }
    var known: [[UInt8]: UInt16] = [:]
    var run = 0
    for page in UInt32(0)..<0x1100 {
      var block = [UInt8](repeating: 0, count: 256)
      for low in UInt32(0)..<256 {
        let scalar = page << 8 | low
        while run + 1 < runs.count, runs[run + 1].start <= scalar { run += 1 }
        block[Int(low)] = runs[run].symbol
      }
      if let place = known[block] {
        pages.append(place)
      } else {
        let place = UInt16(blocks.count / 256)
        known[block] = place
        pages.append(place)
        blocks += block
      }
    }
    members = [Bool](repeating: false, count: sets.count * 256)
    for set in sets.indices {
      for (symbol, held) in order.enumerated() { members[set << 8 | symbol] = held[set] }
      members[set << 8 | Int(Self.inside)] = true
    }
  }

  /// Adds a set of symbols; returns its number.
  mutating func addSet(_ holds: (UInt8) -> Bool) -> Int {
    for symbol in UInt8.min...UInt8.max { members.append(holds(symbol)) }
    return members.count / 256 - 1
  }

  /// Writes the symbol of each character at its first byte, `inside` at its further bytes, and
  /// `end` after the last.
  ///
  /// - Complexity: O(n) in the bytes of the text.
  func read(_ text: Bytes, _ range: Range<Int>, into symbols: inout [UInt8]) {
    symbols.removeAll(keepingCapacity: true)
    symbols.reserveCapacity(range.count + 1)
    blocks.withUnsafeBufferPointer { blocks in
      pages.withUnsafeBufferPointer { pages in
        let ascii = Int(pages[0]) << 8
        var at = range.lowerBound
        while at < range.upperBound {
          let lead = text[at]
          if lead < 0x80 {
            symbols.append(blocks[ascii | Int(lead)])
            at += 1
            continue
          }
          let (scalar, length) = text.scalar(at: at)
          symbols.append(blocks[Int(pages[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)])
          for _ in 1..<max(1, min(length, range.upperBound - at)) { symbols.append(Self.inside) }
          at += max(1, length)
        }
      }
    }
    symbols.append(Self.end)
  }
}
