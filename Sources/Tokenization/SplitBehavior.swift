/// What becomes of the matches of a pattern that text is cut at.
///
/// The cases are those of `SplitDelimiterBehavior` of `tokenizers`.
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// Calls `body` with each part of the text that is not empty, in order.
  func split(
    _ text: Bytes, _ range: Range<Int>, at pattern: Pattern, isInverted: Bool,
    _ body: (Range<Int>) -> Void
  ) {
    func emit(_ part: Range<Int>) {
      if !part.isEmpty { body(part) }
    }
    var open: Range<Int>?
    var wasMatch = false
    /// For `mergedWithNext`: the matches since the last stretch that is none.
    var row: [Range<Int>] = []
    func close() {
      if let part = open { emit(part) }
      open = nil
    }
    pattern.split(text, range) { part, matched in
      let isMatch = matched != isInverted
      switch self {
      case .removed: if !isMatch { emit(part) }
      case .isolated: emit(part)
      case .contiguous, .mergedWithPrevious:
        let joins = self == .contiguous ? isMatch == wasMatch : isMatch && !wasMatch
        if joins, let before = open {
          open = before.lowerBound..<part.upperBound
        } else {
          close()
          open = part
        }
        wasMatch = isMatch
      case .mergedWithNext:
        if isMatch {
          row.append(part)
        } else {
          // From the right: the last match joins what follows, those before stand alone.
          for single in row.dropLast() { emit(single) }
          emit((row.last ?? part).lowerBound..<part.upperBound)
          row = []
        }
      }
    }
    close()
    for single in row { emit(single) }
  }
}
