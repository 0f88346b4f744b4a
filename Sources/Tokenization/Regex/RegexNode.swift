/// A regular expression as a tree, in Oniguruma's dialect, with the parts that tokenizers use.
indirect enum RegexNode: Sendable {
  /// One character of a set.
  case set(ScalarSet)
  case sequence([RegexNode])
  /// Alternatives, of which the first that leads to a match is taken.
  case either([RegexNode])
  case repeated(RegexNode, least: Int, most: Int?, RegexGreed)
  case ahead(RegexNode, isNegated: Bool)
  /// Tests whether the character before is in a set.
  case behind(ScalarSet, isNegated: Bool)
  case boundary(RegexBoundary)

  /// Whether the expression can match without consuming a character.
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

/// The order in which numbers of repetitions are tried.
enum RegexGreed: Sendable {
  case greedy
  case lazy
  /// Takes as many as possible and never gives any back.
  case possessive
}

/// A condition on a place between two characters.
enum RegexBoundary: Int32, Sendable {
  case textStart, textEnd, word, notWord
}

/// The reason why a regular expression cannot be used.
struct RegexFault: Error {
  /// The unsupported part, or a description of the error.
  var found: String
}
