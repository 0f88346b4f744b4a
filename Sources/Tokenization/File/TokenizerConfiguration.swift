import Diagnostics
import JSON
import Storage

/// The special tokens and flags in `tokenizer_config.json`.
package struct TokenizerConfiguration: Sendable {
  /// The token for a role such as `bos_token`.
  struct SpecialToken: Sendable {
    var content: String
    /// Whether it is searched in normalized text; the file can say so if it writes the token as an
    /// object.
    var isNormalized: Bool
  }

  /// The tokens for the roles `bos_token`, `eos_token`, `unk_token` and `pad_token`.
  private var tokens: [(role: String, token: SpecialToken)] = []
  /// The value of `add_bos_token`; nil if it is missing.
  private(set) var addsBOS: Bool?
  /// The value of `add_prefix_space`; nil if it is missing.
  private(set) var addsPrefixSpace: Bool?

  /// The value of `bos_token`; nil if it is null or missing.
  package var bos: String? { token("bos_token") }
  package var eos: String? { token("eos_token") }
  /// All special tokens, in the order of their roles.
  var specialTokens: [SpecialToken] { tokens.map(\.token) }

  /// The defaults for GPT-2 and its descendants, which a file with none of the keys means.
  init() {
    tokens = [("bos_token", SpecialToken(content: "<|endoftext|>", isNormalized: false))]
  }

  init(bos: String?, eos: String?) {
    for (role, token) in [("bos_token", bos), ("eos_token", eos)] {
      if let token { tokens.append((role, SpecialToken(content: token, isNormalized: false))) }
    }
  }

  /// - Throws: `Diagnostic` of kind `.data` that names the field.
  package init(_ file: FileBytes) throws {
    let json = try JSON(parsing: file)
    func fault(_ key: String, _ expected: String) -> Diagnostic {
      Diagnostic(
        .data, file: file.name, field: key, expected: expected,
        found: (json[key] ?? json).summary,
        advice: "Get the tokenizer_config.json that came with the model again.")
    }
    guard json.object != nil else { throw fault("(top level)", "an object") }
    for role in ["bos_token", "eos_token", "unk_token", "pad_token"] {
      let value = json[role] ?? .null
      if value.isNull { continue }
      guard let text = value.string ?? value["content"]?.string, text.utf8.count <= 1024 else {
        throw fault(role, "a token, or an object with its content")
      }
      let isNormalized = value["normalized"]?.bool ?? false
      tokens.append((role, SpecialToken(content: text, isNormalized: isNormalized)))
    }
    func flag(_ key: String) throws -> Bool? {
      let value = json[key] ?? .null
      guard value.isNull || value.bool != nil else { throw fault(key, "true or false") }
      return value.bool
    }
    addsBOS = try flag("add_bos_token")
    addsPrefixSpace = try flag("add_prefix_space")
  }

  private func token(_ role: String) -> String? {
    tokens.first { $0.role == role }?.token.content
  }
}
