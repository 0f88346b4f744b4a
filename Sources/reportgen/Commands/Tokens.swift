import ArgumentParser
import Diagnostics
import JSON
import LanguageModel
import Passes
import Pipeline
import Storage
import Tokenization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen tokens`: shows how a model's tokenizer splits texts.
struct Tokens: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how a model's tokenizer cuts a text.",
    discussion: """
      Each token stands with its id, its bytes in the text and what it prints as; what the \
      tokenizer itself puts around every text stands apart. With --lines each line of the input is \
      a text as a JSON string, and each line of the output {"ids": […], "tokens": […], "offsets": \
      [[first byte, past last], …]}, without those: what `tokenizers` gives for \
      encode(text, add_special_tokens=False), its offsets counted in bytes.
      """)

  @Argument(
    help: "A model's folder or GGUF file, its name on the Hugging Face hub, or builtin:demo.",
    completion: .file())
  var model: String

  @Argument(help: "Texts.")
  var texts: [String] = []

  @Flag(help: "One JSON object for each text.")
  var json = false

  @Option(
    help: ArgumentHelp("Texts from a file, or from standard input (-).", valueName: "file"),
    completion: .file())
  var lines: String?

  func validate() throws {
    if texts.isEmpty == (lines == nil) {
      throw ValidationError("Give texts, or a file of them with --lines.")
    }
  }

  func run() throws {
    let located = try ModelSource.locate(
      model: model, relativeTo: ".", environment: ProcessInfo.processInfo.environment)
    let tokenizer = try Tokenizer.Found(TokenizerPlace(located)).tokenizer
    if let lines { return try convert(lines, tokenizer) }
    for (index, text) in texts.enumerated() {
      if json {
        try StandardOutput.writeLine(Self.object(text, tokenizer, isWhole: true).line)
      } else {
        try StandardOutput.writeLine((index > 0 ? "\n" : "") + Self.table(text, tokenizer))
      }
    }
  }

  /// Reads a file of JSON strings, one per line, and writes a line of tokens for each.
  private func convert(_ path: String, _ tokenizer: Tokenizer) throws {
    let file = path == "-" ? try StandardInput.bytes() : try FileBytes(reading: path)
    let name = file.name
    try file.withBytes { bytes in
      var output = ""
      for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
        let value = try JSON(parsing: UnsafeRawBufferPointer(rebasing: line), file: name)
        guard let text = value.string else {
          throw Diagnostic(
            .data, file: name, field: "line \(index + 1)", expected: "a JSON string",
            found: value.summary, advice: "Put each text on a line of its own, in quotation marks.")
        }
        output += Self.object(text, tokenizer, isWhole: false).line + "\n"
        if output.utf8.count > 1 << 16 {
          try StandardOutput.write(output)
          output = ""
        }
      }
      try StandardOutput.write(output)
    }
  }

  /// - Parameter isWhole: whether to include the text and the tokens that the model adds around it.
  private static func object(_ text: String, _ tokenizer: Tokenizer, isWhole: Bool) -> JSON {
    func number(_ value: Int) -> JSON { .number("\(value)") }
    let tokens = tokenizer.encode(text)
    var members: [JSON.Member] = [
      .init(key: "ids", value: .array(tokens.map { number(Int($0.id)) })),
      .init(key: "tokens", value: .array(tokens.map { .string(tokenizer.spelling(of: $0.id)) })),
      .init(
        key: "offsets",
        value: .array(
          tokens.map { .array([number($0.range.lowerBound), number($0.range.upperBound)]) })),
    ]
    if isWhole {
      members.insert(.init(key: "text", value: .string(text)), at: 0)
      for (key, ids) in [("front", tokenizer.front), ("back", tokenizer.back)] {
        members.append(.init(key: key, value: .array(ids.map { number(Int($0)) })))
      }
    }
    return .object(members)
  }

  private static func table(_ text: String, _ tokenizer: Tokenizer) -> String {
    let tokens = tokenizer.encode(text)
    var rows: [(id: String, bytes: String, text: String)] = []
    func add(_ ids: [Int32], _ place: String) {
      for id in ids {
        rows.append(("\(id)", place, tokenizer.spelling(of: id)))
      }
    }
    add(tokenizer.front, "in front")
    for token in tokens {
      rows.append(
        (
          "\(token.id)", "\(token.range.lowerBound)–\(token.range.upperBound)",
          tokenizer.string(of: token.id)
        ))
    }
    add(tokenizer.back, "behind")
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let widths = (
      rows.map(\.id.count).max() ?? 0, max(5, rows.map(\.bytes.count).max() ?? 0)
    )
    let head = "\(Quantity.tokens(tokens.count)), \(Quantity.of(text.utf8.count, "byte"))"
    return
      ([head]
      + rows.map {
        let shown = JSON.string($0.text).line
        return "\(padded($0.id, widths.0 + 2))  \(padded($0.bytes, widths.1))  \(shown)"
      }).map(Diagnostic.printable).joined(separator: "\n")
  }
}
