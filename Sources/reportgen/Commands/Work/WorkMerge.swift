import ArgumentParser
import Pipeline

/// `reportgen work merge`: checks that a pass is complete.
struct WorkMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Reads every part of a pass and names the units whose parts are missing or damaged.",
    discussion: """
      Parts are added up by the passes that read them, always in the order of the documents. Exit code 7: \
      the pass is incomplete.
      """)

  @Argument(help: "The folder of the work.", completion: .directory)
  var folder: String

  @Argument(help: "The pass.")
  var pass: String

  @Option(
    help:
      "Read the arrays of this layer alone, from 0 on: a large model's parts by several processes.")
  var layer: Int?

  func run() throws {
    let work = try WorkFolder(folder)
    let own = try work.manifest.pass(pass)
    try work.check(own, layer: layer)
    try StandardOutput.writeLine("\(pass): \(Quantity.of(own.units.count, "unit")), all whole.")
  }
}
