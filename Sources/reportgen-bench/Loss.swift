import ArgumentParser
import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import StudyFile

/// Times the loss of a corpus with and without one neuron: the same task that
/// Tests/reference/goldens_speed.py times in other programs, with the same terms.
struct Loss: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times the loss of a corpus clean and ablated, to compare with other programs.")

  @Argument(help: "The model's folder.")
  var model: String

  @Argument(help: "The corpus: .json, .jsonl or .txt.")
  var corpus: String

  @Option(help: "The first documents that are run.")
  var documents = 32

  @Option var layer = 3
  @Option var neuron = 609
  @Option(help: "What the neuron is set to, at every position.")
  var value: Float = -0.05

  @Option(help: "Workers; the machine's cores otherwise.")
  var workers: Int?

  func run() throws {
    let workers = workers ?? ParallelLoop.cores
    let path = BenchStudy.absolute(corpus)
    // A study has two classes; the second is not run.
    let bench = try SweepBench(
      """
      title: Loss
      model: \(BenchStudy.absolute(model))
      corpora:
        - {name: A, path: "\(path)"}
        - {name: B, path: "builtin:corpora/en.txt"}
      target: A
      layer: \(layer)
      documents: \(documents)
      """, folder: ".")
    let study = bench.study
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let target = study.documents(of: .target)
    let documents = DocumentSet(target.documents.map(\.ids))
    let edit = Intervention(
      NeuronAddress(layer: layer, neuron: neuron), to: .number(value), from: 0)
    let passes = [
      Pass(documents, reading: [.loss]),
      Pass(documents, interventions: [edit], reading: [.loss]),
    ]
    let engine = Engine(
      running: model, workers: workers,
      temporaryFolder: Sweep.temporaryFolder(ProcessInfo.processInfo.environment))
    let start = ContinuousClock.now
    try engine.run(passes)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let means = try passes.map { pass in
      try engine.outcome(of: pass).tokens(.loss).joined().reduce(0.0) { $0 + Double($1) }
        / Double(target.tokens)
    }
    print(
      String(
        format: "reportgen: %.3f s/document, %.0f tokens/s, %d documents, %d tokens, "
          + "loss %.6f -> %.6f, peak %d MiB, %d threads",
        seconds / Double(target.documents.count), 2 * Double(target.tokens) / seconds,
        target.documents.count, target.tokens, means[0], means[1],
        Measurement.peakBytes >> 20, workers))
  }
}
