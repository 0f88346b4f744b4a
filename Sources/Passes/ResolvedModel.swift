import Diagnostics
import LanguageModel
import Storage
import Tokenization

/// A study's model, found and checked. No weight is read yet.
package struct ResolvedModel: Sendable {
  package let source: LocatedModel
  package let architecture: Architecture
  package let checkpoint: Checkpoint
  /// The model's `config.json`; nil where the weights' file holds the configuration.
  package let configuration: FileBytes?
  package let found: Tokenizer.Found
  package let beginning: [Int32]
  package let padding: Int32

  /// - Parameters:
  ///   - bos: whether BOS stands in front of each text; nil leaves it to the model's family
  ///   - folder: the folder at which a relative path starts
  /// - Throws: `Diagnostic`, or `Diagnostics` of several.
  package init(
    _ name: String, revision: String, bos: Bool?, relativeTo folder: String,
    environment: [String: String]
  ) throws {
    let source = try ModelSource.locate(
      model: name, revision: revision, relativeTo: folder, environment: environment)
    var faults = FaultList()
    let files = faults.attempt { try ModelFiles(source) }
    // A folder's tokenizer can be checked even if its weights are faulty; a GGUF file holds its
    // own.
    let place = files?.tokenizer ?? (source.file == nil ? .folder(source.folder) : nil)
    let found = place.flatMap { place in
      faults.attempt { try Self.tokenizer(place, for: files?.architecture) }
    }
    try faults.check()
    guard let files, let found else { preconditionFailure("a fault that was not told") }
    (self.source, self.found) = (source, found)
    (architecture, checkpoint) = (files.architecture, files.checkpoint)
    configuration = files.configuration
    beginning = try Self.beginning(of: files.architecture, found, asked: bos)
    padding = found.tokenizer.eos ?? found.tokenizer.bos ?? 0
  }

  /// The files that the model and its tokenizer are read from, with their checksums.
  package var files: [(name: String, sha256: String)] {
    Self.files(configuration, tokenizer: found.files, checkpoint)
  }

  static func files(
    _ configuration: FileBytes?, tokenizer: [FileBytes], _ checkpoint: Checkpoint
  ) -> [(name: String, sha256: String)] {
    ((configuration.map { [$0] } ?? []) + tokenizer).map { ($0.name, $0.sha256) }
      + checkpoint.files.map { ($0.name, $0.sha256) }
  }

  /// Reads the model's tokenizer and checks it.
  ///
  /// - Parameter architecture: the model the tokenizer has to fit, where it is known
  static func tokenizer(
    _ place: TokenizerPlace, for architecture: Architecture?
  ) throws -> Tokenizer.Found {
    let found = try Tokenizer.Found(place)
    if let architecture, found.tokenizer.vocabularySize > architecture.vocabulary {
      throw Diagnostic(
        .data, file: found.file.name, field: "id \(found.tokenizer.vocabularySize - 1)",
        expected: "ids below \(architecture.vocabulary), the rows of the embedding",
        found: "\(found.tokenizer.vocabularySize) ids",
        advice: "The tokenizer does not belong to this model.")
    }
    return found
  }

  /// The tokens in front of every text, as in TransformerLens: those that the tokenizer itself puts
  /// there, or else BOS where the family prepends it, unless the study says otherwise.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a tokenizer that knows no such token.
  private static func beginning(
    of architecture: Architecture, _ found: Tokenizer.Found, asked: Bool?
  ) throws -> [Int32] {
    let family = Families.family(of: architecture.family)
    if asked == false { return [] }
    if !found.tokenizer.front.isEmpty { return found.tokenizer.front }
    guard asked ?? family?.prependsBOS ?? true else { return [] }
    guard let bos = found.tokenizer.bos else {
      throw Diagnostic(
        .data, file: found.file.name, field: "bos_token",
        expected: "the token that starts every document, such as <|endoftext|>",
        found: "no such token",
        advice: "Put the model's tokenizer_config.json beside it, or write bos: no.")
    }
    return [bos]
  }
}
