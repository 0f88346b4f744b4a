/// A regular expression as a tree, in the dialect of Oniguruma, as far as tokenizers use it.
indirect enum RegexNode: Sendable {
  /// One character of a set.
  case set(ScalarSet)
  case sequence([RegexNode])
  /// The first that leads to a match.
  case either([RegexNode])
  case repeated(RegexNode, least: Int, most: Int?, RegexGreed)
  case ahead(RegexNode, isNegated: Bool)
  /// Whether the character in front is of a set.
  case behind(ScalarSet, isNegated: Bool)
  case boundary(RegexBoundary)

  /// Whether it can match without taking a character.
  var isNullable: Bool {
    switch self {
    case .set: false
    case .sequence(let parts): parts.allSatisfy(\.isNullable)
    case .either(let parts): parts.contains(where: \.isNullable)
    case .repeated(let part, let least, _, _): least == 0 || part.isNullable
    case .ahead, .behind, .boundary: true
    }
  }
}

/// Which number of repetitions is tried first.
enum RegexGreed: Sendable {
  case greedy
  case lazy
  /// As many as there are, and no fewer afterwards.
  case possessive
}

/// A place between two characters.
enum RegexBoundary: Int32, Sendable {
  case textStart, textEnd, word, notWord
}

/// Why a regular expression cannot be used.
struct RegexFault: Error {
  /// The part that is at fault, or what is wrong with it.
  var found: String
}
