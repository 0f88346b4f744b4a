/// An error message for a person: where the fault is, what was expected, what was found, and the
/// next step.
///
/// Every error that can reach the command line is one of these; only the command prints it.
package struct Diagnostic: Error, Sendable, Hashable {
  /// The kind of failure; its raw value is the exit code of the command.
  package enum Kind: Int32, Sendable {
    /// An expectation of the study failed.
    case expectation = 1
    /// The command line or the study file is wrong.
    case study = 2
    /// A model, tokenizer, corpus or report cannot be used.
    case data = 3
    /// Reading, writing or memory failed.
    case resources = 4
    /// Another process is publishing into the same folder.
    case busy = 6
    /// Work that other processes have to do first is not done.
    case incomplete = 7
  }

  package var kind: Kind
  /// The file, as the user named it.
  package var file: String
  /// The field, place or tensor in the file: `line 3`, `byte 17`, `num_attention_heads`.
  package var field: String
  package var expected: String
  package var found: String
  /// One line that says what to do next.
  package var advice: String

  package init(
    _ kind: Kind, file: String, field: String = "", expected: String, found: String,
    advice: String
  ) {
    self.kind = kind
    self.file = file
    self.field = field
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// The message: `error: FILE: FIELD: expected X, found Y`, then a line that says what to do.
  package var message: String {
    let place = field.isEmpty ? file : "\(file): \(field)"
    let text = "error: \(place): expected \(expected), found \(found)\n  \(advice)"
    return Self.printable(text)
  }

  /// Control characters could rewrite a terminal line; they are shown as U+FFFD.
  package static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value)
            || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
            ? "\u{FFFD}" : $0
        }))
  }
}

extension Diagnostic: CustomStringConvertible {
  package var description: String { message }
}
