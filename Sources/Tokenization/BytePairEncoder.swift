import JSON

/// Merges the characters or bytes of a word into tokens: always the pair of lowest rank, and of
/// several the leftmost.
struct BytePairEncoder: Sendable {
  /// The symbols of a word before anything is merged.
  enum Alphabet: Sendable {
    /// The token id for each byte; −1 for bytes that never occur in UTF-8.
    case bytes([Int32])
    case characters(CharacterAlphabet)
  }

  let alphabet: Alphabet
  let merges: MergeTable
  /// Words that are one token without any merging (`ignore_merges`).
  let wholeWords: WordTable?

  /// A token, or a part of a future one.
  struct Symbol {
    /// The token id; −1 after the symbol was merged into its left neighbour.
    var id: Int32
    var start: Int
    var end: Int
    /// The indices of the neighbours. `next` is the count for the last symbol, `previous` is −1 for
    /// the first.
    var previous: Int
    var next: Int
  }

  /// Arrays that are reused for every word of a text.
  struct Scratch {
    /// A linked list in an array: start at 0 and follow `next` until the count.
    fileprivate var symbols: [Symbol] = []
    fileprivate var queue = MergeQueue()
  }

  /// Calls `body` with the tokens of `text[word]` and the bytes of each, in order.
  ///
  /// - Complexity: O(n log n) in the bytes of the word.
  @inline(__always)
  func encode(
    _ text: Bytes, _ word: Range<Int>, _ scratch: inout Scratch,
    _ body: (_ id: Int32, _ range: Range<Int>) -> Void
  ) {
    if let id = wholeWords?.id(of: text.slice(word)) { return body(id, word) }
    scratch.symbols.removeAll(keepingCapacity: true)
    switch alphabet {
    case .bytes(let ids):
      for index in word {
        let id = ids[Int(text[index])]
        if id >= 0 { Self.append(id, index..<index + 1, to: &scratch) }
      }
    case .characters(let characters): Self.spell(text, word, with: characters, &scratch)
    }
    if scratch.symbols.count > 1 { merge(&scratch) }
    var at = 0
    while at < scratch.symbols.count {
      let symbol = scratch.symbols[at]
      body(symbol.id, symbol.start..<symbol.end)
      at = symbol.next
    }
  }

  @inline(__always)
  private static func append(_ id: Int32, _ range: Range<Int>, to scratch: inout Scratch) {
    let place = scratch.symbols.count
    scratch.symbols.append(
      Symbol(
        id: id, start: range.lowerBound, end: range.upperBound, previous: place - 1,
        next: place + 1))
  }

  /// Splits a word into symbols like `BPE::merge_word` of `tokenizers`. Positions are sums of the
  /// symbols' lengths, so a character without a token shifts those after it; tokens of bytes come
  /// before a pending unknown token.
  private static func spell(
    _ text: Bytes, _ word: Range<Int>, with characters: CharacterAlphabet,
    _ scratch: inout Scratch
  ) {
    var start = word.lowerBound
    var unknown: Int?
    func add(_ id: Int32, _ length: Int) {
      append(id, start..<start + length, to: &scratch)
      start += length
    }
    func addUnknown() {
      if let length = unknown, let id = characters.unknown { add(id, length) }
      unknown = nil
    }
    var at = word.lowerBound
    while at < word.upperBound {
      let (scalar, size) = text.scalar(at: at)
      let end = min(word.upperBound, at + max(1, size))
      defer { at = end }
      if let id = characters.id(
        of: scalar, isFirst: at == word.lowerBound, isLast: end == word.upperBound)
      {
        addUnknown()
        add(id, end - at)
        continue
      }
      if let ids = characters.byteIDs, (at..<end).allSatisfy({ ids[Int(text[$0])] >= 0 }) {
        for index in at..<end { add(ids[Int(text[index])], 1) }
        continue
      }
      guard characters.unknown != nil else { continue }
      if let length = unknown, characters.fusesUnknown {
        unknown = length + end - at
      } else {
        addUnknown()
        unknown = end - at
      }
    }
    addUnknown()
  }

  private func merge(_ scratch: inout Scratch) {
    let count = scratch.symbols.count
    var queue = MergeQueue()
    swap(&queue, &scratch.queue)
    defer { swap(&queue, &scratch.queue) }
    for place in 0..<max(0, count - 1) {
      enqueue(place, scratch.symbols, &queue)
    }
    while let (rank, place) = queue.pop() {
      let left = scratch.symbols[place]
      // The entry is stale if its symbol, or its symbol's neighbour, has been merged since.
      guard left.id >= 0, left.next < count else { continue }
      let right = scratch.symbols[left.next]
      guard let merge = merges.merge(left.id, right.id), merge.rank == rank else { continue }
      scratch.symbols[place].id = merge.id
      scratch.symbols[place].end = right.end
      scratch.symbols[place].next = right.next
      scratch.symbols[left.next].id = -1
      if right.next < count { scratch.symbols[right.next].previous = place }
      if left.previous >= 0 { enqueue(left.previous, scratch.symbols, &queue) }
      enqueue(place, scratch.symbols, &queue)
    }
  }

  @inline(__always)
  private func enqueue(_ place: Int, _ symbols: [Symbol], _ queue: inout MergeQueue) {
    let next = symbols[place].next
    guard next < symbols.count, let merge = merges.merge(symbols[place].id, symbols[next].id)
    else { return }
    queue.push(rank: merge.rank, place: place)
  }
}

/// A binary heap of possible merges, ordered by rank and then from left to right.
private struct MergeQueue {
  /// Each key has the rank in the bits above `placeBits` and the index of the left symbol below.
  private var keys: [UInt64] = []
  private static let placeBits: UInt64 = 40

  mutating func push(rank: Int, place: Int) {
    let key = UInt64(rank) << Self.placeBits | UInt64(place)
    var child = keys.count
    keys.append(key)
    while child > 0 {
      let parent = (child - 1) / 2
      if keys[parent] <= key { break }
      keys[child] = keys[parent]
      child = parent
    }
    keys[child] = key
  }

  mutating func pop() -> (rank: Int, place: Int)? {
    guard let top = keys.first, let last = keys.popLast() else { return nil }
    if !keys.isEmpty {
      var parent = 0
      while true {
        var child = 2 * parent + 1
        if child >= keys.count { break }
        if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
        if keys[child] >= last { break }
        keys[parent] = keys[child]
        parent = child
      }
      keys[parent] = last
    }
    return (Int(top >> Self.placeBits), Int(top & (1 << Self.placeBits - 1)))
  }
}
