import Diagnostics
import JSON
import Storage

/// The files of a model, whatever their format: its configuration, where its tokenizer is, and its
/// weights, none of which has been read yet.
package struct ModelFiles: Sendable {
  package let architecture: Architecture
  package let checkpoint: Checkpoint
  package let tokenizer: TokenizerPlace
  /// The configuration's file; nil where the weights' file holds the configuration.
  package let configuration: FileBytes?

  /// Opens what was found under a model's name.
  ///
  /// - Throws: as `init(folder:)` and `init(gguf:in:)`.
  package init(_ located: LocatedModel) throws {
    if let file = located.file {
      try self.init(gguf: file, in: located.folder)
    } else {
      try self.init(folder: located.folder)
    }
  }

  /// Opens a GGUF file, or the first of several.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a file that is missing, damaged or not supported.
  package init(gguf path: String, in folder: Folder) throws {
    let store = try GGUFStore(path, in: folder)
    func rows(_ name: String) -> Int? {
      store.tensors.first { $0.name.utf8.elementsEqual(name.utf8) }?.shape.first
    }
    guard let vocabulary = rows("token_embd.weight") else {
      throw Diagnostic(
        .data, file: store.name, field: "token_embd.weight", expected: "the embedding",
        found: "no tensor of this name", advice: "Name the GGUF file of a language model.")
    }
    let json = try GGUFConfiguration.json(
      store.metadata, file: store.name, vocabulary: vocabulary,
      isTied: rows("output.weight") == nil)
    architecture = try Architecture(config: json, file: store.name)
    configuration = nil
    checkpoint = try Checkpoint(store: store, architecture: architecture)
    tokenizer = .metadata(store.metadata, store.files[0])
  }

  /// Opens a folder as `save_pretrained` leaves it.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a file that is missing, damaged or not supported.
  package init(folder: Folder) throws {
    let architecture = try Architecture(folder: folder)
    self.architecture = architecture
    configuration = try folder.file("config.json")
    checkpoint = try Checkpoint(folder: folder, architecture: architecture)
    tokenizer = .folder(folder)
  }
}

/// Where a model's tokenizer is read from.
package enum TokenizerPlace: Sendable {
  /// A folder with the tokenizer's own files.
  case folder(Folder)
  /// The metadata of a GGUF file.
  case metadata(JSON, FileBytes)
}

extension TokenizerPlace {
  /// Looks no further than the tokenizer: a folder without weights has one, too.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a GGUF file that is not sound.
  package init(_ located: LocatedModel) throws {
    guard let file = located.file else {
      self = .folder(located.folder)
      return
    }
    let store = try GGUFStore(file, in: located.folder)
    self = .metadata(store.metadata, store.files[0])
  }
}
