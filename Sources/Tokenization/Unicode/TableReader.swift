/// Reads hexadecimal numbers, each followed by one character.
struct TableReader {
  private let text: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(_ text: StaticString) {
    self.text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  mutating func next() -> (number: UInt32, end: Unicode.Scalar)? {
    var number: UInt32 = 0
    while at < text.count {
      let byte = text[at]
      at += 1
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"):
        number = number << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      default:
        return (number, Unicode.Scalar(byte))
      }
    }
    return nil
  }
}
