import Diagnostics
import Storage

/// A model that was found on this machine.
package struct LocatedModel: Sendable {
  package let folder: Folder
  /// The file in the folder that holds the whole model, for a GGUF file.
  package var file: String?
  /// As the report names it: the folder as given, or the hub name in full.
  package let name: String
  /// The revision that the study asks for; nil for a folder.
  package let revision: String?
  /// The commit of that revision in the cache; nil for a folder.
  package let snapshot: String?
  /// How the name was interpreted, noted for the provenance.
  package let notes: [String]
}

/// Finds the model that the `model:` of a study names. Nothing here uses a network.
///
/// 1. `builtin:demo` is the model that the program carries.
/// 2. A path that starts with `/`, `./`, `../` or `~/` is a folder, or a GGUF file.
/// 3. Any other text is a folder when there is one of that name beside the study file, as in
///    transformers' `from_pretrained`;
/// 4. else, when it has the form `NAME` or `ORG/NAME`, a model of the Hugging Face hub, which is
///    looked up in its cache. To choose a hub model over a folder of the same name, move the folder.
package enum ModelSource {
  /// Locates the model that a study names.
  ///
  /// - Parameters:
  ///   - studyFolder: the folder at which relative paths start.
  ///   - environment: the variables that name the Hugging Face cache, see `HubCache`.
  /// - Throws: `Diagnostic` of kind `.study` if the name or the revision is not valid, `.data` if
  ///   the model is not on this machine or incomplete, with the command that downloads it.
  package static func locate(
    model: String, revision: String = "main", relativeTo studyFolder: String,
    environment: [String: String]
  ) throws -> LocatedModel {
    if model.hasPrefix("builtin:") { return try builtin(model) }
    guard !model.isEmpty, !model.utf8.contains(0) else {
      throw fault(.study, model, "a folder or a model of the Hugging Face hub", "no such name")
    }
    let path = resolve(model, relativeTo: studyFolder, home: environment["HOME"])
    switch Presence(at: path) {
    case .folder:
      return LocatedModel(
        folder: Folder(path: path), name: model, revision: nil, snapshot: nil, notes: [])
    case .file where path.hasSuffix(GGUFStore.ending):
      let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] }
      let folder = name.map { String(path.dropLast($0.count)) } ?? "."
      return LocatedModel(
        folder: Folder(path: folder), file: String(name ?? path[...]), name: model, revision: nil,
        snapshot: nil, notes: [])
    case .file, .dangling:
      throw fault(
        .data, path, "a folder with config.json and the weights, or a file \(GGUFStore.ending)",
        Presence(at: path) == .file ? "another file" : "a link to nothing")
    case .absent:
      break
    }
    guard !isWrittenAsPath(model), let name = HubName(model) else {
      throw fault(.data, path, "the model's folder", "nothing at this path")
    }
    guard Revision.isValid(revision) else {
      throw Diagnostic(
        .study, file: model, field: "revision", expected: "a branch, a tag or a commit",
        found: "\"\(revision)\"", advice: "Leave it out for main, or name one of the model's.")
    }
    return try HubCache(environment).locate(name, revision: revision, alsoTried: path)
  }

  private static func builtin(_ model: String) throws -> LocatedModel {
    guard model == "builtin:demo" else {
      throw fault(.study, model, "builtin:demo, the one model that is built in", model)
    }
    let folder = Folder(name: model) { path, mapped in
      try Folder.embedded.file("demo/" + path, mapped: mapped)
    }
    return LocatedModel(folder: folder, name: model, revision: nil, snapshot: nil, notes: [])
  }

  private static func isWrittenAsPath(_ model: String) -> Bool {
    model == "." || model == ".." || model == "~"
      || ["/", "./", "../", "~/"].contains(where: model.hasPrefix)
  }

  private static func resolve(_ model: String, relativeTo folder: String, home: String?) -> String {
    if model.hasPrefix("/") || folder.isEmpty { return model }
    if let home, model.hasPrefix("~/") { return home + model.dropFirst() }
    // The current folder adds nothing to the path, and one leading dot is enough.
    if folder == "." || folder == "./" { return model }
    let model = model.hasPrefix("./") ? model.dropFirst(2) : model[...]
    return folder + (folder.hasSuffix("/") ? "" : "/") + model
  }

  private static func fault(
    _ kind: Diagnostic.Kind, _ file: String, _ expected: String, _ found: String
  ) -> Diagnostic {
    Diagnostic(
      kind, file: file, field: "model", expected: expected, found: found,
      advice: "Relative paths start at the study file; hub models are written ORG/NAME.")
  }
}
