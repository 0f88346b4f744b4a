/// Assigns the ids of a page: stable, readable and unique.
struct Anchors {
  private var used: Set<String>
  /// The next number to try for a taken name, so that many equal headings take linear time.
  private var next: [String: Int] = [:]

  /// - Parameter reserved: ids that the page template itself uses.
  init(reserved: Set<String> = []) {
    used = reserved
  }

  /// `name`, or `name` with a number if it is taken.
  mutating func unique(_ name: String) -> String {
    if used.insert(name).inserted { return name }
    var number = next[name] ?? 1
    while !used.insert("\(name)-\(number)").inserted { number += 1 }
    next[name] = number + 1
    return "\(name)-\(number)"
  }

  /// The id that GitHub gives a heading: lower case; letters, digits, `_` and `-` are kept, spaces
  /// become `-`, the rest is removed.
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
