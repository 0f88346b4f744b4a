extension Array {
  /// The element at `index`; nil if there is none. A findings file is read from disk, where it may
  /// have been edited, so lists may be shorter than they were written.
  func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
