/// A stretch of the original text that something came from.
struct Span: Equatable {
  var lower: Int
  var upper: Int
}

/// Text on its way to the model, with where it stands in the original.
///
/// A view: whoever makes one keeps its bytes and spans for as long.
struct AlignedText {
  let bytes: Bytes
  /// For each byte, what it came from; nil while this is the original itself.
  let spans: UnsafeBufferPointer<Span>?

  /// The original.
  init(original: Bytes) {
    bytes = original
    spans = nil
  }

  init(bytes: Bytes, spans: UnsafeBufferPointer<Span>) {
    self.bytes = bytes
    self.spans = spans
  }

  /// What the character of the byte at `index` came from.
  @inline(__always)
  func span(_ index: Int) -> Span {
    if let spans { return spans[index] }
    let start = bytes.scalarStart(index)
    return Span(lower: start, upper: start + bytes.scalar(at: start).length)
  }
}

/// Changed text, before anything looks at it.
struct ChangedText {
  var bytes: [UInt8] = []
  var spans: [Span] = []

  func withView<R>(_ body: (AlignedText) throws -> R) rethrows -> R {
    try bytes.withUnsafeBufferPointer { bytes in
      try spans.withUnsafeBufferPointer { try body(AlignedText(bytes: bytes, spans: $0)) }
    }
  }
}

/// Writes changed text character by character, aligned as `transform_range` of `tokenizers` does.
struct TextChange {
  private(set) var text = ChangedText()
  private let source: AlignedText
  private let range: Range<Int>
  /// The next character of the source that nothing has replaced or removed.
  private(set) var at: Int

  init(of source: AlignedText, _ range: Range<Int>) {
    self.source = source
    self.range = range
    at = range.lowerBound
    text.bytes.reserveCapacity(range.count + 16)
    text.spans.reserveCapacity(range.count + 16)
  }

  /// Passes characters of the source by, which have nothing in their place.
  mutating func remove(to end: Int) { at = max(at, min(end, range.upperBound)) }

  /// Copies the source up to `end`.
  mutating func copy(to end: Int) {
    while at < end {
      text.bytes.append(source.bytes[at])
      text.spans.append(source.span(at))
      at += 1
    }
  }

  /// Adds a character that stands for none of the source: it is aligned to what was passed last.
  mutating func insert(_ scalar: UInt32) {
    let before =
      at > range.lowerBound
      ? source.span(at - 1)
      : range.isEmpty
        ? Span(lower: 0, upper: 0)
        : Span(lower: source.span(at).lower, upper: source.span(at).lower)
    append(scalar, before)
  }

  /// Puts a character in the place of the next one, and removes `removed` more behind that.
  mutating func replace(with scalar: UInt32, removing removed: Int = 0) {
    guard at < range.upperBound else { return insert(scalar) }
    let span = source.span(at)
    for _ in 0...removed where at < range.upperBound {
      at = min(range.upperBound, at + max(1, source.bytes.scalar(at: at).length))
    }
    append(scalar, span)
  }

  private mutating func append(_ scalar: UInt32, _ span: Span) {
    let scalar = Unicode.Scalar(scalar) ?? "\u{FFFD}"
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      text.bytes.append(byte)
      text.spans.append(span)
    }
  }
}
