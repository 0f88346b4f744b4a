import Diagnostics
import JSON

/// The address of a figure in `findings.json`, relative to `findings`: `prompts.0.clean.3.logit`.
///
/// Dots separate steps. A number is an index from 0 into a list. A name with dots or spaces is
/// quoted: `ablation.corpora."My corpus".masked.ablated` (with `\"` and `\\` inside).
package struct FigureAddress: Sendable, Hashable {
  package enum Step: Sendable, Hashable {
    case name(String)
    case index(Int)
  }

  /// The address as it was written.
  package let text: String
  package let steps: [Step]

  /// Why a text is not a valid address.
  package struct Malformed: Error, Equatable {
    /// What is missing, for example `a closing quotation mark`.
    package let expected: String
  }

  /// - Throws: `Malformed`.
  package static func parse(_ text: String) throws(Malformed) -> FigureAddress {
    var rest = Substring(text).unicodeScalars
    var steps: [Step] = []
    repeat {
      steps.append(try parseStep(&rest))
      guard let next = rest.first else { return FigureAddress(text: text, steps: steps) }
      guard next == "." else { throw Malformed(expected: "a dot after a quoted name") }
      rest.removeFirst()
    } while true
  }

  /// `name` as a step of an address, quoted if it would not be read as one word.
  package static func step(_ name: String) -> String {
    let isWord =
      !name.isEmpty
      && !name.unicodeScalars.contains {
        $0 == "." || $0 == "\"" || $0.properties.isWhitespace
      }
    if isWord { return name }
    return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func parseStep(_ rest: inout Substring.UnicodeScalarView) throws(Malformed) -> Step
  {
    if rest.first == "\"" {
      rest.removeFirst()
      var name = String.UnicodeScalarView()
      while let scalar = rest.popFirst() {
        if scalar == "\"" { return .name(String(name)) }
        guard scalar == "\\" else {
          name.append(scalar)
          continue
        }
        guard let escaped = rest.popFirst() else { break }
        name.append(escaped)
      }
      throw Malformed(expected: "a closing quotation mark")
    }
    let word = String(rest.prefix { $0 != "." })
    rest = rest.drop { $0 != "." }
    guard !word.isEmpty else { throw Malformed(expected: "a name or a number between dots") }
    guard !word.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0 == "\"" }) else {
      throw Malformed(expected: "quotation marks around a name with spaces")
    }
    if word.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let index = Int(word)
    {
      return .index(index)
    }
    return .name(word)
  }

  /// Looks up the value at this address.
  ///
  /// - Throws: `Diagnostic` of kind `.study` that names the first step that does not exist and the
  ///   nearest name that does. `file` is the findings file, for the message.
  package func value(in findings: JSON, file: String) throws -> JSON {
    var value = findings
    for step in steps {
      switch (value, step) {
      case (.array(let items), .index(let index)) where index < items.count:
        value = items[index]
      case (.array(let items), _):
        throw missing(
          step, file: file,
          expected: items.isEmpty ? "an item" : "an item from 0 to \(items.count - 1)",
          advice: items.isEmpty ? "This list is empty." : "A number indexes a list from 0.")
      case (.object(let members), _):
        let name = step.name
        guard let member = value[name] else {
          let known = members.map(\.key)
          throw missing(
            step, file: file, expected: "a figure of the findings",
            advice: NearestName.advice(name, among: known))
        }
        value = member
      default:
        throw missing(
          step, file: file, expected: "the address to end at \(value.summary)",
          advice: "Leave out this step and what follows it.")
      }
    }
    return value
  }

  private func missing(
    _ step: Step, file: String, expected: String, advice: String
  ) -> Diagnostic {
    Diagnostic(
      .study, file: file, field: text, expected: expected, found: "\"\(step.name)\"",
      advice: advice)
  }
}

extension FigureAddress.Step {
  /// The step as a key: a corpus may have a number such as `2020` as its name.
  package var name: String {
    switch self {
    case .name(let name): name
    case .index(let index): String(index)
    }
  }
}

extension FigureAddress: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      self = try Self.parse(container.decode(String.self))
    } catch let error as Malformed {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected \(error.expected)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
