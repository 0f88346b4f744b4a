import ArgumentParser
import JSON

/// How much a command says on the way.
struct QuietArgument: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Tell no progress and no notes; errors are told all the same.")
  var quiet = false
}

/// Output for programs.
struct JSONArgument: ParsableArguments {
  @Flag(
    name: .customLong("json"),
    help: "Print JSON, whose schema `reportgen manual --schema COMMAND` prints.")
  var isJSON = false
}

/// What a command prints with `--json`.
protocol CommandDocument: Encodable {
  /// The command, which names the schema.
  static var command: String { get }
}

extension CommandDocument {
  /// - Throws: `Diagnostic` where a number is not finite.
  func write() throws {
    try StandardOutput.write(JSON(encoding: self, file: Self.command + " --json").text)
  }
}
