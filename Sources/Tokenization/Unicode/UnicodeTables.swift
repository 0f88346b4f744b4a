/// Character properties in the versions that Hugging Face `tokenizers` 0.21 uses.
///
/// It splits by Unicode 16 and normalizes to NFC by Unicode 9. The standard library has newer
/// tables, which would give other tokens.
struct UnicodeTables: Sendable {
  /// The kinds of characters that GPT-2's pattern distinguishes.
  enum Kind: UInt8 {
    case other
    case letter
    case number
    case space
  }

  static let shared = UnicodeTables()

  /// The characters that `\s` matches, in both regular expression engines of `tokenizers`.
  static let spaces = ScalarSet(
    (UInt32(0)...ScalarSet.largest).filter { shared.kind(of: $0) == .space }.map { $0...$0 })

  /// The characters that `\w` matches in Rust's regex crate, which is used for tokens that are
  /// single words.
  static let words = ScalarSet(
    (UInt32(0)...ScalarSet.largest).filter(shared.isWord).map { $0...$0 })

  /// The kind of each code point in the two lowest bits, plus `wordBit` and `reactsBit`.
  private let properties: [UInt8]
  private let combiningClasses: [UInt32: UInt8]
  private let decompositions: [UInt32: [UInt32]]
  private let compositions: [UInt64: UInt32]

  private static let wordBit: UInt8 = 4
  private static let reactsBit: UInt8 = 8

  func kind(of scalar: UInt32) -> Kind {
    Kind(rawValue: properties[Int(scalar)] & 3) ?? .other
  }

  /// Whether `\w` of Rust's regex crate matches the character.
  func isWord(_ scalar: UInt32) -> Bool { properties[Int(scalar)] & Self.wordBit != 0 }

  /// Whether NFC can change the character or join it to the one before it.
  func reacts(_ scalar: UInt32) -> Bool { properties[Int(scalar)] & Self.reactsBit != 0 }

  func combiningClass(of scalar: UInt32) -> UInt8 { combiningClasses[scalar] ?? 0 }

  /// The full canonical decomposition; nil for a character that is its own.
  func decomposition(of scalar: UInt32) -> [UInt32]? {
    guard let syllable = Hangul.index(of: scalar) else { return decompositions[scalar] }
    let vowel = syllable % Hangul.perLead / Hangul.trails
    let jamo = [Hangul.lead + syllable / Hangul.perLead, Hangul.vowel + vowel]
    let trail = syllable % Hangul.trails
    return trail == 0 ? jamo : jamo + [Hangul.trail + trail]
  }

  /// The primary composite of two characters; nil if there is none.
  func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first >= Hangul.lead, first < Hangul.lead + Hangul.leads,
      second >= Hangul.vowel, second < Hangul.vowel + Hangul.vowels
    {
      let lead = first - Hangul.lead
      return Hangul.syllable + (lead * Hangul.vowels + second - Hangul.vowel) * Hangul.trails
    }
    if let syllable = Hangul.index(of: first), syllable % Hangul.trails == 0,
      second > Hangul.trail, second < Hangul.trail + Hangul.trails
    {
      return first + second - Hangul.trail
    }
    return compositions[UInt64(first) << 32 | UInt64(second)]
  }

  /// Hangul syllables are composed arithmetically (Unicode standard, chapter 3.12).
  private enum Hangul {
    static let syllable: UInt32 = 0xAC00
    static let lead: UInt32 = 0x1100
    static let vowel: UInt32 = 0x1161
    /// The code point before the first trailing consonant.
    static let trail: UInt32 = 0x11A7
    static let leads: UInt32 = 19
    static let vowels: UInt32 = 21
    static let trails: UInt32 = 28
    static let perLead = vowels * trails

    static func index(of scalar: UInt32) -> UInt32? {
      scalar >= syllable && scalar < syllable + leads * perLead ? scalar - syllable : nil
    }
  }

  private init() {
    var properties = [UInt8](repeating: 0, count: 0x11_0000)
    var at = 0
    var reader = TableReader(Self.kinds)
    while let (length, kind) = reader.next() {
      let value: UInt8 =
        switch kind {
        case "l": Kind.letter.rawValue | Self.wordBit
        case "n": Kind.number.rawValue | Self.wordBit
        case "m": Kind.number.rawValue
        case "s": Kind.space.rawValue
        case "w": Kind.other.rawValue | Self.wordBit
        default: Kind.other.rawValue
        }
      let end = at + Int(length)
      for point in at..<end { properties[point] = value }
      at = end
    }

    var classes: [UInt32: UInt8] = [:]
    var point: UInt32 = 0
    reader = TableReader(Self.combiningClasses)
    while let (length, _) = reader.next(), let (value, _) = reader.next() {
      if value != 0 {
        for mark in point..<point + length { classes[mark] = UInt8(truncatingIfNeeded: value) }
      }
      point += length
    }

    var parts: [UInt32: [UInt32]] = [:]
    var compositions: [UInt64: UInt32] = [:]
    var changed: [UInt32] = []
    point = 0
    reader = TableReader(Self.decompositions)
    while let (distance, _) = reader.next(), let (first, mark) = reader.next() {
      point += distance
      parts[point] = [first]
      var recomposes = false
      if mark == "+", let (second, mark) = reader.next() {
        parts[point] = [first, second]
        recomposes = mark == ";"
        if recomposes {
          compositions[UInt64(first) << 32 | UInt64(second)] = point
          changed.append(second)
        }
      }
      if !recomposes { changed.append(point) }
    }
    changed += classes.keys
    changed += Hangul.vowel..<Hangul.vowel + Hangul.vowels
    changed += Hangul.trail + 1..<Hangul.trail + Hangul.trails
    for scalar in changed { properties[Int(scalar)] |= Self.reactsBit }

    func full(_ scalar: UInt32) -> [UInt32] { parts[scalar]?.flatMap(full) ?? [scalar] }
    decompositions = parts.mapValues { $0.flatMap(full) }
    self.properties = properties
    combiningClasses = classes
    self.compositions = compositions
  }
}
