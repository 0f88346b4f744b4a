import Diagnostics
import JSON
import Storage

/// The files of a model in any format: its configuration, the place of its tokenizer, and its
/// weights. No weight has been read yet.
package struct ModelFiles: Sendable {
  package let architecture: Architecture
  package let checkpoint: Checkpoint
  package let tokenizer: TokenizerPlace
  /// The configuration's file; nil if the weights' file holds the configuration.
  package let configuration: FileBytes?

  /// Opens the files of a model that was located by its name.
  ///
  /// - Throws: the errors of `init(folder:)` and `init(gguf:in:)`.
  package init(_ located: LocatedModel) throws {
    if let file = located.file {
      try self.init(gguf: file, in: located.folder)
    } else {
      try self.init(folder: located.folder)
    }
  }

  /// Opens a GGUF file, or the first of several and with it the others.
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
      store.metadata, file: store.name, vocabulary: vocabulary, has: { rows($0) != nil })
    architecture = try Architecture(config: json, file: store.name)
    configuration = nil
    checkpoint = try Checkpoint(store: store, architecture: architecture)
    tokenizer = .metadata(store.metadata, store.files[0])
  }

  /// Opens a folder as `save_pretrained` of transformers writes it.
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

/// The place that a model's tokenizer is read from.
package enum TokenizerPlace: Sendable {
  /// A folder with the tokenizer's own files.
  case folder(Folder)
  /// The metadata of a GGUF file.
  case metadata(JSON, FileBytes)
}

extension TokenizerPlace {
  /// Locates the tokenizer alone, so that a folder without weights is enough.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a GGUF file that is damaged.
  package init(_ located: LocatedModel) throws {
    guard let file = located.file else {
      self = .folder(located.folder)
      return
    }
    let store = try GGUFStore(file, in: located.folder)
    self = .metadata(store.metadata, store.files[0])
  }
}
