/// JSON without the blanks between its parts, which are a seventh of a file of columns.
package enum PackedJSON {
  /// `text` without the blanks outside of strings; line ends stay.
  package static func text(_ text: String) -> String {
    var packed: [UInt8] = []
    packed.reserveCapacity(text.utf8.count)
    var (isString, isEscaped) = (false, false)
    for byte in text.utf8 {
      if isString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isString = true
      } else if byte == UInt8(ascii: " ") {
        continue
      }
      packed.append(byte)
    }
    return String(decoding: packed, as: UTF8.self)
  }
}
