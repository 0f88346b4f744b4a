import Diagnostics
import JSON
import Storage

extension Tokenizer {
  /// A model's tokenizer and the files that it was read from.
  package struct Found: Sendable {
    package let tokenizer: Tokenizer
    /// The first is `tokenizer.json`, or what stands in for it.
    package let files: [FileBytes]

    package init(tokenizer: Tokenizer, files: [FileBytes]) {
      precondition(!files.isEmpty, "a tokenizer is read from at least one file")
      self.tokenizer = tokenizer
      self.files = files
    }

    package var file: FileBytes { files[0] }
  }

  /// Reads the tokenizer in a model's folder: `tokenizer.json`, or `vocab.json` and `merges.txt` as
  /// in GPT-2, together with `tokenizer_config.json`.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package static func find(in folder: Folder) throws -> Found {
    let aside = try folder.file("tokenizer_config.json")
    let configuration = try aside.map(TokenizerConfiguration.init)
    let others = [aside].compactMap(\.self)
    if let file = try folder.file("tokenizer.json") {
      return Found(
        tokenizer: try Tokenizer(file, configuration: configuration), files: [file] + others)
    }
    guard let vocabulary = try folder.file("vocab.json"),
      let merges = try folder.file("merges.txt")
    else {
      throw Diagnostic(
        .data, file: folder.name + "/tokenizer.json", expected: "the model's tokenizer",
        found: "no such file, nor vocab.json with merges.txt",
        advice: "Put the model's tokenizer.json beside its config.json.")
    }
    let source = try TokenizerFile(
      vocabulary: vocabulary, merges: merges,
      configuration: configuration ?? TokenizerConfiguration())
    return Found(
      tokenizer: try Tokenizer(source, configuration: configuration),
      files: [vocabulary, merges] + others)
  }
}

extension TokenizerFile {
  /// Makes GPT-2's tokenizer from `vocab.json` and `merges.txt`, like `GPT2Converter` of
  /// transformers.
  init(
    vocabulary: FileBytes, merges: FileBytes, configuration: TokenizerConfiguration
  ) throws {
    func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
      .object(members.map { JSON.Member(key: $0.key, value: $0.value) })
    }
    let tokens = try JSON(parsing: vocabulary)
    var added: [JSON] = []
    var seen = Set<ByteKey>()
    for token in configuration.specialTokens where seen.insert(ByteKey(token.content)).inserted {
      added.append(
        object([
          "id": .number("0"), "content": .string(token.content), "special": .bool(true),
          "normalized": .bool(token.isNormalized),
        ]))
    }
    let bos = configuration.bos ?? "<|endoftext|>"
    let text = object(["Sequence": object(["id": .string("A")])])
    let special = object(["SpecialToken": object(["id": .string(bos)])])
    let level = object([
      "type": .string("ByteLevel"), "use_regex": .bool(true),
      "add_prefix_space": .bool(configuration.addsPrefixSpace ?? false),
      "trim_offsets": .bool(false),
    ])
    let template = object([
      "type": .string("TemplateProcessing"), "single": .array([special, text]),
      "special_tokens": object([
        bos: object(["ids": .array([tokens[bos] ?? .null])])
      ]),
    ])
    self.init(
      file: vocabulary.name,
      fields: object([
        "added_tokens": .array(added), "pre_tokenizer": level, "decoder": level,
        "post_processor": configuration.addsBOS == true ? template : level,
        "model": object([
          "type": .string("BPE"), "vocab": tokens, "merges": .array(try Self.lines(of: merges)),
        ]),
      ]))
  }

  /// The merges, one per line; the first line may be `#version: 0.2`.
  private static func lines(of file: FileBytes) throws -> [JSON] {
    try file.withBytes { bytes in
      if let place = UTF8Validation.firstInvalid(in: bytes) {
        throw Diagnostic(
          .data, file: file.name, field: "byte \(place)", expected: "valid UTF-8",
          found: "another byte", advice: "Get the merges.txt that came with the model again.")
      }
      return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        return line.isEmpty ? nil : .string(String(decoding: line, as: UTF8.self))
      }
    }
  }
}
