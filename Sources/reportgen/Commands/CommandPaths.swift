import Diagnostics
import Reporting
import Storage
import StudyFile

/// All paths that a command reads and writes, checked before it computes anything. No output may be
/// an input, another output, or lie where it would disturb later runs.
///
/// Paths are compared as places, so that links, hard links and different spellings do not matter.
struct CommandPaths {
  private struct Named {
    /// The path's purpose in the command: `the study`, `corpora[0].path`, `--single-file`.
    let name: String
    let path: String
    let place: Place

    init(_ name: String, _ path: String) {
      self.name = name
      self.path = path
      place = Place(path)
    }
  }

  private var inputs: [Named] = []
  private var outputs: [(named: Named, file: OutputFile)] = []
  private var folders: [Named] = []

  /// Declares a file or folder that the command reads.
  mutating func reads(_ path: String, as name: String) { inputs.append(Named(name, path)) }

  /// Declares what a study reads: its own file, its corpora and its notes.
  mutating func reads(_ study: some OriginatedFile, corporaFolder: String?) {
    for input in study.inputs(corporaFolder: corporaFolder) { reads(input.path, as: input.name) }
  }

  /// Declares the file that `option` asks for.
  mutating func writes(_ file: OutputFile, for option: String) {
    outputs.append((Named(option, file.path), file))
  }

  /// Declares the file that `option` asks for and that can hold only one report.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if there is not exactly one report.
  mutating func writes(_ file: OutputFile, for option: String, reports: Int) throws {
    writes(file, for: option)
    try Self.checkIsOne(reports, for: option)
  }

  static func checkIsOne(_ reports: Int, for option: String) throws {
    guard reports != 1 else { return }
    throw Diagnostic(
      .study, file: option, expected: "one report", found: "\(reports)",
      advice: "Name one report, and run the command once for each.")
  }

  /// Declares a folder that belongs to the command: a site, templates, the cache.
  mutating func keeps(_ folder: String, as name: String) { folders.append(Named(name, folder)) }

  /// - Throws: `Diagnostic` of kind `.study` for paths that conflict with each other, of kind
  ///   `.resources` for a path that cannot be written.
  func check() throws {
    for folder in folders where folder.path.allSatisfy(\.isWhitespace) {
      throw Diagnostic(
        .resources, file: folder.name, expected: "a folder", found: "no name",
        advice: "Name a folder, or leave the option out.")
    }
    for output in outputs { try output.file.checkName() }
    for output in outputs { try checkIsNoStudy(output.named) }
    for output in outputs { try check(output.named) }
    try checkFolders()
    try checkStreams()
    for output in outputs {
      try Self.checkOutsideSites(output.named.path)
      try output.file.check()
    }
  }

  /// Refuses a path inside a published site, because a site holds reports and nothing else.
  static func checkOutsideSites(_ path: String) throws {
    guard let site = SitePublisher.site(around: Place(path)) else { return }
    throw Diagnostic(
      .study, file: path, expected: "a place outside of any site",
      found: "one inside the site \(site)",
      advice: "Later builds would refuse that site; name another folder.")
  }

  /// Refuses a study as an output: a user may mistake an option that takes a file for a flag.
  private func checkIsNoStudy(_ output: Named) throws {
    let isStudy =
      [".yml", ".yaml"].contains { output.path.lowercased().hasSuffix($0) }
      || BuiltInStudy(rawValue: output.path) != nil
    guard isStudy else { return }
    throw Diagnostic(
      .study, file: output.name, expected: "the name of a file to write",
      found: "\(output.path), the name of a study",
      advice: "The word behind \(output.name) is the file that it writes, not the study to build.")
  }

  private func check(_ output: Named) throws {
    if let input = inputs.first(where: { $0.place.isSame(as: output.place) }) {
      throw conflict(
        output, "a file that the command does not read", "\(input.path), \(input.name)")
    }
    for folder in folders {
      if output.place.isSame(as: folder.place) || output.place.isInside(folder.place) {
        throw conflict(
          output, "a place outside of \(folder.name) \(folder.path)", output.place.path)
      }
      if folder.place.isInside(output.place) {
        throw conflict(output, "another name than a folder above \(folder.name)", folder.path)
      }
    }
    if let other = outputs.first(where: {
      $0.named.name != output.name && $0.named.place.isSame(as: output.place)
    }) {
      throw conflict(output, "a file of its own", "that of \(other.named.name)")
    }
  }

  /// Refuses inputs and other such folders inside a folder that is replaced as a whole.
  private func checkFolders() throws {
    for folder in folders {
      for input in inputs
      where input.place.isSame(as: folder.place) || input.place.isInside(folder.place) {
        throw conflict(
          folder, "a folder without the command's input", "\(input.path), \(input.name), in it")
      }
      for other in folders
      where other.name != folder.name
        && (other.place.isSame(as: folder.place) || other.place.isInside(folder.place))
      {
        throw conflict(folder, "a folder of its own", "\(other.name) \(other.path) in it")
      }
    }
  }

  /// Refuses an input that standard output or error is redirected into: it would change while it is
  /// read.
  private func checkStreams() throws {
    for (descriptor, name) in [(Int32(1), "standard output"), (2, "standard error")] {
      guard let place = Place(descriptor: descriptor),
        let input = inputs.first(where: { $0.place.isSame(as: place) })
      else { continue }
      throw Diagnostic(
        .study, file: name, expected: "a file that the command does not read",
        found: "\(input.path), \(input.name)", advice: "Lead it into another file.")
    }
  }

  private func conflict(_ output: Named, _ expected: String, _ found: String) -> Diagnostic {
    Diagnostic(
      .study, file: output.name, field: output.path, expected: expected, found: found,
      advice: "Nothing was read or written; give another path.")
  }
}
