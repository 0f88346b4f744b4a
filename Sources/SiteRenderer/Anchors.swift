/// Hands out the ids of one page: stable, readable, each only once.
struct Anchors {
  private var used: Set<String>
  /// The next number to try for a name that was taken, so that many equal headings stay linear.
  private var next: [String: Int] = [:]

  /// - Parameter reserved: ids that the page template itself uses.
  init(reserved: Set<String> = []) {
    used = reserved
  }

  /// `name`, with a number when it is taken.
  mutating func unique(_ name: String) -> String {
    if used.insert(name).inserted { return name }
    var number = next[name] ?? 1
    while !used.insert("\(name)-\(number)").inserted { number += 1 }
    next[name] = number + 1
    return "\(name)-\(number)"
  }

  /// The id of a heading as GitHub makes it: lower case; letters, digits, `_` and `-` stay, spaces
  /// become `-`, all else goes.
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
}
