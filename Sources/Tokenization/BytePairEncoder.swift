import JSON

/// Merges the bytes of a word into tokens: always the pair of lowest rank, leftmost first.
struct BytePairEncoder: Sendable {
  /// The token of each byte; −1 for a byte that has none, which is left out as `tokenizers` does.
  let byteIDs: [Int32]
  let merges: MergeTable
  /// Tokens that stand for a whole word without being merged (`ignore_merges`), by their text.
  let wholeWords: [ByteKey: Int32]?

  /// Arrays that every word of a text uses again.
  struct Scratch {
    /// A list threaded through an array: follow `next` from 0 to the count.
    fileprivate(set) var symbols: [Symbol] = []
    fileprivate var queue = MergeQueue()
  }

  struct Symbol {
    /// −1 once merged into the symbol on its left.
    var id: Int32
    var start: Int
    var end: Int
    /// Neighbours in the list; `next` is the count at the end, `previous` −1 at the start.
    var previous: Int
    var next: Int
  }

  /// Leaves the tokens of `text[word]` in the scratch's symbols, each with its bytes in `text`.
  ///
  /// - Complexity: O(n log n).
  func encode(_ text: Bytes, _ word: Range<Int>, _ scratch: inout Scratch) {
    scratch.symbols.removeAll(keepingCapacity: true)
    if let wholeWords, let id = wholeWords[ByteKey(ByteAlphabet.text(of: text.slice(word)))] {
      scratch.symbols.append(
        Symbol(id: id, start: word.lowerBound, end: word.upperBound, previous: -1, next: 1))
      return
    }
    for index in word {
      let id = byteIDs[Int(text[index])]
      if id < 0 { continue }
      let place = scratch.symbols.count
      scratch.symbols.append(
        Symbol(id: id, start: index, end: index + 1, previous: place - 1, next: place + 1))
    }
    merge(&scratch)
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
      // A symbol that was merged away, or whose neighbour was, left its entry in the queue.
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

/// A binary heap of merges that may be made, by rank, then from the left.
private struct MergeQueue {
  /// Rank above `placeBits`, place below.
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
