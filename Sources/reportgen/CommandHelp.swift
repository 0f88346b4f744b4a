import ArgumentParser
import Diagnostics
import JSON
import Storage

/// A command with its arguments, as the argument parser describes itself. `--help`, the manual and
/// the page for `man` thus have one source.
struct CommandHelp {
  struct Argument {
    let isPositional: Bool
    let isOptional: Bool
    let names: [String]
    let valueName: String
    let takesValue: Bool
    let abstract: String
    let standard: String?
  }

  let name: String
  let abstract: String
  let discussion: String
  let arguments: [Argument]
  let commands: [CommandHelp]

  /// The command `reportgen` with all its subcommands.
  ///
  /// - Throws: `Diagnostic` if the parser's description of itself has an unknown form
  static func whole() throws -> CommandHelp {
    var text = ""
    do {
      _ = try ReportgenCommand.parseAsRoot(["--experimental-dump-help"])
    } catch {
      text = ReportgenCommand.fullMessage(for: error)
    }
    let json = try JSON(parsing: FileBytes(Array(text.utf8), name: "the help"))
    guard let command = json["command"] else {
      throw Diagnostic(
        .resources, file: "the help", field: "command", expected: "a command", found: "none",
        advice: "Report this fault.")
    }
    return CommandHelp(command, parents: [])
  }

  private init(_ json: JSON, parents: [String]) {
    let own = json["commandName"]?.string ?? ""
    let path = parents + [own]
    name = path.joined(separator: " ")
    abstract = json["abstract"]?.string ?? ""
    discussion = json["discussion"]?.string ?? ""
    arguments = (json["arguments"]?.array ?? []).compactMap { Argument($0) }
    commands = (json["subcommands"]?.array ?? []).filter { $0["commandName"]?.string != "help" }
      .map { CommandHelp($0, parents: path) }
  }

  private var all: [CommandHelp] { [self] + commands.flatMap(\.all) }

  /// The command with its arguments: `reportgen build [<study> …] [--site <folder>]`.
  private var synopsis: [String] { [name] + arguments.filter { !$0.isHelp }.map(\.usage) }
}

extension CommandHelp.Argument {
  fileprivate init?(_ json: JSON) {
    guard json["shouldDisplay"]?.bool ?? true else { return nil }
    let kind = json["kind"]?.string
    isPositional = kind == "positional"
    takesValue = kind != "flag"
    isOptional = json["isOptional"]?.bool ?? false
    names = (json["names"]?.array ?? []).map { name in
      let text = name["name"]?.string ?? ""
      return name["kind"]?.string == "long" ? "--" + text : "-" + text
    }
    valueName = json["valueName"]?.string ?? ""
    abstract = [json["abstract"]?.string, json["discussion"]?.string].compactMap(\.self)
      .filter { !$0.isEmpty }.joined(separator: " ")
    standard = json["defaultValue"]?.string
  }

  var isHelp: Bool { names.contains("--help") || names.contains("--version") }

  /// The argument as the list of arguments shows it: `--site <folder>`.
  var form: String {
    let value = "<\(valueName)>"
    if isPositional { return value }
    return names.joined(separator: ", ") + (takesValue ? " " + value : "")
  }

  var usage: String {
    let long = names.first { $0.hasPrefix("--") } ?? names.first ?? ""
    let text = isPositional ? "<\(valueName)>" : long + (takesValue ? " <\(valueName)>" : "")
    return isOptional ? "[\(text)]" : text
  }

  var words: String {
    var text = abstract
    if let standard, !standard.isEmpty, takesValue { text += " (\(standard) unless given)" }
    return text
  }
}

extension CommandHelp {
  /// The page of the manual about the commands.
  var markdown: String {
    var lines = ["# Commands", "", abstract, "", discussion]
    lines += [
      "", "## Everywhere", "",
      "- `NO_COLOR` in the environment turns colours off; they are shown on a terminal alone.",
      "- `REPORTGEN_MESSAGES=json` in the environment makes every message on standard error an object",
      "  on a line, with one of the members `error` (`file`, `field`, `expected`, `found`, `advice`),",
      "  `note` and `progress` (`share`, `phase`).",
      "- `reportgen --generate-completion-script bash`, `zsh` or `fish` prints what completes commands.",
    ]
    for command in all.dropFirst() {
      lines += ["", "## `\(command.name)`", "", command.abstract]
      if !command.discussion.isEmpty { lines += ["", command.discussion] }
      lines += ["", "```text", command.synopsis.joined(separator: " "), "```"]
      let arguments = command.arguments.filter { !$0.isHelp }
      if !arguments.isEmpty {
        lines += [""] + arguments.map { "- `\($0.form)`: \($0.words)" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The page for `man`.
  var roff: String {
    var lines = [
      ".TH REPORTGEN 1 \"\" \"reportgen \(ProgramVersion.current)\"", ".SH NAME",
      "reportgen \\- \(Self.escaped(abstract))", ".SH SYNOPSIS", ".B reportgen", ".I command",
      "[options]", ".SH DESCRIPTION", Self.escaped(discussion).replacing("\n\n", with: "\n.PP\n"),
      ".SH COMMANDS",
    ]
    for command in all.dropFirst() {
      lines += [".SS \(Self.escaped(command.name))", Self.escaped(command.abstract)]
      if !command.discussion.isEmpty { lines += [".PP", Self.escaped(command.discussion)] }
      for argument in command.arguments where !argument.isHelp {
        lines += [".TP", ".B \(Self.escaped(argument.form))", Self.escaped(argument.words)]
      }
    }
    lines += [
      ".SH ENVIRONMENT", ".TP", ".B NO_COLOR", "Turns colours off.", ".TP", ".B REPORTGEN_MESSAGES",
      "With the value json every message on standard error is an object on a line.", ".TP",
      ".B XDG_CACHE_HOME", "Where what builds have computed is kept, in the folder reportgen.",
      ".TP",
      ".B SOURCE_DATE_EPOCH", "The date of reports whose study has none.", ".SH SEE ALSO",
      "reportgen manual, which explains study files and figures.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The text in ASCII, with no line that roff would read as a request.
  private static func escaped(_ text: String) -> String {
    let safe = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u\(hexadecimal(scalar))]"
      }
    }.joined()
    return safe.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : $0 }.joined(separator: "\n")
  }

  /// The code point of a character in hexadecimal, with at least four digits as roff requires.
  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
