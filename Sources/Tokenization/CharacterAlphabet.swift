/// The tokens that single characters of a word start as, and what becomes of characters that have
/// none.
struct CharacterAlphabet: Sendable {
  /// By place in the word, 1 for behind the first character plus 2 for the last one: the token of
  /// each character there.
  private var ids: [[UInt32: Int32]]
  /// The same for characters up to U+017F, at `place · 0x180 + character`; −1 for none.
  private var lowIDs: [Int32]
  /// By byte, the token `<0xNN>`, where unknown characters fall back on their bytes; −1 for none.
  let byteIDs: [Int32]?
  /// The token of an unknown character; without one it is left out.
  let unknown: Int32?
  /// Unknown characters in a row are one token.
  let fusesUnknown: Bool

  private static let low: UInt32 = 0x180

  /// - Parameters:
  ///   - prefix: stands in front of every character but a word's first (`##`).
  ///   - suffix: stands behind a word's last character (`</w>`).
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

  /// By byte, the token `<0xNN>`; −1 for none.
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

  /// `<0x0A>`
  static func spelling(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
  }
}
