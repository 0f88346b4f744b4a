/// Properties of characters that only some tokenizers need; each table is read when first used.
enum UnicodeProperties {
  /// The characters that `\p{NAME}` matches in Oniguruma 6.9 (Unicode 16). Names are general
  /// categories, their groups (`L`, `Letter`) and scripts; nil for any other name.
  static func set(named name: String) -> ScalarSet? {
    let plain = name.lowercased().filter { $0 != "_" && $0 != " " && $0 != "-" }
    if plain == "any" { return .all }
    if let category = longNames[plain] ?? (categorySets[plain] != nil ? plain : nil) {
      return categorySets[category]
    }
    return scriptSets[plain]
  }

  /// The characters of Oniguruma's `\w`: alphabetic characters, marks, decimal digits, connectors.
  static let word = membership(words)
  /// The characters at which the pre-tokenizer `Punctuation` splits.
  static let punctuationSet = membership(punctuation)
  /// The characters that the normalizer `StripAccents` removes.
  static let accentSet = membership(accents)
  /// The characters of `\p{N}`, at which the pre-tokenizer `Digits` splits too.
  static let numbers = categorySets["n"] ?? ScalarSet([])
  /// The lower case of characters that differ from it.
  static let lowerCase = mapping(lowerCases)
  /// Full compatibility decompositions, for characters where they differ from the canonical ones.
  static let compatibility = mapping(compatibilities)

  private static let longNames: [String: String] = [
    "letter": "l", "mark": "m", "number": "n", "punctuation": "p", "punct": "p", "symbol": "s",
    "separator": "z", "other": "c", "uppercaseletter": "lu", "lowercaseletter": "ll",
    "titlecaseletter": "lt", "modifierletter": "lm", "otherletter": "lo", "nonspacingmark": "mn",
    "spacingmark": "mc", "enclosingmark": "me", "decimalnumber": "nd", "digit": "nd",
    "letternumber": "nl", "othernumber": "no", "control": "cc", "cntrl": "cc",
  ]

  /// The set of every category, and of every group of categories, keyed by its name in lower case.
  private static let categorySets: [String: ScalarSet] = {
    let names = categoryNames.split(separator: " ").map { $0.lowercased() }
    let letters = Array("ghijklmnopqrstuvwxyzABCDEFGHI".unicodeScalars)
    var ranges = [[ClosedRange<UInt32>]](repeating: [], count: names.count)
    var reader = TableReader(categories)
    var at: UInt32 = 0
    while let (length, letter) = reader.next() {
      if length > 0, let place = letters.firstIndex(of: letter) {
        ranges[place].append(at...at + length - 1)
      }
      at += length
    }
    var sets: [String: ScalarSet] = [:]
    for (name, own) in zip(names, ranges) {
      sets[name] = ScalarSet(own)
      let group = String(name.prefix(1))
      sets[group] = ScalarSet(own).union(sets[group] ?? ScalarSet([]))
    }
    return sets
  }()

  private static let scriptSets: [String: ScalarSet] = {
    var sets: [String: ScalarSet] = [:]
    var reader = TableReader(scripts)
    for name in scriptNames.split(separator: " ") {
      sets[name.lowercased()] = membership(&reader)
    }
    return sets
  }()

  private static func membership(_ table: StaticString) -> ScalarSet {
    var reader = TableReader(table)
    return membership(&reader)
  }

  /// Reads the lengths of runs that are alternately outside and inside a set, up to a semicolon or
  /// the end.
  private static func membership(_ reader: inout TableReader) -> ScalarSet {
    var ranges: [ClosedRange<UInt32>] = []
    var at: UInt32 = 0
    var isMember = false
    while let (length, mark) = reader.next(), mark == "," {
      if isMember, length > 0 { ranges.append(at...at + length - 1) }
      at += length
      isMember.toggle()
    }
    return ScalarSet(ranges)
  }

  private static func mapping(_ table: StaticString) -> [UInt32: [UInt32]] {
    var result: [UInt32: [UInt32]] = [:]
    var reader = TableReader(table)
    var at: UInt32 = 0
    while let (distance, _) = reader.next() {
      at += distance
      var parts: [UInt32] = []
      while let (part, mark) = reader.next() {
        parts.append(part)
        if mark == ";" { break }
      }
      result[at] = parts
    }
    return result
  }
}
