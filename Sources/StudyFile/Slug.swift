import Storage

/// The name of a report's folder and part of its address: lower-case ASCII letters, digits and
/// dashes.
package enum Slug {
  package static let lengthLimit = 80

  /// A slug for `title`: letters lose their diacritics, anything else becomes a dash. A title
  /// without such letters is named by its checksum, so that two of them do not share a folder.
  package static func from(_ title: String) -> String {
    var slug = ""
    for scalar in title.lowercased().unicodeScalars {
      if let spelling = spellings[scalar] {
        slug += spelling
      } else if isPart(scalar) {
        slug.unicodeScalars.append(scalar)
      } else if scalar.properties.generalCategory != .nonspacingMark, slug.last != "-" {
        slug += "-"
      }
    }
    let words = slug.prefix(lengthLimit).split(separator: "-")
    if words.isEmpty { return "study-" + Checksum.sha256(of: title).prefix(8) }
    return words.joined(separator: "-")
  }

  /// Whether `slug` can be a folder's name.
  package static func isValid(_ slug: String) -> Bool {
    let scalars = slug.unicodeScalars
    return !slug.isEmpty && scalars.count <= lengthLimit
      && scalars.allSatisfy { isPart($0) || $0 == "-" }
      && scalars.first != "-" && scalars.last != "-"
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
  }

  /// What stands for a letter that is not ASCII.
  private static let spellings: [Unicode.Scalar: String] = {
    // Latin letters that have no canonical decomposition.
    var spellings: [Unicode.Scalar: String] = [
      "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
      "ħ": "h",
      // Those with marks on them.
      "ǣ": "ae", "ǽ": "ae", "ǿ": "o",
    ]
    for (letter, composed) in composed {
      for scalar in composed.unicodeScalars { spellings[scalar] = letter }
    }
    return spellings
  }()

  /// All letters that decompose canonically into an ASCII letter and marks.
  private static let composed = [
    "a": "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ", "b": "ḃḅḇ", "c": "çćĉċčḉ", "d": "ďḋḍḏḑḓ",
    "e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ", "f": "ḟ", "g": "ĝğġģǧǵḡ", "h": "ĥȟḣḥḧḩḫẖ",
    "i": "ìíîïĩīĭįǐȉȋḭḯỉị", "j": "ĵǰ", "k": "ķǩḱḳḵ", "l": "ĺļľḷḹḻḽ", "m": "ḿṁṃ", "n": "ñńņňǹṅṇṉṋ",
    "o": "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ", "p": "ṕṗ", "r": "ŕŗřȑȓṙṛṝṟ", "s": "śŝşšșṡṣṥṧṩ",
    "t": "ţťțṫṭṯṱẗ", "u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự", "v": "ṽṿ", "w": "ŵẁẃẅẇẉẘ", "x": "ẋẍ",
    "y": "ýÿŷȳẏẙỳỵỷỹ", "z": "źżžẑẓẕ",
  ]
}
