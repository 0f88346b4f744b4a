/// The tokens of single characters, which are the first symbols of a word, and the treatment of
/// characters without a token.
struct CharacterAlphabet: Sendable {
  /// The token of each character, for four places in a word: the index is 1 if the character is not
  /// the first of the word, plus 2 if it is the last.
  private var ids: [[UInt32: Int32]]
  /// The token of each character up to U+017F, at `place · 0x180 + character`; −1 for none.
  private var lowIDs: [Int32]
  /// The token `<0xNN>` for each byte, if unknown characters are encoded as bytes; −1 for none.
  let byteIDs: [Int32]?
  /// The token of an unknown character; if nil, such characters are left out.
  let unknown: Int32?
  /// Whether consecutive unknown characters become one token.
  let fusesUnknown: Bool

  private static let low: UInt32 = 0x180

  /// - Parameters:
  ///   - prefix: precedes every character except the first of a word (`##`).
  ///   - suffix: follows the last character of a word (`</w>`).
  init(
    _ vocabulary: Vocabulary, prefix: String, suffix: String, fallsBackOnBytes: Bool,
    unknown: Int32?, fusesUnknown: Bool
  ) {
    self.unknown = unknown
    self.fusesUnknown = fusesUnknown
    ids = Array(repeating: [:], count: 4)
    lowIDs = Array(repeating: -1, count: 4 * Int(Self.low))
    for (key, id) in vocabulary.ids {
      for place in 0..<4 {
        var scalars = Array(key.text.unicodeScalars)[...]
        if place & 1 != 0 {
          guard scalars.starts(with: prefix.unicodeScalars) else { continue }
          scalars = scalars.dropFirst(prefix.unicodeScalars.count)
        }
        if place & 2 != 0 {
          guard scalars.reversed().starts(with: suffix.unicodeScalars.reversed()) else { continue }
          scalars = scalars.dropLast(suffix.unicodeScalars.count)
        }
        guard scalars.count == 1, let scalar = scalars.first?.value else { continue }
        if scalar < Self.low {
          lowIDs[place * Int(Self.low) + Int(scalar)] = id
        } else {
          ids[place][scalar] = id
        }
      }
    }
    byteIDs = fallsBackOnBytes ? Self.byteIDs(vocabulary) : nil
  }

  /// The token `<0xNN>` for each byte; −1 for none.
  static func byteIDs(_ vocabulary: Vocabulary) -> [Int32] {
    (UInt8.min...UInt8.max).map { vocabulary.id(of: spelling(of: $0)) ?? -1 }
  }

  @inline(__always)
  func id(of scalar: UInt32, isFirst: Bool, isLast: Bool) -> Int32? {
    let place = (isFirst ? 0 : 1) | (isLast ? 2 : 0)
    if scalar < Self.low {
      let id = lowIDs[place * Int(Self.low) + Int(scalar)]
      return id < 0 ? nil : id
    }
    return ids[place][scalar]
  }

  /// The spelling of a byte's token, such as `<0x0A>`.
  static func spelling(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
  }
}
