import Diagnostics
import JSON

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is told on the way, on standard error: sentences for people. A program that runs this one
/// sets REPORTGEN_MESSAGES=json in the environment and gets an object on each line, with one of the
/// members `error`, `note` and `progress`.
enum Messages {
  private static let areObjects =
    ProcessInfo.processInfo.environment["REPORTGEN_MESSAGES"] == "json"
  /// How often progress is told.
  static let interval: Duration? = areObjects ? .milliseconds(200) : nil

  static func error(_ problem: Diagnostic) {
    guard areObjects else { return StandardError.write(problem.message + "\n") }
    let members = [
      ("file", problem.file), ("field", problem.field), ("expected", problem.expected),
      ("found", problem.found), ("advice", problem.advice),
    ]
    write("error", .object(members.map { .init(key: $0.0, value: .string($0.1)) }))
  }

  /// What is wrong with the command line, in the words of its reader.
  static func usage(_ text: String) {
    guard areObjects else { return StandardError.write(text + "\n") }
    error(
      Diagnostic(
        .study, file: "command line", expected: "what `reportgen help` explains", found: text,
        advice: "Mend the command."))
  }

  static func note(_ text: String) {
    areObjects ? write("note", .string(text)) : StandardError.write(text + "\n")
  }

  /// Tells progress as an object; false where people are told, who want a line that rewrites itself.
  static func progress(share: Double, phase: String) -> Bool {
    guard areObjects else { return false }
    let number = PrintedNumber.text(share, digits: 4)
    write(
      "progress",
      .object([
        .init(key: "share", value: .number(number)), .init(key: "phase", value: .string(phase)),
      ]))
    return true
  }

  private static func write(_ name: String, _ value: JSON) {
    StandardError.write(JSON.object([.init(key: name, value: value)]).line + "\n")
  }
}
