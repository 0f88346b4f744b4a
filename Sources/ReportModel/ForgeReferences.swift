/// Finds text that a forge would take for a reference: `@name` notifies people; `#12`, `GH-12`,
/// `owner/repo#5` and a commit's name link issues and commits to the comment.
///
/// Forges look for references in the rendered text, where backslashes are gone and code is left
/// out. An empty HTML comment divides that text invisibly.
enum ForgeReferences {
  static let divider = "<!-- -->"

  /// The indices of the scalars of `text` after which a divider belongs.
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
        // These name people, groups and issues, also in other repositories.
        case "@", "#": next != " "
        // GitLab uses these for merge requests, snippets and epics, for milestones and labels, and
        // for iterations and references in brackets.
        case "!", "$", "&": isDigit(next)
        case "%", "~": isWord(next) || next == "\""
        case "*", "[": isLetter(next)
        // This may be `GH-12` or the key of an issue tracker.
        case "-": word < index && isLetter(text[word]) && isDigit(next)
        // Some forges turn an address into a link, and the address of an issue into a reference.
        case ":": next == "/"
        default: false
        }
      if isReference { places.insert(index) }
      word = index + 1
    }
    return places
  }

  /// Where to divide a word that may name a commit: 7 to 64 hexadecimal digits. Fewer than seven
  /// digits stay together. The decimals of a number are left alone.
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
