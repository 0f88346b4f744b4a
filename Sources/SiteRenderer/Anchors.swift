/// Hands out the ids of one page: stable, readable, each only once.
struct Anchors {
  private var used: Set<String>
  /// The next number to try for a name that was taken, so that many equal headings stay linear.
  private var next: [String: Int] = [:]

  /// - Parameter reserved: ids that the page template itself uses.
  init(reserved: Set<String> = []) {
    used = reserved
  }

  /// A free id for `text`: its slug as GitHub makes it, with a number when it is taken.
  mutating func unique(_ text: String) -> String {
    let slug = Self.slug(text)
    if used.insert(slug).inserted { return slug }
    var number = next[slug] ?? 1
    while !used.insert("\(slug)-\(number)").inserted { number += 1 }
    next[slug] = number + 1
    return "\(slug)-\(number)"
  }

  /// Lower case; letters, digits, `_` and `-` stay, spaces become `-`, all else goes.
  static func slug(_ text: String) -> String {
    var slug = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.generalCategory == .nonspacingMark || scalar == "_" || scalar == "-"
      {
        slug.append(scalar)
      } else if scalar == " " {
        slug.append("-")
      }
    }
    return slug.isEmpty ? "section" : String(slug)
  }

  /// The name in `<!-- anchor: name -->`, which gives the heading or figure below it that id.
  static func named(by comment: String) -> String? {
    guard let match = comment.wholeMatch(of: /<!-- anchor: ([A-Za-z][A-Za-z0-9_-]{0,99}) -->\s*/)
    else { return nil }
    return String(match.1)
  }
}
