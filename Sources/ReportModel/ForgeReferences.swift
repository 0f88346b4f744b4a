/// What a forge would take for a reference in text that is only shown: `@name` notifies people,
/// `#12`, `GH-12`, `owner/repo#5` and the name of a commit link issues and commits to the comment.
///
/// Forges look for them in the text of the page that Markdown has become, where backslashes are gone
/// and code is left out. An empty HTML comment inside divides that text without being seen.
enum ForgeReferences {
  static let divider = "<!-- -->"

  /// The places of `text` behind which a divider belongs.
  static func places(in text: [Unicode.Scalar]) -> Set<Int> {
    var places: Set<Int> = []
    var word = 0
    for (index, scalar) in text.enumerated() {
      let next = index + 1 < text.count ? text[index + 1] : " "
      if isWord(scalar) {
        if !isWord(next) { places.formUnion(commit(in: text, word..<index + 1)) }
        continue
      }
      let isReference =
        switch scalar {
        // People, groups and addresses; issues, also of other repositories.
        case "@", "#": next != " "
        // GitLab's merge requests, snippets and epics; its milestones and labels; its iterations and
        // what it writes in brackets.
        case "!", "$", "&": isDigit(next)
        case "%", "~": isWord(next) || next == "\""
        case "*", "[": isLetter(next)
        // `GH-12`, and the keys of issue trackers.
        case "-": word < index && isLetter(text[word]) && isDigit(next)
        // Addresses become links in some forges, and those to issues references.
        case ":": next == "/"
        default: false
        }
      if isReference { places.insert(index) }
      word = index + 1
    }
    return places
  }

  /// Where to divide a word that may name a commit: 7 to 64 hexadecimal digits, of which fewer than
  /// seven stay together. The decimals of a number name none.
  private static func commit(in text: [Unicode.Scalar], _ word: Range<Int>) -> [Int] {
    let start = word.lowerBound
    let isFraction =
      start > 1 && text[start - 1] == "." && isDigit(text[start - 2])
      && text[word].allSatisfy(isDigit)
    guard (7...64).contains(word.count), !isFraction,
      text[word].allSatisfy(\.properties.isASCIIHexDigit)
    else { return [] }
    return Array(stride(from: start + 5, to: word.upperBound - 1, by: 6))
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    isLetter(scalar) || isDigit(scalar) || scalar == "_"
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
