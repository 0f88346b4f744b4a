/// The range of the original text from which a character was made.
struct Span: Equatable {
  var lower: Int
  var upper: Int
}

/// A text between the original and the model, with the place of each byte in the original.
///
/// This is a view: its creator must keep the bytes and spans alive.
struct AlignedText {
  let bytes: Bytes
  /// The span in the original for each byte; nil if this is the original text.
  let spans: UnsafeBufferPointer<Span>?

  /// A view of the original text.
  init(original: Bytes) {
    bytes = original
    spans = nil
  }

  init(bytes: Bytes, spans: UnsafeBufferPointer<Span>) {
    self.bytes = bytes
    self.spans = spans
  }

  /// The span in the original of the character that contains the byte at `index`.
  @inline(__always)
  func span(_ index: Int) -> Span {
    if let spans { return spans[index] }
    let start = bytes.scalarStart(index)
    return Span(lower: start, upper: start + bytes.scalar(at: start).length)
  }
}

/// The storage of a changed text.
struct ChangedText {
  var bytes: [UInt8] = []
  var spans: [Span] = []

  func withView<R>(_ body: (AlignedText) throws -> R) rethrows -> R {
    try bytes.withUnsafeBufferPointer { bytes in
      try spans.withUnsafeBufferPointer { try body(AlignedText(bytes: bytes, spans: $0)) }
    }
  }
}

/// Writes a changed text character by character, aligned like `transform_range` of `tokenizers`.
struct TextChange {
  private(set) var text = ChangedText()
  private let source: AlignedText
  private let range: Range<Int>
  /// The next character of the source that is neither replaced nor removed.
  private(set) var at: Int

  init(of source: AlignedText, _ range: Range<Int>) {
    self.source = source
    self.range = range
    at = range.lowerBound
    text.bytes.reserveCapacity(range.count + 16)
    text.spans.reserveCapacity(range.count + 16)
  }

  /// Removes the characters of the source up to `end`.
  mutating func remove(to end: Int) { at = max(at, min(end, range.upperBound)) }

  /// Copies the source up to `end`.
  mutating func copy(to end: Int) {
    while at < end {
      text.bytes.append(source.bytes[at])
      text.spans.append(source.span(at))
      at += 1
    }
  }

  /// Inserts a character that replaces none; it is aligned to the source character before it.
  mutating func insert(_ scalar: UInt32) {
    let before =
      at > range.lowerBound
      ? source.span(at - 1)
      : range.isEmpty
        ? Span(lower: 0, upper: 0)
        : Span(lower: source.span(at).lower, upper: source.span(at).lower)
    append(scalar, before)
  }

  /// Replaces the next character, and removes `removed` more after it.
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
