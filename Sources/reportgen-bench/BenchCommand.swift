import ArgumentParser
import Foundation
import JSON
import LanguageModel
import LinearAlgebra
import Passes

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reportgen-bench",
    abstract: "Measures how near this machine's limits reportgen is.",
    subcommands: [
      Machine.self, BuildBench.self, Scaling.self, AtlasBench.self, WorkBench.self, Loss.self,
    ],
    defaultSubcommand: Machine.self)
}

/// Measures every part against its own bound, and the whole sweep.
struct Machine: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures this machine's matrix products, the kernels, and the whole sweep.")

  @OptionGroup var study: BenchStudy

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
    let sizes = try study.shape.architecture
    print("\(MatrixProduct.library), kernels \(Kernels.best.name), \(workers) workers")

    let square = ProductBench.square
    let products = [square] + ProductBench.shapes(of: sizes)
    let before = ProductBench.rates(products, cores: workers)
    var table: [Measurement] = []
    table += try KernelBench(
      shape: sizes, workers: workers, tokenizer: study.vocabulary
    ).run()
    table.append(
      try ProbeBench(rows: probeRows, workers: workers).run())

    try study.withModel { folder in
      let texts = study.texts
      let sweep = try SweepBench(
        study.yaml(
          model: folder, target: texts.target, other: texts.other, documents: documents,
          probe: probe), folder: folder)
      let outcome = try sweep.run(workers: workers) { model in
        table.append(
          AttentionBench(model: model, workers: workers).run(
            productRate: Self.attentionRate(before)))
      }
      // Products are timed before and after the sweep and the better rate counts: other work on the
      // machine must not make the sweep look good.
      let after = ProductBench.rates(products, cores: workers)
      let rates = before.merging(after, uniquingKeysWith: max)
      table =
        products.map { product in
          Measurement(
            name: "SGEMM \(product.name) \(product.m)×\(product.n)×\(product.k)",
            amount: rates[product.name] ?? 0, unit: "FLOP", seconds: 1,
            bound: product.name == square.name ? nil : rates[square.name],
            boundName: "a square product")
        } + table
      let ideal = Self.idealSeconds(outcome.operations, rates)
      table.append(
        Measurement(
          name: "the sweep's products alone", amount: outcome.operations.total, unit: "FLOP",
          seconds: ideal, bound: rates[square.name], boundName: "a square product"))
      table.append(
        Measurement(
          name: "sweep", amount: outcome.operations.total, unit: "FLOP", seconds: outcome.seconds,
          bound: outcome.operations.total / ideal, boundName: "SGEMM, shape by shape"))
      let report = BenchReport(table: table, outcome: outcome, ideal: ideal)
      print(report.text)
      if let json { try Data(report.json.utf8).write(to: URL(filePath: json)) }
    }
  }

  /// The rate of scores and values one after the other; both have the same number of operations.
  private static func attentionRate(_ rates: [String: Double]) -> Double {
    let attention = [rates["attention scores"], rates["attention values"]].compactMap(\.self)
    return 2 / attention.reduce(0) { $0 + 1 / $1 }
  }

  /// The seconds that the counted products alone would take at the measured rates.
  static func idealSeconds(_ count: OperationCount, _ rates: [String: Double]) -> Double {
    [
      (count.queryKeyValue, rates["queries, keys, values"]), (count.mlpIn, rates["MLP in"]),
      (count.output, rates["attention and MLP out"]), (count.logits, rates["logits (a block)"]),
      (count.attention, attentionRate(rates)),
    ].reduce(0) { $0 + $1.0 / ($1.1 ?? .infinity) }
  }
}
