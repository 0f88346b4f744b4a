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

  /// The name in `<!-- anchor: name -->`, which gives the heading or figure below it that id:
  /// a letter, then letters, digits, `_` and `-`.
  static func named(by comment: String) -> String? {
    let (start, end) = ("<!-- anchor: ", " -->")
    let text = comment.hasSuffix("\n") ? comment.dropLast() : comment[...]
    guard text.hasPrefix(start), text.hasSuffix(end), text.utf8.count <= 200 else { return nil }
    let name = text.dropFirst(start.count).dropLast(end.count)
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && name.first?.isLetter == true ? String(name) : nil
  }
}
