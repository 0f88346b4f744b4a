/// A change of the text before it is split into words.
indirect enum Normalizer: Sendable {
  case form(UnicodeForm)
  case lowercase
  case stripAccents
  /// Removes white space from the ends.
  case strip(left: Bool, right: Bool)
  case replace(Pattern, with: [UInt32])
  /// Inserts characters in front of a text that is not empty.
  case prepend([UInt32])
  /// Spells every byte as a character (`ByteAlphabet`).
  case byteLevel
  case sequence([Normalizer])

  /// `text[range]` after the change; nil if nothing changes.
  ///
  /// - Complexity: O(n) in the bytes of the range.
  func normalize(_ text: AlignedText, _ range: Range<Int>) -> ChangedText? {
    switch self {
    case .form(let form): return form.normalize(text, range)
    case .lowercase: return lowercased(text, range)
    case .stripAccents:
      let accents = UnicodeProperties.accentSet
      return Self.map(text, range) { $0 >= 0x300 && accents.contains($0) ? [] : nil }
    case .strip(let left, let right): return stripped(text, range, left, right)
    case .replace(let pattern, let content): return replaced(text, range, pattern, content)
    case .prepend(let content): return Self.prepended(content, to: text, range)
    case .byteLevel: return ByteAlphabet.spelled(text, range)
    case .sequence(let steps):
      var current: ChangedText?
      for step in steps {
        if let text = current {
          current = text.withView { step.normalize($0, 0..<text.bytes.count) } ?? text
        } else {
          current = step.normalize(text, range)
        }
      }
      return current
    }
  }

  /// Changes characters one by one; `change` returns nil to keep a character, an empty list to
  /// remove it.
  private static func map(
    _ text: AlignedText, _ range: Range<Int>, _ change: (UInt32) -> [UInt32]?
  ) -> ChangedText? {
    var result: TextChange?
    var at = range.lowerBound
    while at < range.upperBound {
      let (scalar, length) = text.bytes.scalar(at: at)
      let end = min(range.upperBound, at + max(1, length))
      if let parts = change(scalar) {
        if result == nil { result = TextChange(of: text, range) }
        result?.copy(to: at)
        if let first = parts.first { result?.replace(with: first) }
        for part in parts.dropFirst() { result?.insert(part) }
        result?.remove(to: end)
      }
      at = end
    }
    result?.copy(to: range.upperBound)
    return result?.text
  }

  private func lowercased(_ text: AlignedText, _ range: Range<Int>) -> ChangedText? {
    let lowerCase = UnicodeProperties.lowerCase
    return Self.map(text, range) { scalar in
      if scalar < 0x80 { return (0x41...0x5A).contains(scalar) ? [scalar + 32] : nil }
      return lowerCase[scalar]
    }
  }

  private func stripped(
    _ text: AlignedText, _ range: Range<Int>, _ left: Bool, _ right: Bool
  ) -> ChangedText? {
    let unicode = UnicodeTables.shared
    var lower = range.lowerBound
    var upper = range.upperBound
    while left, lower < upper {
      let (scalar, length) = text.bytes.scalar(at: lower)
      if unicode.kind(of: scalar) != .space { break }
      lower = min(upper, lower + length)
    }
    while right, lower < upper {
      let start = max(lower, text.bytes.scalarStart(upper - 1))
      if unicode.kind(of: text.bytes.scalar(at: start).value) != .space { break }
      upper = start
    }
    if lower..<upper == range { return nil }
    var change = TextChange(of: text, range)
    change.remove(to: lower)
    change.copy(to: upper)
    return change.text
  }

  private func replaced(
    _ text: AlignedText, _ range: Range<Int>, _ pattern: Pattern, _ content: [UInt32]
  ) -> ChangedText? {
    if range.isEmpty { return nil }
    var change: TextChange?
    pattern.split(text.bytes, range) { part, isMatch in
      guard isMatch else { return }
      if change == nil { change = TextChange(of: text, range) }
      change?.copy(to: part.lowerBound)
      change?.remove(to: part.upperBound)
      for scalar in content { change?.insert(scalar) }
    }
    change?.copy(to: range.upperBound)
    return change?.text
  }

  /// `text[range]` with `content` in front, aligned to the first character; nil if the range is
  /// empty.
  static func prepended(
    _ content: [UInt32], to text: AlignedText, _ range: Range<Int>
  ) -> ChangedText? {
    guard !range.isEmpty, let first = content.first else { return nil }
    var change = TextChange(of: text, range)
    let next = text.bytes.scalar(at: range.lowerBound).value
    change.replace(with: first)
    for scalar in content.dropFirst() { change.insert(scalar) }
    change.insert(next)
    change.copy(to: range.upperBound)
    return change.text
  }
}
