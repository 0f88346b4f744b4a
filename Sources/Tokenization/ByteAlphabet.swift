/// GPT-2's spelling of bytes as printable characters: a space is Ġ, a line feed is Ċ.
///
/// Source: `bytes_to_unicode` in OpenAI's gpt-2 `encoder.py`.
enum ByteAlphabet {
  /// The character for each byte.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? "\u{FFFD}"
      }
    }
  }()

  /// The byte for each code point; nil if no byte has that character.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x180)
    for (byte, character) in zip(UInt8.min...UInt8.max, characters) {
      bytes[Int(character.value)] = byte
    }
    return bytes
  }()

  /// The bytes of a token's spelling. A spelling with any other character stands for itself.
  static func bytes(of spelling: [UInt8]) -> [UInt8] { knownBytes(of: spelling) ?? spelling }

  /// The bytes of a token's spelling; nil if it has any other character.
  static func knownBytes(of spelling: some Collection<UInt8>) -> [UInt8]? {
    var found: [UInt8] = []
    found.reserveCapacity(spelling.count)
    let bytes = bytes
    for character in String(decoding: spelling, as: UTF8.self).unicodeScalars {
      guard character.value < bytes.count, let byte = bytes[Int(character.value)] else {
        return nil
      }
      found.append(byte)
    }
    return found
  }

  /// `text[range]` with every byte spelled as a character, which is aligned to the character that
  /// the byte belongs to; nil for an empty range.
  static func spelled(_ text: AlignedText, _ range: Range<Int>) -> ChangedText? {
    if range.isEmpty { return nil }
    let characters = characters
    var change = TextChange(of: text, range)
    for index in range {
      let scalar = characters[Int(text.bytes[index])].value
      if index == change.at { change.replace(with: scalar) } else { change.insert(scalar) }
    }
    return change.text
  }
}
