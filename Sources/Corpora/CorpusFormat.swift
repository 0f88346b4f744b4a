import Diagnostics
import JSON
import Storage
import StudyFile

extension CorpusFormat {
  /// The texts of a file, none of them trimmed, and how many blank ones were left out.
  struct Texts {
    var texts: [(index: Int, text: String)] = []
    var blank = 0

    fileprivate mutating func append(_ index: Int, _ text: String) {
      if text.isEmpty { blank += 1 } else { texts.append((index, text)) }
    }
  }

  /// - Throws: `Diagnostic` of kind `.data`.
  func texts(of file: FileBytes) throws -> Texts {
    switch self {
    case .array: try Self.arrayTexts(file)
    case .objects: try Self.lineTexts(file) { try Self.objectText($0, $1, $2, file.name) }
    case .lines:
      try Self.lineTexts(file) { bytes, range, _ in
        try UTF8Text.decode(bytes, range, file: file.name, .data)
      }
    }
  }

  private static func arrayTexts(_ file: FileBytes) throws -> Texts {
    if file.count == 0 { return Texts() }
    let value = try JSON(parsing: file)
    guard let items = value.array else {
      throw Diagnostic(
        .data, file: file.name, expected: "an array of strings", found: value.summary,
        advice: "Write [\"first document\", …]; a .jsonl file has one object a line.")
    }
    var texts = Texts()
    for (index, item) in items.enumerated() {
      guard let text = item.string else {
        throw Diagnostic(
          .data, file: file.name, field: "item \(index)", expected: "a string",
          found: item.summary, advice: "Items count from 0; every one is a document's text.")
      }
      texts.append(index, text)
    }
    return texts
  }

  /// Splits at LF and CRLF. A line of nothing but white space is blank; a lone CR is text.
  private static func lineTexts(
    _ file: FileBytes,
    _ text: (_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ line: Int) throws -> String
  ) throws -> Texts {
    try file.withBytes { bytes in
      var texts = Texts()
      var start = try UTF8Text.start(of: bytes, file: file.name, .data)
      var line = 0
      while start < bytes.count {
        let feed = bytes[start...].firstIndex(of: 0x0A)
        var end = feed ?? bytes.count
        if feed != nil, end > start, bytes[end - 1] == 0x0D { end -= 1 }
        if bytes[start..<end].allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
          texts.blank += 1
        } else {
          texts.append(line, try text(bytes, start..<end, line))
        }
        start = (feed ?? bytes.count) + 1
        line += 1
      }
      return texts
    }
  }

  private static func objectText(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ line: Int, _ file: String
  ) throws -> String {
    let value: JSON
    do {
      value = try JSON(parsing: UnsafeRawBufferPointer(rebasing: bytes[range]), file: file)
    } catch var fault as Diagnostic {
      fault.field = place(fault.field, line: line, start: range.lowerBound)
      throw fault
    }
    guard let text = value["text"]?.string else {
      throw Diagnostic(
        .data, file: file, field: "line \(line + 1)", expected: "{\"text\": \"…\"}",
        found: value["text"].map { "text: \($0.summary)" } ?? value.summary,
        advice: "Every line holds an object whose text is the document.")
    }
    return text
  }

  /// A place inside one line, as a place in the file.
  private static func place(_ inLine: String, line: Int, start: Int) -> String {
    let parts = inLine.split(separator: ", ").compactMap { part in
      if part.hasPrefix("line ") { return nil as String? }
      if part.hasPrefix("byte "), let byte = Int(part.dropFirst(5)) {
        return "byte \(start + byte)"
      }
      return String(part)
    }
    return (["line \(line + 1)"] + parts).joined(separator: ", ")
  }
}
