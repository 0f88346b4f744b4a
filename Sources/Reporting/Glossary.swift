import Diagnostics

/// Explains terms of the field where a reader first meets them: at their first occurrence in text
/// that stands open, and before it at the first in text that is folded.
package struct Glossary {
  static let terms: [(term: String, meaning: String)] = [
    ("MCC", "Matthews correlation coefficient: 1 is perfect, 0 is chance"),
    ("nats", "units of loss to base e: 0.7 nats double the surprise that a token causes"),
    ("BOS", "the token that stands before every text, at position 0"),
    ("F1", "harmonic mean of precision and recall"),
    ("AUC", "area under the ROC curve: 1 is perfect, 0.5 is chance"),
    ("95 % interval", "over documents: such intervals hold the true value 19 times in 20"),
    ("W_out", "the direction in which the neuron writes into the residual stream"),
    ("W_in", "the direction from which the neuron reads the residual stream"),
    ("notebook", "the study of Pythia-70m's French neuron, whose figures are also made in its way"),
    ("logit", "the score of a next token before it becomes a probability"),
  ]

  /// The terms as HTML spells them.
  private static let spelled: [(term: [UInt8], meaning: String)] = terms.map {
    (Array($0.term.replacing(" %", with: "\u{A0}%").utf8), $0.meaning)
  }

  /// The terms that no open text has explained yet, and those that no text has.
  private var unread = Set(spelled.indices)
  private var unseen = Set(spelled.indices)

  package init() {}

  /// `html` with an explanation at the first occurrence of each term; tags, code and links are
  /// unchanged.
  ///
  /// - Parameter isFolded: whether a reader has to open something to see it.
  package mutating func explained(_ html: String, isFolded: Bool = false) -> String {
    let bytes = Array(html.utf8)
    let due = isFolded ? unseen : unread
    if due.isEmpty { return html }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 200)
    var at = 0
    /// The number of open elements whose text is left alone.
    var closed = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "<") {
        let end = bytes[at...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1
        let tag = bytes[at...end]
        for name in ["code", "a", "pre", "svg", "abbr", "h2", "h3", "h4", "h5", "h6"] {
          if tag.starts(with: "<\(name)>".utf8) || tag.starts(with: "<\(name) ".utf8) {
            closed += 1
          } else if tag.elementsEqual("</\(name)>".utf8) {
            closed -= 1
          }
        }
        result += tag
        at = end + 1
      } else if closed == 0, Self.isBoundary(at == 0 ? nil : bytes[at - 1]),
        let index = Self.spelled.indices.first(where: { index in
          let term = Self.spelled[index].term
          return (isFolded ? unseen : unread).contains(index) && bytes[at...].starts(with: term)
            && Self.isBoundary(at + term.count < bytes.count ? bytes[at + term.count] : nil)
        })
      {
        let (term, meaning) = Self.spelled[index]
        unseen.remove(index)
        if !isFolded { unread.remove(index) }
        result += Array("<abbr title=\"\(meaning)\">".utf8) + term + Array("</abbr>".utf8)
        at += term.count
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isBoundary(_ byte: UInt8?) -> Bool {
    guard let byte else { return true }
    return !byte.isASCIIAlphanumeric && !"_-&".utf8.contains(byte)
  }
}
