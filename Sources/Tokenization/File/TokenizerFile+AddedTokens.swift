import Diagnostics
import JSON

extension TokenizerFile {
  /// Reads the added tokens, and adds those that the model lacks to the vocabulary.
  ///
  /// Like in `tokenizers`, such a token gets the next free id after the model's and earlier added
  /// tokens, whatever its `id` says.
  func addedTokens(_ vocabulary: inout Vocabulary) throws -> [AddedToken] {
    let list = part("added_tokens")
    if list.value.isNull { return [] }
    guard let items = list.value.array else {
      throw fault(list.place, "a list", list.value.summary)
    }
    let modelCount = vocabulary.ids.count
    var tokens: [AddedToken] = []
    var seen = Set<ByteKey>()
    var largest = -1
    for (index, value) in items.enumerated() {
      let item = Part(value: value, place: "\(list.place)[\(index)]")
      let text = try text(item, "content")
      _ = try id(item["id"].value, item["id"].place)
      if text.isEmpty { continue }
      guard seen.insert(ByteKey(text)).inserted else {
        throw fault("\(item.place).content", "each token once", "\"\(text.prefix(80))\" twice")
      }
      let id: Int
      if let known = vocabulary.id(of: text) {
        id = Int(known)
      } else {
        id = largest >= modelCount || (modelCount == 0 && largest >= 0) ? largest + 1 : modelCount
        guard id <= Vocabulary.largestID, vocabulary.insert(text, id: id) else {
          throw duplicate("\(item.place) \"\(text.prefix(80))\"", id)
        }
      }
      largest = max(largest, id)
      tokens.append(try token(item, text, id: Int32(id)))
    }
    return tokens
  }

  private func token(_ item: Part, _ text: String, id: Int32) throws -> AddedToken {
    let token = AddedToken(
      id: id, content: text,
      isSingleWord: try flag(item, "single_word", default: false),
      stripsLeft: try flag(item, "lstrip", default: false),
      stripsRight: try flag(item, "rstrip", default: false),
      isNormalized: try flag(item, "normalized", default: true),
      isSpecial: try flag(item, "special", default: false))
    // Otherwise each space of a long run would match and take in the rest of the run: quadratic
    // time.
    let unicode = UnicodeTables.shared
    if token.stripsRight, text.unicodeScalars.allSatisfy({ unicode.kind(of: $0.value) == .space }) {
      throw fault("\(item.place).rstrip", "false for a token of white space", "true")
    }
    return token
  }
}
