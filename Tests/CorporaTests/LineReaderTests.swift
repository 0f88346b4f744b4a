import Corpora
import Diagnostics
import Testing

/// Lines of a text that comes in pieces of any size.
struct LineReaderTests {
  /// The lines of `text`, read in pieces of at most `piece` bytes.
  private func lines(
    _ text: String, piece: Int
  ) throws -> (lines: [(text: String, line: Int, offset: Int)], count: Int) {
    let bytes = Array(text.utf8)
    var at = 0
    let reader = LineReader(file: "a.txt") { buffer in
      let part = bytes[at...].prefix(min(piece, buffer.count))
      buffer.copyBytes(from: part)
      at += part.count
      return part.count
    }
    var lines: [(text: String, line: Int, offset: Int)] = []
    let count = try reader.readAll { bytes, line, offset in
      lines.append((String(decoding: bytes, as: UTF8.self), line, offset))
    }
    return (lines, count)
  }

  @Test(arguments: [1, 2, 3, 7, 4096, 1_000_000]) func piecesDoNotMatter(piece: Int) throws {
    let long = String(repeating: "é語", count: 70_000)
    let text = "\u{FEFF}one\r\n\n\(piece > 3 ? long : "éx")\r\r\nlast\rtwo\r"
    let found = try lines(text, piece: piece)
    let expected = ["one", "", (piece > 3 ? long : "éx") + "\r", "last\rtwo\r"]
    #expect(found.lines.map { Array($0.text.utf8) } == expected.map { Array($0.utf8) })
    #expect(found.lines.map(\.line) == [0, 1, 2, 3] && found.count == text.utf8.count)
    let bytes = Array(text.utf8)
    for line in found.lines {
      #expect(Array(bytes[line.offset...].prefix(line.text.utf8.count)) == Array(line.text.utf8))
    }
  }

  @Test(arguments: [("", 0), ("\n", 1), ("\u{FEFF}", 0), ("a", 1), ("a\n", 1), ("\r\n\r", 2)])
  func theLastLineNeedsNoEnd(text: String, count: Int) throws {
    #expect(try lines(text, piece: 1).lines.count == count)
  }

  @Test func aLineWithoutAnEndIsRefusedBeforeItFillsTheMemory() throws {
    var handed = 0
    let reader = LineReader(file: "bomb.jsonl.gz") { buffer in
      _ = buffer.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "a"))
      handed += buffer.count
      return buffer.count
    }
    let fault = try #require(throws: Diagnostic.self) { _ = try reader.readAll { _, _, _ in } }
    #expect(fault.kind == .data && fault.field == "line 1")
    #expect(handed <= 2 * LineReader.limit)
  }
}
