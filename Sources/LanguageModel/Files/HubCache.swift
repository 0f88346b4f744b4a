import Diagnostics
import Storage

/// The name of a model on the Hugging Face hub: `NAME` or `ORG/NAME`.
struct HubName {
  let text: String

  /// Nil unless `text` follows the rules of `huggingface_hub`: ASCII letters, digits, `-`, `_` and
  /// `.`; at most 96 in a part; `-` and `.` not at either end of a part; neither `--` nor `..`.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, !text.contains("--"), !text.contains(".."), !text.hasSuffix(".git"),
      parts.allSatisfy(Self.isPart)
    else { return nil }
    self.text = text
  }

  private static func isPart(_ part: Substring) -> Bool {
    func isWord(_ byte: UInt8) -> Bool { byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_") }
    let bytes = part.utf8
    guard let first = bytes.first, let last = bytes.last else { return false }
    return bytes.count <= 96 && isWord(first) && isWord(last)
      && bytes.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
  }

  /// The full name, if this is one of TransformerLens's short names.
  var expanded: HubName? { HubAliases.fullName(of: text).flatMap(HubName.init) }
}

enum Revision {
  /// Whether a revision is a relative path of plain characters. It becomes a path in the cache and
  /// an argument of a command that the user is advised to run.
  static func isValid(_ revision: String) -> Bool {
    let parts = revision.split(separator: "/", omittingEmptySubsequences: false)
    return !revision.hasPrefix("-") && revision.utf8.count <= 255
      && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
      && revision.utf8.allSatisfy {
        Unicode.Scalar($0).properties.isAlphabetic && $0 < 0x80
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "._-/+@=".utf8.contains($0)
      }
  }

  static func isCommit(_ revision: some StringProtocol) -> Bool {
    revision.utf8.count == 40
      && revision.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

/// The local cache of the Hugging Face hub. `models--ORG--NAME/refs/REVISION` holds a commit;
/// `snapshots/COMMIT/` has links to the files in `blobs/`.
struct HubCache {
  let root: String

  /// Takes the first that is set of `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`, `HF_HOME`/hub,
  /// `XDG_CACHE_HOME`/huggingface/hub and `HOME`/.cache/huggingface/hub. `~`, `$NAME` and `${NAME}`
  /// are expanded as in `constants.py` of `huggingface_hub`. An empty variable counts as not set.
  init(_ environment: [String: String]) {
    let expansion = PathExpansion(environment: environment)
    func value(_ variable: String) -> String? {
      environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
    func joined(_ folder: String, _ name: String) -> String {
      folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }
    let home =
      value("HF_HOME")
      ?? joined(value("XDG_CACHE_HOME") ?? joined(expansion.home("~"), ".cache"), "huggingface")
    root = expansion.expanded(
      value("HF_HUB_CACHE") ?? value("HUGGINGFACE_HUB_CACHE")
        ?? joined(expansion.expanded(home), "hub"))
  }

  /// - Parameter alsoTried: the folder that the name may have meant; it is shown in the message.
  func locate(_ asked: HubName, revision: String, alsoTried: String) throws -> LocatedModel {
    var name = asked
    var notes: [String] = []
    if Presence(at: folder(of: asked)) != .folder, let expanded = asked.expanded {
      name = expanded
      notes = ["\(asked.text) is TransformerLens's name for \(name.text)."]
    }
    let base = folder(of: name)
    let advice =
      notes.map { $0 + " " }.joined() + "Get it: hf download \(name.text) --revision \(revision)"
    func missing(_ expected: String, _ found: String) -> Diagnostic {
      Diagnostic(
        .data, file: name.text, field: "model", expected: expected, found: found, advice: advice)
    }
    guard Presence(at: base) == .folder else {
      throw missing("the folder \(alsoTried) or a model in the cache \(root)", "neither")
    }
    guard let commit = try commit(base, revision: revision) else {
      throw missing("the revision \(revision) in \(base)", "none of this name")
    }
    let snapshot = "\(base)/snapshots/\(commit)"
    guard Presence(at: snapshot) == .folder else {
      throw missing("the files of \(commit) in \(base)/snapshots", "no folder of this name")
    }
    let folder = Folder(path: snapshot)
    if let unfinished = try Self.unfinished(folder, at: snapshot, blobs: base + "/blobs") {
      throw Diagnostic(
        .data, file: snapshot, field: unfinished.file, expected: "a finished download",
        found: unfinished.found, advice: advice)
    }
    return LocatedModel(
      folder: folder, name: name.text, revision: revision, snapshot: commit, notes: notes)
  }

  private func folder(of name: HubName) -> String {
    "\(root)/models--" + name.text.split(separator: "/").joined(separator: "--")
  }

  /// The commit of a branch or tag, or the revision itself if it is a commit; nil if it is unknown.
  private func commit(_ base: String, revision: String) throws -> String? {
    if Revision.isCommit(revision) { return revision }
    let path = "\(base)/refs/\(revision)"
    guard Presence(at: path) == .file else { return nil }
    let reference = try FileBytes(reading: path)
    let text = reference.withBytes { String(decoding: $0.prefix(100), as: UTF8.self) }
    let commit = text.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
    guard Revision.isCommit(commit) else {
      throw Diagnostic(
        .data, file: path, expected: "a commit of 40 hexadecimal digits", found: "\"\(commit)\"",
        advice: "Remove this file and download the model again.")
    }
    return String(commit)
  }

  /// The first file that is still to be downloaded: a link to a missing blob, or a required file;
  /// nil if the model is complete.
  private static func unfinished(
    _ folder: Folder, at snapshot: String, blobs: String
  ) throws -> (file: String, found: String)? {
    let partial = Presence.names(in: blobs).first { $0.hasSuffix(".incomplete") }
    func state(_ file: String) -> (present: Bool, problem: String?) {
      switch Presence(at: "\(snapshot)/\(file)") {
      case .file, .folder: (true, nil)
      case .dangling: (false, "a link to a blob that is not there")
      case .absent: (false, nil)
      }
    }
    let weights = [SafetensorsStore.fileName, ShardIndex.fileName] + SafetensorsStore.pickles
    for file in ["config.json", "tokenizer.json"] + weights {
      if let problem = state(file).problem { return (file, problem) }
    }
    var needed = ["config.json"]
    if !state(SafetensorsStore.fileName).present, let index = try folder.file(ShardIndex.fileName) {
      needed += try ShardIndex(index).shards
    } else if !weights.contains(where: { state($0).present }) {
      needed.append(SafetensorsStore.fileName)
    }
    for file in needed where !state(file).present {
      let beside = partial.map { "; \(blobs)/\($0) is unfinished" } ?? ""
      return (file, (state(file).problem ?? "no such file") + beside)
    }
    return nil
  }
}
