/// GPT-2's spelling of bytes as printable characters: a space is Ġ, a line feed Ċ.
///
/// Source: `bytes_to_unicode` in OpenAI's gpt-2 `encoder.py`.
enum ByteAlphabet {
  /// By byte.
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

  /// By code point; nil where a character stands for no byte.
  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x180)
    for (byte, character) in zip(UInt8.min...UInt8.max, characters) {
      bytes[Int(character.value)] = byte
    }
    return bytes
  }()

  /// The bytes that a token's text stands for; text with any other character stands for itself.
  static func bytes(of text: String) -> [UInt8] {
    var found: [UInt8] = []
    found.reserveCapacity(text.utf8.count)
    let bytes = bytes
    for character in text.unicodeScalars {
      guard character.value < bytes.count, let byte = bytes[Int(character.value)] else {
        return Array(text.utf8)
      }
      found.append(byte)
    }
    return found
  }

  static func text(of bytes: Bytes) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(characters[Int(byte)]) }
    return String(text)
  }
}
