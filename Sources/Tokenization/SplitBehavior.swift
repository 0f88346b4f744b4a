/// How the matches of a pattern are treated when text is split at them.
///
/// The cases are those of `SplitDelimiterBehavior` in `tokenizers`.
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// Calls `body` with each part of the text, in order, without empty parts.
  func split(
    _ text: Bytes, _ range: Range<Int>, at pattern: Pattern, isInverted: Bool,
    _ body: (Range<Int>) -> Void
  ) {
    func emit(_ part: Range<Int>) {
      if !part.isEmpty { body(part) }
    }
    var open: Range<Int>?
    var wasMatch = false
    /// For `mergedWithNext`: the matches since the last part that is not a match.
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
          // Only the last match is joined to the part after it; the others are parts of their own.
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
