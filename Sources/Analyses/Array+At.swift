extension Array {
  /// The element, or nil past the end: a findings file is read from disk, where it may have been
  /// edited.
  func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
