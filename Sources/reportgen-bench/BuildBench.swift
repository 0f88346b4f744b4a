import Analyses
import ArgumentParser
import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import Reporting
import StudyFile

/// The whole build with all evidence on a random model of a shape: counted operations over wall time,
/// from the first second to the last.
struct BuildBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Measures a whole build with all evidence: its operations as a share of SGEMM's.")

  @OptionGroup var study: BenchStudy

  @Option(help: "Documents of each class.")
  var documents = 200

  @Option(help: "Documents of each class that are probed.")
  var probe = 200

  @Option(help: "Threads; the machine's cores otherwise.")
  var workers: Int?

  /// What a part of the build took.
  private struct Phase {
    let name: String
    let seconds: Double
    let operations: Double
  }

  func run() throws {
    let workers = workers ?? ParallelLoop.cores
    let products = ProductBench.shapes(of: try study.shape.architecture)
    try study.withModel { folder in
      FreedMemory.returnToSystem()
      let before = ProductBench.rates(products, cores: workers)
      let outcome = try build(folder, workers: workers)
      let rates = before.merging(
        ProductBench.rates(products, cores: workers), uniquingKeysWith: max)
      print(outcome.lines(rates).joined(separator: "\n"))
    }
  }

  /// Builds up to the files of the report.
  private func build(_ folder: String, workers: Int) throws -> Outcome {
    let texts = study.texts
    let file = try StudyFile(
      yaml: study.yaml(
        model: folder, target: texts.target, other: texts.other, documents: documents,
        probe: probe), file: "bench.yml", folder: folder)
    var outcome = Outcome()
    let resolved = try outcome.time("reading") { try ResolvedStudy(file, environment: [:]) }
    let model = try outcome.time("loading the model") {
      try Transformer(architecture: resolved.architecture, checkpoint: resolved.checkpoint)
    }
    resolved.checkpoint.releasePages()
    var sweep = Sweep(
      resolved, needs: Registry.needs(of: resolved),
      environment: ProcessInfo.processInfo.environment)
    sweep.workers = workers
    outcome.estimatedBytes = Registry.memoryBytes(sweep)
    outcome.planned = Registry.plan(sweep).operations
    let known = try CachedResults(of: resolved, in: nil)
    let evidence = try outcome.time("probing") {
      try sweep.run(in: model, for: [], isScanned: known.isScanned)
    }
    outcome.count(evidence)
    try outcome.time("running the passes") { try known.runPasses(evidence) }
    outcome.count(evidence)
    let findings = try known.findings(from: evidence) { id, run in
      FreedMemory.returnToSystem()
      try outcome.time("analysing: " + id, run)
      outcome.count(evidence)
    }
    try outcome.time("writing the report") {
      _ = Report(try FindingsFile(findings), fallbackDate: nil).files
    }
    outcome.operations = evidence.engine.operations
    return outcome
  }

  private struct Outcome {
    var phases: [Phase] = []
    var operations = OperationCount()
    var planned = OperationCount()
    var estimatedBytes = 0
    private var counted = 0.0

    mutating func time<Value>(_ name: String, _ body: () throws -> Value) rethrows -> Value {
      let start = ContinuousClock.now
      let value = try body()
      phases.append(
        Phase(name: name, seconds: (ContinuousClock.now - start) / .seconds(1), operations: 0))
      return value
    }

    /// Notes what the last phase has counted.
    mutating func count(_ evidence: Evidence) {
      let total = evidence.engine.operations.total
      if let last = phases.popLast() {
        phases.append(
          Phase(name: last.name, seconds: last.seconds, operations: total - counted))
      }
      counted = total
    }

    func lines(_ rates: [String: Double]) -> [String] {
      let seconds = phases.reduce(0) { $0 + $1.seconds }
      let ideal = Machine.idealSeconds(operations, rates)
      var lines = phases.filter { $0.seconds >= 0.01 }.map { phase in
        phase.name.padding(toLength: 36, withPad: " ", startingAt: 0)
          + String(format: "%8.2f s  ", phase.seconds)
          + (phase.operations > 0
            ? BenchReport.scaled(phase.operations / phase.seconds, "FLOP/s") : "")
      }
      lines += [
        String(format: "the whole build: %.2f s, ", seconds)
          + "\(BenchReport.scaled(operations.total, "FLOP")) counted, "
          + "\(BenchReport.scaled(planned.total, "FLOP")) planned, "
          + BenchReport.scaled(operations.total / seconds, "FLOP/s"),
        String(
          format: "  products alone %.2f s at the measured rates: %.1f %%", ideal,
          100 * ideal / seconds),
        String(
          format: "  peak memory %.0f MB, estimated %.0f MB: %.2f", peak, estimated,
          estimated / peak),
      ]
      return lines
    }

    private var peak: Double { Double(Measurement.peakBytes) / 1e6 }
    private var estimated: Double { Double(estimatedBytes) / 1e6 }
  }
}
