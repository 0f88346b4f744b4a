import ArgumentParser
import Foundation
import Storage

/// The model and the texts that a benchmark runs on.
struct BenchStudy: ParsableArguments {
  @Option(
    help:
      "The shape to imitate: Pythia's 14m, 31m, 70m, 160m, 410m, 1b, 12b; gpt2, smollm2, tinyllama."
  )
  var shape = BenchShape.m70

  @Option(
    help: "A folder with french_data.json and non_french_data.json; the demo's texts otherwise.")
  var corpora: String?

  @Option(help: "A tokenizer.json; the demo's otherwise.")
  var tokenizer: String?

  var vocabulary: FileBytes {
    get throws {
      if let tokenizer { return try FileBytes(reading: tokenizer) }
      guard let file = try Folder.embedded.file("demo/tokenizer.json") else {
        throw CleanExit.message("The program carries no tokenizer.")
      }
      return file
    }
  }

  /// The paths of the target's and the other class's texts.
  var texts: (target: String, other: String) {
    guard let corpora else { return ("builtin:corpora/fr.txt", "builtin:corpora/de.txt") }
    let folder = Self.absolute(corpora)
    return (folder + "/french_data.json", folder + "/non_french_data.json")
  }

  /// Writes a random model of the shape into a folder that is removed after `body`.
  func withModel(_ body: (_ folder: String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "reportgen-bench-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try RandomModel(shape, tokenizer: vocabulary, folder: folder)
    try body(folder)
  }

  func yaml(
    model: String, target: String, other: String, documents: Int, probe: Int
  ) -> String {
    """
    title: Benchmark
    model: \(model)
    corpora:
      - {name: French, path: "\(target)"}
      - {name: Other, path: "\(other)"}
    target: French
    layer: 3
    documents: \(documents)
    probe: {documents: \(probe), splits: 1}
    """
  }

  static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
