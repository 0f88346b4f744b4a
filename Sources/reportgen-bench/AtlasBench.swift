import ArgumentParser
import Atlas
import Foundation
import LinearAlgebra
import Passes
import Pipeline
import StudyFile

/// Measures an atlas: its phases, the share of the matrix products' rate, memory, and its findings.
struct AtlasBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atlas",
    abstract: "Measures an atlas: the demo's, a file's, or one of a random model over a folder.")

  @OptionGroup var study: BenchStudy

  @Argument(help: "The atlas's file; the demo's atlas otherwise.")
  var file: String?

  @Option(help: "A folder with a file of text for each label; a random model is run on them.")
  var labels: String?

  @Option(help: "The most documents of a label, one figure for each; for --labels.")
  var documents = [200]

  @Option(help: "Lines that are added to the file of --labels, such as `sets: no`.")
  var setting: [String] = []

  @Option(help: "Workers; the machine's cores otherwise.")
  var workers: Int?

  @Option(help: "Write the findings to this file.")
  var findings: String?

  func run() throws {
    guard let labels else {
      let atlas =
        if let file { try AtlasFile(reading: file) } else {
          try AtlasFile(parsing: BuiltInAtlas.demo.file, folder: nil)
        }
      return try measure(atlas)
    }
    try study.withModel { folder in
      for count in documents {
        try measure(
          AtlasFile(
            yaml: try Self.yaml(model: folder, labels: labels, documents: count, setting),
            folder: folder))
      }
    }
  }

  static func yaml(
    model: String, labels: String, documents: Int, _ settings: [String]
  ) throws -> String {
    let folder = BenchStudy.absolute(labels)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".txt") }.sorted()
    let corpora = names.map { "  - {name: \($0.dropLast(4)), path: \"\(folder)/\($0)\"}" }
    return
      (["kind: atlas", "title: Benchmark", "model: \(model)", "documents: \(documents)"]
      + settings + ["corpora:"] + corpora).joined(separator: "\n") + "\n"
  }

  private func measure(_ file: AtlasFile) throws {
    Measurement.resetPeak()
    let start = ContinuousClock.now
    let run = try AtlasRun(
      file, limits: RunLimits(threads: workers),
      environment: ProcessInfo.processInfo.environment)
    let outcome = try run.outcome()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let peak = Measurement.peakBytes
    let rates = ProductBench.rates(
      ProductBench.shapes(of: run.atlas.model.architecture), cores: workers ?? ParallelLoop.cores)
    let ideal = Machine.idealSeconds(outcome.operations, rates)
    let text = outcome.findings.text
    print(
      "\(file.title): \(run.atlas.documents.count) documents, "
        + "\(AtlasComputation.scan(run.atlas).tokens) tokens, "
        + "\(outcome.findings.findings.model.neurons) neurons, \(file.corpora.count) labels")
    for phase in outcome.provenance.phases {
      let rate = phase.operations.map { BenchReport.scaled($0 / phase.seconds, "FLOP/s") } ?? ""
      print(String(format: "  %@%8.2f s  ", Self.column(phase.name), phase.seconds) + rate)
    }
    print(
      String(
        format: "  in all %.2f s, of which the model's products alone %.2f s: %.1f %%", seconds,
        ideal, 100 * ideal / seconds))
    print(
      String(
        format: "  peak memory %.0f MB (estimated %.0f MB), findings %.2f MB", Double(peak) / 1e6,
        Double(run.estimate.bytes) / 1e6, Double(text.utf8.count) / 1e6))
    for label in outcome.findings.findings.orderedLabels {
      print(
        "  \(Self.column(label.name)) \(label.confirmed) confirmed, \(label.suggestive) suggestive, "
          + "best \(outcome.findings.findings.address(label.best)) "
          + String(format: "%.4f (%.4f to %.4f)", label.auc, label.low, label.high))
    }
    if let findings { try Data(text.utf8).write(to: URL(filePath: findings)) }
  }

  private static func column(_ text: String) -> String {
    text.padding(toLength: max(24, text.count), withPad: " ", startingAt: 0)
  }
}
