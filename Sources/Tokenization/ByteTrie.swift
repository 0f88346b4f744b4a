/// Finds which of many byte strings start at a given place in a text.
struct ByteTrie: Sendable {
  /// The edges: a node and a byte lead to the next node; the root is 0.
  private var edges: MergeTable
  /// The value of the string that ends at each node; −1 for none.
  private var values: [Int32] = [-1]
  /// Whether a string begins with each byte.
  private var starts = [Bool](repeating: false, count: 256)

  /// - Parameter byteCount: the total number of bytes of all strings.
  init(byteCount: Int) { edges = MergeTable(capacity: byteCount) }

  /// Adds a string. Of equal strings the first counts; an empty string is never found.
  mutating func insert(_ string: some Sequence<UInt8>, value: Int32) {
    var node: Int32 = 0
    for byte in string {
      if node == 0 { starts[Int(byte)] = true }
      if let edge = edges.merge(node, Int32(byte)) {
        node = edge.id
      } else {
        let next = Int32(values.count)
        edges.set(node, Int32(byte), to: .init(rank: 0, id: next))
        values.append(-1)
        node = next
      }
    }
    if node != 0, values[Int(node)] < 0 { values[Int(node)] = value }
  }

  /// Calls `body` with each string that starts at `start`, the shortest first.
  ///
  /// - Complexity: O(m) for strings of at most m bytes.
  @inline(__always)
  func matches(
    _ text: Bytes, from start: Int, to limit: Int, _ body: (_ end: Int, _ value: Int32) -> Void
  ) {
    guard start < limit, starts[Int(text[start])] else { return }
    var node: Int32 = 0
    for index in start..<limit {
      guard let edge = edges.merge(node, Int32(text[index])) else { return }
      node = edge.id
      if values[Int(node)] >= 0 { body(index + 1, values[Int(node)]) }
    }
  }
}
