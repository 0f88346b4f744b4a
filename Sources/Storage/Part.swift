/// A piece of work that one process leaves for others: named arrays of numbers.
///
/// The file begins with lines of text: the format, the kind, the key, the checksum of the other lines, one
/// line for each array with its name, layer, type, offset, count and checksum, and `end`. Blanks fill the
/// last line up to a multiple of 64 bytes; then the arrays follow as they lie in memory, little-endian. One
/// layer's arrays can be checked without reading the others.
package struct Part: Sendable {
  /// The type of an array's numbers.
  package enum Element: String, Sendable {
    case u8, u32, i32, f32, f64

    var stride: Int {
      switch self {
      case .u8: 1
      case .u32, .i32, .f32: 4
      case .f64: 8
      }
    }
  }

  /// An array of a part.
  package struct Section: Sendable, Equatable {
    package let name: String
    package let layer: Int
    let element: Element
    /// The first byte behind the header.
    let offset: Int
    let count: Int

    var bytes: Range<Int> { offset..<offset + count * element.stride }
  }

  /// What kind of work it is, such as `scan`.
  package let kind: String
  package private(set) var sections: [Section] = []
  private var body: [UInt8] = []

  package init(kind: String) {
    self.kind = kind
  }

  /// Adds an array.
  package mutating func add<Number: PartNumber>(
    _ name: String, layer: Int = 0, _ numbers: some Collection<Number>
  ) {
    // Every array begins at a multiple of 8 bytes.
    body += Array(repeating: 0, count: -body.count & 7)
    let numbers = Array(numbers)
    sections.append(
      Section(
        name: name, layer: layer, element: Number.element, offset: body.count,
        count: numbers.count))
    numbers.withUnsafeBytes { body += $0 }
  }

  /// The numbers of an array; nil if the part has none of that name, layer and type.
  package func numbers<Number: PartNumber>(
    _ name: String, layer: Int = 0, of type: Number.Type = Number.self
  ) -> [Number]? {
    guard
      let section = sections.first(where: {
        $0.name == name && $0.layer == layer && $0.element == Number.element
      })
    else { return nil }
    return [Number](unsafeUninitializedCapacity: section.count) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: body[section.bytes])
      count = section.count
    }
  }
}

/// A number that parts hold.
package protocol PartNumber: BitwiseCopyable, Sendable {
  static var element: Part.Element { get }
}

extension UInt8: PartNumber { package static var element: Part.Element { .u8 } }
extension UInt32: PartNumber { package static var element: Part.Element { .u32 } }
extension Int32: PartNumber { package static var element: Part.Element { .i32 } }
extension Float: PartNumber { package static var element: Part.Element { .f32 } }
extension Double: PartNumber { package static var element: Part.Element { .f64 } }

extension Part {
  private static let format = "reportgen part 1"
  /// The bytes that the header's length is a multiple of.
  private static let alignment = 64

  /// The bytes of the part's file.
  ///
  /// - Parameter key: what the part is found under
  func encoded(key: String) -> [UInt8] {
    let arrays = body.withUnsafeBytes { body in
      sections.map { section in
        "array \(section.name) layer \(section.layer) \(section.element.rawValue) "
          + "offset \(section.offset) count \(section.count) "
          + "sha256 \(Checksum.sha256(of: UnsafeRawBufferPointer(rebasing: body[section.bytes])))"
      }
    }
    let checksum = Self.checksum(kind, arrays)
    let lines = [Self.format, "kind \(kind)", "key \(key)", "sha256 \(checksum)"] + arrays
    var header = Array((lines.joined(separator: "\n") + "\nend").utf8)
    header += Array(repeating: UInt8(ascii: " "), count: -(header.count + 1) & (Self.alignment - 1))
    header.append(UInt8(ascii: "\n"))
    return header + body
  }

  /// The checksum of the header's other lines, in which the arrays' stand.
  private static func checksum(_ kind: some StringProtocol, _ arrays: [String]) -> String {
    Checksum.sha256(of: ([String(kind)] + arrays).joined(separator: "\n"))
  }

  /// Reads a part's file.
  ///
  /// - Returns: nil if the file is incomplete, damaged, or another part's.
  init?(_ file: FileBytes, key: String) {
    let found = file.withBytes { bytes in
      Self.checked(bytes, key: key).map { ($0.kind, $0.sections, Array(bytes[$0.start...])) }
    }
    guard let found else { return nil }
    (kind, sections, body) = found
  }

  /// The layers of the arrays of a part's file; nil if it is incomplete, damaged, or another part's.
  ///
  /// - Parameter layer: the layer whose arrays alone are read and checked; nil for all
  static func layers(_ file: FileBytes, key: String, checking layer: Int?) -> Set<Int>? {
    file.withBytes { checked($0, key: key, layer: layer).map { Set($0.sections.map(\.layer)) } }
  }

  /// The kind, the arrays and the offset of the body.
  private static func checked(
    _ bytes: UnsafeRawBufferPointer, key: String, layer: Int? = nil
  ) -> (kind: String, sections: [Section], start: Int)? {
    guard let header = header(bytes), header.lines.count >= 5, header.lines[0] == format,
      header.lines[1].hasPrefix("kind "), header.lines[2] == "key " + key
    else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[header.end...])
    let kind = header.lines[1].dropFirst(5)
    let arrays = Array(header.lines.dropFirst(4).dropLast())
    guard header.lines[3] == "sha256 " + checksum(kind, arrays) else { return nil }
    let sections = arrays.compactMap { section($0, in: body.count) }
    guard sections.count == arrays.count, fills(sections.map(\.section), body),
      sections.allSatisfy({ section, checksum in
        if let layer, section.layer != layer { return true }
        let bytes = UnsafeRawBufferPointer(rebasing: body[section.bytes])
        return Checksum.sha256(of: bytes) == checksum
      })
    else { return nil }
    return (String(kind), sections.map(\.section), header.end)
  }

  /// The lines of the header, and the offset behind it.
  private static func header(_ bytes: UnsafeRawBufferPointer) -> (lines: [String], end: Int)? {
    var lines: [String] = []
    var start = 0
    while start < bytes.count {
      // No line that this program writes is longer.
      guard let end = bytes[start..<min(start + 400, bytes.count)].firstIndex(of: 0x0A) else {
        return nil
      }
      var line = String(decoding: bytes[start..<end], as: UTF8.self)
      while line.hasSuffix(" ") { line.removeLast() }
      lines.append(line)
      start = end + 1
      if line == "end" { return (lines, start) }
    }
    return nil
  }

  /// Whether the arrays follow each other to the end of the body, with nothing but zeros between them.
  private static func fills(_ sections: [Section], _ body: UnsafeRawBufferPointer) -> Bool {
    var end = 0
    for section in sections {
      guard section.offset >= end, section.offset - end < 8,
        body[end..<section.offset].allSatisfy({ $0 == 0 })
      else { return false }
      end = section.bytes.upperBound
    }
    return end == body.count
  }

  /// An array's place, and its checksum.
  private static func section(
    _ line: String, in size: Int
  ) -> (section: Section, checksum: String)? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 11, words[0] == "array", words[2] == "layer", words[5] == "offset",
      words[7] == "count", words[9] == "sha256", let layer = Int(words[3]),
      let element = Element(rawValue: String(words[4])),
      let offset = Int(words[6]), let count = Int(words[8]), offset >= 0, count >= 0,
      case (let bytes, let overflows) = count.multipliedReportingOverflow(by: element.stride),
      !overflows, offset <= size, bytes <= size - offset
    else { return nil }
    return (
      Section(
        name: String(words[1]), layer: layer, element: element, offset: offset, count: count),
      String(words[10])
    )
  }
}
