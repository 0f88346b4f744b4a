/// Parses a regular expression, and refuses by name what it does not support.
///
/// Source: doc/RE of Oniguruma, syntax `ONIG_SYNTAX_ONIGURUMA`, which `tokenizers` uses.
struct RegexParser {
  private let text: [Unicode.Scalar]
  /// The characters that `\w` matches.
  private let word: ScalarSet
  private var at = 0
  private var ignoresCase = false
  private var depth = 0

  private static let depthLimit = 100
  /// The limit of counted repetitions; higher counts would make large programs that no tokenizer
  /// needs.
  private static let countLimit = 1000

  static func parse(_ pattern: String, word: ScalarSet) throws(RegexFault) -> RegexNode {
    var parser = RegexParser(text: Array(pattern.unicodeScalars), word: word)
    if parser.take("(?i)") { parser.ignoresCase = true }
    let node = try parser.alternatives()
    guard parser.at == parser.text.count else { throw RegexFault(found: "a ) without a (") }
    return node
  }

  private init(text: [Unicode.Scalar], word: ScalarSet) {
    self.text = text
    self.word = word
  }

  // MARK: - Structure

  private mutating func alternatives() throws(RegexFault) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw RegexFault(found: "more than \(Self.depthLimit) groups") }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .either(branches)
  }

  private mutating func sequence() throws(RegexFault) -> RegexNode {
    var parts: [RegexNode] = []
    var folded: [Unicode.Scalar] = []
    while let next = peek, next != "|", next != ")" {
      let start = at
      let atom = try atom()
      // Oniguruma also matches these pairs with ligatures and ß, which are single characters.
      if ignoresCase, at == start + 1, next.properties.isAlphabetic {
        folded.append(next)
        let pair = String(String.UnicodeScalarView(folded.suffix(2))).lowercased()
        if ["ss", "ff", "fi", "fl", "st"].contains(pair) {
          throw RegexFault(found: "\"\(pair)\" without regard to case")
        }
      } else {
        folded = []
      }
      parts.append(try repeated(atom))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func repeated(_ atom: RegexNode) throws(RegexFault) -> RegexNode {
    var node = atom
    var isFirst = true
    while let next = peek {
      let least: Int
      let most: Int?
      var isCounted = false
      switch next {
      case "?": (least, most) = (0, 1)
      case "*": (least, most) = (0, nil)
      case "+": (least, most) = (1, nil)
      case "{":
        (least, most) = try count()
        isCounted = true
      default: return node
      }
      if !isFirst { throw RegexFault(found: "a repetition of a repetition") }
      if !isCounted { at += 1 }
      switch node {
      case .ahead, .behind, .boundary: throw RegexFault(found: "a repeated place without width")
      case .either where atom.isNullable, .sequence where atom.isNullable:
        if most != 1 { throw RegexFault(found: "a repetition of what may be empty") }
      default: break
      }
      var greed = RegexGreed.greedy
      if take("?") {
        // In Oniguruma, {n}? and {n}+ have a different meaning than elsewhere.
        if isCounted, most == least { throw RegexFault(found: "{\(least)}?") }
        greed = .lazy
      } else if take("+") {
        if isCounted { throw RegexFault(found: "a possessive {…}+") }
        greed = .possessive
      }
      if greed == .possessive {
        guard case .set = node else { throw RegexFault(found: "a possessive group") }
      }
      node = .repeated(node, least: least, most: most, greed)
      isFirst = false
    }
    return node
  }

  /// Parses `{n}`, `{n,}`, `{,m}` or `{n,m}`.
  private mutating func count() throws(RegexFault) -> (Int, Int?) {
    at += 1
    let least = number()
    let hasComma = take(",")
    let most = hasComma ? number() : least
    guard take("}"), least != nil || most != nil, (least ?? 0) <= (most ?? .max),
      max(least ?? 0, most ?? 0) <= Self.countLimit
    else { throw RegexFault(found: "a { that starts no count up to \(Self.countLimit)") }
    return (least ?? 0, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let next = peek, let digit = Int(String(next)), ("0"..."9").contains(next) {
      value = min((value ?? 0) * 10 + digit, 1_000_000)
      at += 1
    }
    return value
  }

  private mutating func atom() throws(RegexFault) -> RegexNode {
    let next = text[at]
    at += 1
    switch next {
    case "(": return try group()
    case "[": return .set(try closed(bracket()))
    case ".": return .set(ScalarSet("\n").inverted)
    case "^": return Self.lineStart
    case "$": return Self.lineEnd
    case "\\": return try escape()
    case "*", "+", "?", "{": throw RegexFault(found: "\(next) with nothing to repeat")
    default: return .set(try literal(next))
    }
  }

  /// `^` matches after a line feed, but not after one that ends the text.
  private static let lineStart = RegexNode.either([
    .boundary(.textStart),
    .sequence([
      .behind(ScalarSet("\n"), isNegated: false), .ahead(.set(.all), isNegated: false),
    ]),
  ])

  private static let lineEnd = RegexNode.either([
    .boundary(.textEnd), .ahead(.set(ScalarSet("\n")), isNegated: false),
  ])

  private mutating func group() throws(RegexFault) -> RegexNode {
    let outer = ignoresCase
    defer { ignoresCase = outer }
    var make: (RegexNode) throws(RegexFault) -> RegexNode = { (node) throws(RegexFault) in node }
    if take("?:") {
    } else if take("?i:") {
      ignoresCase = true
    } else if take("?-i:") {
      ignoresCase = false
    } else if take("?=") {
      make = { (node) throws(RegexFault) in .ahead(node, isNegated: false) }
    } else if take("?!") {
      make = { (node) throws(RegexFault) in .ahead(node, isNegated: true) }
    } else if take("?<=") {
      make = { (node) throws(RegexFault) in try Self.behind(node, isNegated: false) }
    } else if take("?<!") {
      make = { (node) throws(RegexFault) in try Self.behind(node, isNegated: true) }
    } else if peek == "?" {
      let start = String(String.UnicodeScalarView(text[at...].prefix(3)))
      throw RegexFault(found: "the group (\(start)")
    }
    let node = try alternatives()
    guard take(")") else { throw RegexFault(found: "a ( without a )") }
    return try make(node)
  }

  private static func behind(
    _ node: RegexNode, isNegated: Bool
  ) throws(RegexFault) -> RegexNode {
    guard case .set(let set) = node else {
      throw RegexFault(found: "a look behind at more than one character")
    }
    return .behind(set, isNegated: isNegated)
  }

  // MARK: - Characters

  private mutating func escape() throws(RegexFault) -> RegexNode {
    if let boundary = peek.flatMap({ Self.boundaries[$0] }) {
      at += 1
      return .boundary(boundary)
    }
    let member = try escapedMember()
    switch member {
    case .set(let set): return .set(try closed(set))
    case .scalar(let scalar): return .set(try literal(scalar))
    }
  }

  private static let boundaries: [Unicode.Scalar: RegexBoundary] = [
    "A": .textStart, "z": .textEnd, "b": .word, "B": .notWord,
  ]

  private enum Member {
    case scalar(Unicode.Scalar)
    case set(ScalarSet)
  }

  /// Parses what follows a backslash, inside or outside a class.
  private mutating func escapedMember() throws(RegexFault) -> Member {
    guard let next = peek else { throw RegexFault(found: "a \\ at the end") }
    at += 1
    switch next {
    case "n": return .scalar("\n")
    case "r": return .scalar("\r")
    case "t": return .scalar("\t")
    case "f": return .scalar("\u{C}")
    case "v": return .scalar("\u{B}")
    case "a": return .scalar("\u{7}")
    case "e": return .scalar("\u{1B}")
    case "x":
      let isBraced = take("{")
      let scalar = try hexadecimal(isBraced ? 1...8 : 2...2)
      if isBraced, !take("}") { throw RegexFault(found: "\\x{ without }") }
      return .scalar(scalar)
    case "u": return .scalar(try hexadecimal(4...4))
    case "s", "S", "d", "D", "w", "W", "h", "H":
      let set: ScalarSet =
        switch next {
        case "s", "S": UnicodeTables.spaces
        case "d", "D": UnicodeProperties.set(named: "nd") ?? .all
        case "w", "W": word
        default: ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
        }
      return .set(next.properties.isUppercase ? set.inverted : set)
    case "p", "P": return .set(try property(isNegated: next == "P"))
    default:
      if next.isASCII, next.properties.isAlphabetic || ("0"..."9").contains(next) {
        throw RegexFault(found: "\\\(next)")
      }
      return .scalar(next)
    }
  }

  private mutating func property(isNegated: Bool) throws(RegexFault) -> ScalarSet {
    guard take("{") else { throw RegexFault(found: "\\p without {") }
    let isInverted = take("^") != isNegated
    let end = text[at...].firstIndex(of: "}") ?? text.count
    let name = String(String.UnicodeScalarView(text[at..<end]))
    guard end < text.count, let set = UnicodeProperties.set(named: name) else {
      throw RegexFault(found: "\\p{\(name.prefix(40))}")
    }
    at = end + 1
    return isInverted ? set.inverted : set
  }

  private mutating func hexadecimal(
    _ digits: ClosedRange<Int>
  ) throws(RegexFault) -> Unicode.Scalar {
    let end = text[at...].firstIndex { !$0.properties.isASCIIHexDigit } ?? text.count
    let length = min(end - at, digits.upperBound)
    let number = String(String.UnicodeScalarView(text[at..<at + length]))
    guard length >= digits.lowerBound, let value = UInt32(number, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw RegexFault(found: "\\x or \\u without a character's number") }
    at += length
    return scalar
  }

  /// Parses a class after its `[`.
  private mutating func bracket() throws(RegexFault) -> ScalarSet {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw RegexFault(found: "more than \(Self.depthLimit) groups") }
    let isNegated = take("^")
    var whole: ScalarSet?
    var ranges: [ClosedRange<UInt32>] = []
    var isEmpty = true
    while true {
      if take("&&") {
        let part = ScalarSet(ranges)
        whole = whole.map { $0.intersection(part) } ?? part
        ranges = []
        continue
      }
      guard let next = peek else { throw RegexFault(found: "a [ without a ]") }
      if next == "]" {
        if isEmpty { throw RegexFault(found: "a class without characters") }
        at += 1
        break
      }
      if take("[:") { throw RegexFault(found: "a class [:…:]") }
      switch try member() {
      case .set(let set):
        ranges += set.ranges
        if peek == "-", at + 1 < text.count, text[at + 1] != "]" {
          throw RegexFault(found: "a range that starts with a class")
        }
      case .scalar(let first):
        ranges.append(try range(from: first, isFirst: isEmpty))
      }
      isEmpty = false
    }
    let part = ScalarSet(ranges)
    let set = whole.map { $0.intersection(part) } ?? part
    return isNegated ? try closed(set).inverted : set
  }

  private mutating func member() throws(RegexFault) -> Member {
    let next = text[at]
    at += 1
    switch next {
    case "[": return .set(try bracket())
    case "\\":
      if take("b") { return .scalar("\u{8}") }
      return try escapedMember()
    default: return .scalar(next)
    }
  }

  /// Parses the range that starts with a character; it may be just that character.
  private mutating func range(
    from first: Unicode.Scalar, isFirst: Bool
  ) throws(RegexFault) -> ClosedRange<UInt32> {
    guard peek == "-", at + 1 < text.count, text[at + 1] != "]" else {
      return first.value...first.value
    }
    if first == "-", !isFirst { throw RegexFault(found: "a - between members of a class") }
    at += 1
    guard text[at] != "[", case .scalar(let last) = try member(), first.value <= last.value else {
      throw RegexFault(found: "a range that ends before it starts")
    }
    return first.value...last.value
  }

  // MARK: - Letter case

  private func literal(_ scalar: Unicode.Scalar) throws(RegexFault) -> ScalarSet {
    if ignoresCase, !scalar.isASCII, scalar.properties.isAlphabetic {
      throw RegexFault(found: "\"\(scalar)\" without regard to case")
    }
    return try closed(ScalarSet(scalar))
  }

  /// Adds the other case of each letter to a set, if case is ignored.
  ///
  /// This is implemented for ASCII letters only. Of other cased letters, the set must contain all
  /// or none.
  private func closed(_ set: ScalarSet) throws(RegexFault) -> ScalarSet {
    guard ignoresCase else { return set }
    let ascii = ScalarSet([0...0x7F])
    let others = ["lu", "ll", "lt"].compactMap { UnicodeProperties.set(named: $0) }
      .reduce(ScalarSet([])) { $0.union($1) }.intersection(ascii.inverted)
    let cased = set.intersection(others)
    guard cased.ranges.isEmpty || cased == others else {
      throw RegexFault(found: "some letters beyond ASCII without regard to case")
    }
    var added: [ClosedRange<UInt32>] = []
    for letter in UInt32(0x61)...0x7A where set.contains(letter) || set.contains(letter - 32) {
      added += [letter...letter, letter - 32...letter - 32]
      // The long s and the Kelvin sign fold to s and k.
      if letter == 0x73 { added.append(0x17F...0x17F) }
      if letter == 0x6B { added.append(0x212A...0x212A) }
    }
    return set.union(ScalarSet(added))
  }

  // MARK: - Reading

  private var peek: Unicode.Scalar? { at < text.count ? text[at] : nil }

  /// Consumes `word` if it comes next; returns whether it did.
  private mutating func take(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    guard at + scalars.count <= text.count,
      text[at..<at + scalars.count].elementsEqual(scalars)
    else { return false }
    at += scalars.count
    return true
  }
}
