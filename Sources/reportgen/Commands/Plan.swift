import Analyses
import ArgumentParser
import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import StudyFile

/// `reportgen plan`: everything that can be known before the model runs.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a study and says what building it takes, without running the model.")

  @OptionGroup var arguments: StudyArguments

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    for file in try arguments.files() {
      let study = try ResolvedStudy(
        file, corporaFolder: arguments.corporaFolder, environment: environment)
      try StandardOutput.writeLine(Self.describe(study, environment: environment))
    }
  }

  private static func describe(_ study: ResolvedStudy, environment: [String: String]) -> String {
    let needs = Registry.needs(of: study)
    let sweep = Sweep(study, needs: needs, environment: environment)
    let shape = study.architecture
    var lines = [
      "\(study.file.title)",
      "  model       \(study.source.name): \(shape.layers) layers, d_model \(shape.dModel), "
        + "d_mlp \(shape.dMLP), vocabulary \(shape.vocabulary), context \(shape.context)",
      "  neuron      layer \(study.file.layer), "
        + ([study.file.neuron] + (study.file.compare ?? [])).map(\.description)
        .joined(separator: " beside "),
    ]
    lines += study.modelNotes.map { "  note        \($0)" }
    for corpus in study.corpora.all {
      let tokens = study.documents(of: .named(corpus.name))
      var line = "  corpus      \(corpus.name): \(Quantity.of(corpus.documents.count, "document"))"
      line += ", of which \(tokens.documents.count) used: \(Quantity.tokens(tokens.tokens))"
      if tokens.cut > 0 { line += ", \(tokens.cut) cut to the context" }
      if corpus.blankSkipped > 0 { line += ", \(corpus.blankSkipped) blank skipped" }
      lines.append(line)
    }
    for (name, reference) in [("target", CorpusReference.target), ("other", .other)] {
      let documents = study.documents(of: reference)
      lines.append(
        "  \(name.padding(toLength: 11, withPad: " ", startingAt: 0)) "
          + "\(Quantity.of(documents.documents.count, "document")), "
          + Quantity.tokens(documents.tokens))
    }
    lines += documents(study)
    let rate = MachineRate.measure()
    let alone = Registry.operations(of: study)
    let choice = ProbeSweep.choiceOperations(of: study)
    var parts = choice.total > 0 ? [(id: "choosing", operations: choice)] : []
    parts += [(id: "the sweep", operations: sweep.operations)]
    parts += [(id: "shared passes", operations: Registry.wave(of: study).operations(of: shape))]
    parts += Registry.analyses(of: study.file).compactMap { analysis in
      let operations = analysis.operations(study)
      return operations.total > 0 ? (analysis.id, operations) : nil
    }
    let total = parts.reduce(0) { $0 + $1.operations.total }
    func cost(_ operations: Double) -> String {
      "\(Quantity.operations(operations)), about "
        + Quantity.duration(operations / (rate * expectedShare))
    }
    lines += [
      "  operations  \(cost(total)) at \(Quantity.operations(rate))/s, measured just now on "
        + "\(Quantity.of(sweep.workers, "core")); of these"
    ]
    lines += parts.map { part in
      "    \(part.id.padding(toLength: 18, withPad: " ", startingAt: 0)) "
        + cost(part.operations.total)
    }
    lines.append("    of the shared passes, each of these alone would take")
    lines += alone.filter { line in !parts.contains { $0.id == line.id } }.map { part in
      "      \(part.id.padding(toLength: 18, withPad: " ", startingAt: 0)) "
        + cost(part.operations.total)
    }
    lines.append(
      "  memory      about \(Quantity.bytes(sweep.memoryBytes)); "
        + "\(Quantity.bytes(sweep.temporaryBytes)) in a temporary file")
    return lines.joined(separator: "\n")
  }

  /// How many documents choose the neuron, and how many are measured.
  private static func documents(_ study: ResolvedStudy) -> [String] {
    let classes = [CorpusReference.target, .other]
    let choosing = classes.map { study.choosingDocuments(of: $0) }
    let samples = classes.map { DocumentSample(of: $0, in: study) }
    let settings = study.file.measuringOrStandard
    return [
      "  choosing    \(choosing[0].documents.count) and \(choosing[1].documents.count) documents, "
        + "\(Quantity.count(choosing[0].tokens + choosing[1].tokens)) tokens"
        + (study.drawsChoosing ? ", drawn at random" : ": the probe documents"),
      "  measuring   \(samples[0].documents.count) and \(samples[1].documents.count) documents, at "
        + "most \(settings.window) tokens of each"
        + (samples.contains { $0.size.holdsSelection }
          ? "; too few are left, so that some chose the neuron"
          : ", none of which chose the neuron"),
    ]
  }

  /// The share of the machine's matrix-product rate that a sweep reaches, conservatively.
  private static let expectedShare = 0.75
}

/// How fast this machine multiplies matrices.
enum MachineRate {
  /// Operations per second of all cores on a product of the sweep's shape, in about 0.2 s.
  static func measure() -> Double {
    let a = Matrix(rows: 512, columns: 512, elements: Array(repeating: 1, count: 512 * 512))
    let operations = 2.0 * 512 * 512 * 512
    let clock = ContinuousClock()
    let start = clock.now
    let rounds = 64
    ParallelLoop.forEach(ParallelLoop.cores) { _ in
      var c = Matrix(rows: 512, columns: 512)
      for _ in 0..<rounds {
        MatrixProduct.timesTransposed(a, a.block(), a, a.block(), into: &c, c.block())
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    return operations * Double(rounds * ParallelLoop.cores) / max(seconds, 1e-6)
  }
}
