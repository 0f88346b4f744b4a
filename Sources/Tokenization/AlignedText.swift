/// Text in the form that words are cut from, with where it stands in the original.
struct AlignedText {
  let bytes: Bytes
  /// For each byte, where its character starts in the original; nil when this is the original.
  let sources: [Int]?

  /// Where the character of the byte at `index` starts in the original.
  func source(_ index: Int) -> Int { sources?[index] ?? bytes.scalarStart(index) }
}

/// Text after NFC, with where each of its bytes came from.
struct NormalizedText {
  var bytes: [UInt8] = []
  /// For each byte, where the character of the original that it came from starts.
  var sources: [Int] = []
}
