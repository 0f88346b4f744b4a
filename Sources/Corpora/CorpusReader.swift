import Diagnostics
import JSON
import Storage
import StudyFile

/// Reads the files of a corpus, one after the other, into an intake. Memory holds one line and what
/// the intake keeps; only an array of strings is read whole.
struct CorpusReader {
  private let field: RecordField
  private var intake: CorpusIntake
  /// The number of lines or items in the files before this one; documents are numbered through all
  /// files.
  private var base = 0
  private var bytes = 0
  private(set) var checksums: [String] = []

  init(_ entry: CorpusEntry, keeping limit: Int) {
    field = entry.text ?? .text
    intake = CorpusIntake(entry, keeping: limit)
  }

  /// - Throws: `Diagnostic` of kind `.data` if no document was taken.
  func finish(file: String) throws -> CorpusIntake {
    if let empty = intake.emptiness(file: file, isEmpty: bytes == 0) { throw empty }
    return intake
  }

  /// - Throws: `Diagnostic` that names the item, line or byte at fault.
  mutating func read(_ file: LocatedFile) throws {
    let format = CorpusFormat(path: file.path) ?? CorpusFormat(path: ".txt")
    guard let format else { return }
    if format.content == .array {
      let file = try file.bytes()
      try readArray(file)
      bytes += file.count
      checksums.append(file.sha256)
      return
    }
    let stream = try file.stream()
    do {
      let packed = format.isPacked ? try GzipStream(stream) : nil
      let reader = LineReader(file: stream.name) { buffer in
        if let packed { try packed.read(into: buffer) } else { try stream.read(into: buffer) }
      }
      try readLines(reader, format.content)
    } catch var fault as Diagnostic where format.isPacked {
      if fault.field.contains("byte ") { fault.field += " of the unpacked text" }
      throw fault
    }
    checksums.append(try stream.finish())
  }

  private mutating func readLines(_ reader: LineReader, _ content: CorpusFormat.Content) throws {
    var (intake, count) = (intake, 0)
    let base = base
    bytes += try reader.readAll { line, number, offset in
      count = number + 1
      if line.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
        intake.skipBlank()
        return
      }
      switch content {
      case .objects:
        let record = try Self.record(line, number, offset, reader.file)
        guard intake.isAsked(record) else { return }
        intake.take(try text(of: record, number, reader.file), at: base + number)
      case .lines, .array:
        intake.take(
          try UTF8Text.decode(line, 0..<line.count, offset: offset, file: reader.file, .data),
          at: base + number)
      }
    }
    self.intake = intake
    self.base += count
  }

  // MARK: JSON

  private mutating func readArray(_ file: FileBytes) throws {
    if file.count == 0 { return }
    let value: JSON
    do {
      value = try JSON(parsing: file)
    } catch var fault as Diagnostic {
      if Self.holdsLines(file) { fault.advice = Self.linesAdvice }
      throw fault
    }
    guard let items = value.array else {
      throw Diagnostic(
        .data, file: file.name, expected: "an array of strings", found: value.summary,
        advice: value.object == nil ? "Write [\"first document\", …]." : Self.linesAdvice)
    }
    for (index, item) in items.enumerated() {
      guard let text = item.string else {
        throw Diagnostic(
          .data, file: file.name, field: "item \(index)", expected: "a string",
          found: item.summary,
          advice: item.object == nil
            ? "Items count from 0; every one is a document's text."
            : "Items count from 0. An object a line, in a .jsonl file, may hold more than a text.")
      }
      intake.take(text, at: base + index)
    }
    base += items.count
  }

  private static let linesAdvice =
    "This looks like JSON Lines, an object a line: name the file .jsonl."

  /// Whether the first line of a file is a JSON object by itself.
  private static func holdsLines(_ file: FileBytes) -> Bool {
    file.withBytes { bytes in
      let line = UnsafeRawBufferPointer(rebasing: bytes.prefix { $0 != 0x0A })
      return (try? JSON(parsing: line, file: "", acceptsNonFinite: true))?.object != nil
    }
  }

  private static func record(
    _ bytes: UnsafeRawBufferPointer, _ line: Int, _ offset: Int, _ file: String
  ) throws -> JSON {
    do {
      // Python writes NaN for a missing number; only the fields that are used have to be valid.
      return try JSON(parsing: bytes, file: file, acceptsNonFinite: true)
    } catch var fault as Diagnostic {
      fault.field = place(fault.field, line: line, start: offset)
      if fault.found == "the end of the file" {
        fault.found = "the end of the line"
        fault.advice =
          bytes.first == UInt8(ascii: "[")
          ? "Every line holds one whole JSON object; name a file with one array .json."
          : "Every line holds one whole JSON object."
      }
      throw fault
    }
  }

  private func text(of record: JSON, _ line: Int, _ file: String) throws -> String {
    let value = field.value(in: record)
    if let text = value?.string { return text }
    let keys = (record.object ?? []).map(\.key)
    let listed = keys.prefix(10).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
    let texts = (record.object ?? []).filter { $0.value.string != nil }.map(\.key)
    let advice =
      if value != nil {
        "Name the field that holds the document with `text: FIELD`."
      } else if record.object == nil {
        "Every line holds an object, a field of which is the document."
      } else if let nearest = NearestName.of(field.name, among: texts) ?? texts.first {
        "Name the field that holds the document: `text: \(nearest.prefix(40))`?"
      } else {
        "Name the field that holds the document with `text: FIELD`; a dot leads into an object."
      }
    let found =
      if let value {
        "\(field.name): \(value.summary)"
      } else if record.object == nil {
        record.summary
      } else {
        keys.isEmpty ? "an object without keys" : "an object with the keys \(listed)"
      }
    throw Diagnostic(
      .data, file: file, field: "line \(line + 1)", expected: "{\"\(field.name)\": \"…\"}",
      found: found, advice: advice)
  }

  /// Converts a place inside one line into a place in the file.
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
