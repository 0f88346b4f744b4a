import Analyses
import ArgumentParser
import Diagnostics
import Storage
import StudyFile

/// `reportgen init`: writes a study file to start from.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a commented study file, or prints the demo's.")

  @Argument(help: "The study's name; NAME.yml is written, never over a file that is there.")
  var name: String?

  @Flag(help: "Print the demo's study file instead; with --atlas, the demo atlas's.")
  var demo = false

  @Flag(help: "Write the file of an atlas: every neuron of a model against every label.")
  var atlas = false

  func validate() throws {
    if demo == (name != nil) {
      throw ValidationError("Give a NAME, or --demo to print the demo's study file.")
    }
  }

  func run() throws {
    guard let name else {
      return try StandardOutput.write(
        atlas ? try StudyTemplate.demoAtlas() : try StudyTemplate.demo())
    }
    let path = try Self.path(name)
    try CommandPaths.checkOutsideSites(path)
    let file = FileWriting.name(of: path)
    let title = String(file.prefix(upTo: file.lastIndex(of: ".") ?? file.endIndex))
    let text =
      atlas
      ? try StudyTemplate.atlas(title: title)
      : try StudyTemplate.text(title: title, settings: Registry.settingsLines())
    try NewFiles.write([TextFile(path: file, text: text)], into: FileWriting.folder(of: path))
    try StandardOutput.writeLine("Wrote \(path). Next: reportgen plan \(path)")
  }

  /// The path of the study file for `name`.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if the name has no character but blanks, dots and
  ///   slashes.
  private static func path(_ name: String) throws -> String {
    let ending = [".yml", ".yaml"].first(where: name.hasSuffix)
    let own = FileWriting.name(of: name).dropLast(ending?.count ?? 0)
    guard !name.hasSuffix("/"), !own.allSatisfy({ $0.isWhitespace || $0 == "." || $0 == "/" })
    else {
      throw Diagnostic(
        .study, file: "init", field: "NAME", expected: "a name for the study",
        found: "\"\(name.prefix(80))\"", advice: "reportgen init my-study writes my-study.yml.")
    }
    return ending == nil ? name + ".yml" : name
  }
}
