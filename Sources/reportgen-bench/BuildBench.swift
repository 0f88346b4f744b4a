import ArgumentParser
import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import Pipeline
import Reporting
import StudyFile

/// Builds a report with all evidence for a random model of a given shape: the operations counted,
/// over the wall time of the whole build.
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

  /// Builds everything up to the files of the report.
  private func build(_ folder: String, workers: Int) throws -> Outcome {
    let texts = study.texts
    let file = try StudyFile(
      yaml: study.yaml(
        model: folder, target: texts.target, other: texts.other, documents: documents,
        probe: probe), file: "bench.yml", folder: folder)
    Measurement.resetPeak()
    let start = ContinuousClock.now
    let run = try StudyRun(
      file, limits: RunLimits(threads: workers),
      environment: ProcessInfo.processInfo.environment)
    let estimate = run.estimate
    let built = try run.outcome()
    let found = ContinuousClock.now
    _ = Report(built.findings, fallbackDate: nil).files
    let end = ContinuousClock.now
    let writing = Provenance.Phase(
      name: "writing the report", seconds: (end - found) / .seconds(1), operations: nil)
    return Outcome(
      phases: built.provenance.phases + [writing], seconds: (end - start) / .seconds(1),
      operations: built.operations, planned: estimate.operations, estimatedBytes: estimate.bytes,
      peakBytes: Measurement.peakBytes)
  }

  private struct Outcome {
    let phases: [Provenance.Phase]
    let seconds: Double
    let operations: OperationCount
    let planned: OperationCount
    let estimatedBytes: Int
    let peakBytes: Int

    func lines(_ rates: [String: Double]) -> [String] {
      let ideal = Machine.idealSeconds(operations, rates)
      var lines = phases.filter { $0.seconds >= 0.01 }.map { phase in
        phase.name.padding(toLength: 36, withPad: " ", startingAt: 0)
          + String(format: "%8.2f s  ", phase.seconds)
          + (phase.operations.map { BenchReport.scaled($0 / phase.seconds, "FLOP/s") } ?? "")
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

    private var peak: Double { Double(peakBytes) / 1e6 }
    private var estimated: Double { Double(estimatedBytes) / 1e6 }
  }
}
