import ArgumentParser
import Files
import Foundation
import LanguageModel
import LinearAlgebra
import Study

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reportgen-bench",
    abstract: "Measures this machine's matrix products, the kernels, and the whole sweep.")

  @Option(help: "The Pythia shape to imitate: 14m, 31m, 70m, 160m, 410m, 1b.")
  var shape = PythiaShape.m70

  @Option(
    help: "A folder with french_data.json and non_french_data.json; the demo's texts otherwise.")
  var corpora: String?

  @Option(help: "A tokenizer.json; the demo's otherwise.")
  var tokenizer: String?

  @Option(help: "Documents of each class.")
  var documents = 1000

  @Option(help: "Documents of each class that are probed.")
  var probe = 200

  @Option(help: "Tokens on which all neurons of a layer are probed one by one.")
  var probeRows = 132_000

  @Option(help: "Workers of the sweep; the machine's cores otherwise.")
  var workers: Int?

  @Option(help: "Write the figures as JSON to this file.")
  var json: String?

  func run() throws {
    let workers = workers ?? ParallelLoop.cores
    let sizes = shape.sizes
    print("\(MatrixProduct.library), kernels \(Kernels.best.name), \(workers) workers")

    var table: [Measurement] = []
    var rates: [String: Double] = [:]
    for product in ProductBench.shapes(dModel: sizes.dModel, heads: sizes.heads) {
      let rate = ProductBench.rate(product, cores: workers)
      rates[product.name] = rate
      table.append(
        Measurement(
          name: "SGEMM \(product.name) \(product.m)×\(product.n)×\(product.k)", amount: rate,
          unit: "FLOP", seconds: 1))
    }
    table += try KernelBench(shape: shape, workers: workers, tokenizer: vocabulary).run()
    table.append(
      try ProbeBench(neurons: 4 * sizes.dModel, rows: probeRows, workers: workers).run())

    let folder = NSTemporaryDirectory() + "reportgen-bench-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try RandomModel(shape, tokenizer: vocabulary, folder: folder)
    let sweep = try SweepBench(yaml(model: folder), folder: folder)
    let outcome = try sweep.run(workers: workers)
    let ideal = idealSeconds(outcome.operations, rates)
    table.append(
      Measurement(
        name: "sweep", amount: outcome.operations.total, unit: "FLOP", seconds: outcome.seconds,
        bound: outcome.operations.total / ideal, boundName: "SGEMM, shape by shape"))

    let report = BenchReport(table: table, outcome: outcome, ideal: ideal)
    print(report.text)
    if let json { try Data(report.json.utf8).write(to: URL(filePath: json)) }
  }

  private var vocabulary: FileBytes {
    get throws {
      if let tokenizer { return try FileBytes(reading: tokenizer) }
      guard let file = try Folder.embedded.file("demo/tokenizer.json") else {
        throw CleanExit.message("The program carries no tokenizer.")
      }
      return file
    }
  }

  private func yaml(model: String) -> String {
    let (target, other) =
      corpora.map { (absolute($0) + "/french_data.json", absolute($0) + "/non_french_data.json") }
      ?? ("builtin:corpora/fr.txt", "builtin:corpora/de.txt")
    return """
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

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// Seconds that the counted products alone would take at the measured rates.
  private func idealSeconds(_ count: OperationCount, _ rates: [String: Double]) -> Double {
    let attention = [rates["attention scores"], rates["attention values"]].compactMap(\.self)
    let attentionRate = 2 / attention.reduce(0) { $0 + 1 / $1 }
    return [
      (count.queryKeyValue, rates["queries, keys, values"]), (count.mlpIn, rates["MLP in"]),
      (count.output, rates["attention and MLP out"]), (count.logits, rates["logits (a block)"]),
      (count.attention, attentionRate),
    ].reduce(0) { $0 + $1.0 / ($1.1 ?? .infinity) }
  }
}
