import Analyses
import ArgumentParser
import Diagnostics
import Storage
import StudyFile

/// `reportgen init`: writes a study file to start from, or the recipe that runs one on many machines.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a commented study file, or a cluster's recipe, or prints the demo's study.")

  @Argument(
    help: """
      The study's name; NAME.yml is written. With --cluster, the folder of the recipe. No file that \
      is there is replaced.
      """)
  var name: String?

  @Flag(help: "Print the demo's study file instead; with --atlas, the demo atlas's.")
  var demo = false

  @Flag(help: "Write the file of an atlas: every neuron of a model against every label.")
  var atlas = false

  @Option(
    help: ArgumentHelp(
      "Write the recipe that runs studies on many machines, by Slurm, Snakemake or GNU parallel.",
      discussion: "`reportgen manual cluster` explains it.", valueName: "engine"))
  var cluster: ClusterRecipe?

  func validate() throws {
    if cluster != nil {
      guard !demo, !atlas else {
        throw ValidationError("--cluster goes with neither --demo nor --atlas.")
      }
      guard name != nil else {
        throw ValidationError("Give the folder of the recipe, beside the study: `.` is this one.")
      }
    }
    if demo == (name != nil) {
      throw ValidationError("Give a NAME, or --demo to print the demo's study file.")
    }
  }

  func run() throws {
    guard let name else {
      return try StandardOutput.write(
        atlas ? try StudyTemplate.demoAtlas() : try StudyTemplate.demo())
    }
    if let cluster { return try Self.write(cluster, into: name) }
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

  /// Writes a recipe's files into `folder`, which may hold others, and says how to start it.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if one of the files is there or the folder is inside a
  ///   site; nothing is written then.
  private static func write(_ recipe: ClusterRecipe, into folder: String) throws {
    try CommandPaths.checkOutsideSites(folder)
    let files = try recipe.files
    try NewFiles.write(files, into: folder)
    let names = files.map { folder == "." ? $0.path : FileWriting.joined(folder, $0.path) }
    try StandardOutput.writeLine(
      """
      Wrote \(names.joined(separator: ", ")). Next, in that folder: \(recipe.start)
      A study's or an atlas's file beside them stands in for demo-atlas; reportgen manual cluster explains.
      """)
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

extension ClusterRecipe: ExpressibleByArgument {}
