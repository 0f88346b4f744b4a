import Diagnostics
import JSON
import Storage

/// The files of a model, whatever their format: its configuration, its tokenizer's files and its
/// weights, none of which has been read yet.
package struct ModelFiles: Sendable {
  package let architecture: Architecture
  package let checkpoint: Checkpoint
  package let tokenizer: TokenizerFiles
  /// The configuration's file; nil where the weights' file holds the configuration.
  package let configuration: FileBytes?

  /// Opens a folder as `save_pretrained` leaves it.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a file that is missing, damaged or not supported.
  package init(folder: Folder) throws {
    let architecture = try Architecture(folder: folder)
    self.architecture = architecture
    configuration = try folder.file("config.json")
    checkpoint = try Checkpoint(folder: folder, architecture: architecture)
    tokenizer = try TokenizerFiles(folder: folder)
  }
}

/// What a tokenizer is read from.
package enum TokenizerFiles: Sendable {
  /// `tokenizer.json`, and `tokenizer_config.json` where there is one.
  case json(FileBytes, configuration: FileBytes?)
  /// `vocab.json` and `merges.txt`, of models that have no `tokenizer.json`.
  case pair(vocabulary: FileBytes, merges: FileBytes, configuration: FileBytes?)

  /// - Throws: `Diagnostic` of kind `.data` when the folder has none.
  package init(folder: Folder) throws {
    let configuration = try folder.file("tokenizer_config.json")
    if let file = try folder.file("tokenizer.json") {
      self = .json(file, configuration: configuration)
    } else if let vocabulary = try folder.file("vocab.json"),
      let merges = try folder.file("merges.txt")
    {
      self = .pair(vocabulary: vocabulary, merges: merges, configuration: configuration)
    } else {
      throw Diagnostic(
        .data, file: folder.name + "/tokenizer.json", expected: "the model's tokenizer",
        found: "no such file", advice: "Put the model's tokenizer.json beside its config.json.")
    }
  }

  /// The files that are read.
  package var files: [FileBytes] {
    switch self {
    case .json(let file, let configuration): [file] + [configuration].compactMap(\.self)
    case .pair(let vocabulary, let merges, let configuration):
      [vocabulary, merges] + [configuration].compactMap(\.self)
    }
  }
}
