import Analyses
import ArgumentParser
import Diagnostics
import LanguageModel
import LinearAlgebra
import Passes
import Pipeline
import Reporting
import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `reportgen plan`: shows what is known of a study before the model runs.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks a study and says what building it takes, without running the model.")

  @OptionGroup var arguments: StudyArguments
  @OptionGroup var output: JSONArgument

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    var faults = FaultList()
    var documents: [PlanDocument.Study] = []
    for file in try arguments.files() {
      let study = faults.attempt {
        try ResolvedStudy.checked(
          file, corporaFolder: arguments.corporaFolder, environment: environment)
      }
      if let study, output.isJSON {
        documents.append(PlanDocument.Study(study, environment: environment))
      } else if let study {
        try StandardOutput.writeLine(Self.describe(study, environment: environment))
      }
    }
    if output.isJSON { try PlanDocument(studies: documents).write() }
    try faults.check()
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
      var line = "  corpus      \(corpus.name): "
      if corpus.entry.isSelective {
        line += "\(corpus.read) read, \(corpus.matched) matched, \(corpus.taken) taken"
      } else {
        line += Quantity.of(corpus.taken, "document")
      }
      line += ", of which \(tokens.documents.count) used: \(Quantity.tokens(tokens.tokens))"
      if tokens.cut > 0 { line += ", \(tokens.cut) cut to the context" }
      if corpus.blank > 0 { line += ", \(corpus.blank) blank skipped" }
      lines.append(line)
    }
    for (name, reference) in [("target", CorpusReference.target), ("other", .other)] {
      let documents = study.documents(of: reference)
      lines.append(
        "  \(name.column(11)) "
          + "\(Quantity.of(documents.documents.count, "document")), "
          + Quantity.tokens(documents.tokens))
    }
    if study.corpora.shared > 0 {
      lines.append(
        "  note        \(study.corpora.shared) of the target's documents are in the other class, "
          + "too")
    }
    lines += documents(study)
    let rate = MachineRate.measure()
    let plan = Registry.plan(sweep)
    let parts = Registry.operations(of: study)
    let choosing = ProbeSweep.choiceOperations(of: study)
    func cost(_ operations: Double) -> String {
      "\(Quantity.operations(operations)), about "
        + Quantity.duration(operations / (rate * expectedShare))
    }
    lines += [
      "  operations  \(cost(plan.operations.total + choosing.total)) at \(Quantity.operations(rate))/s, "
        + "measured just now on \(Quantity.of(sweep.workers, "core")); "
        + "of these, each alone (what several need is run once)"
    ]
    if choosing.total > 0 {
      lines.append(
        "    \("choosing".padding(toLength: 18, withPad: " ", startingAt: 0)) "
          + cost(choosing.total))
    }
    lines += parts.map { part in
      "    \(part.id.column(18)) "
        + cost(part.operations.total)
    }
    lines.append("  page        \(PageEstimate(study.file, notes: study.notes).words)")
    lines.append(
      "  memory      about \(Quantity.bytes(Registry.memoryBytes(sweep))); "
        + "\(Quantity.bytes(plan.keptBytes)) in a temporary file")
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

  /// A cautious estimate of the share of the machine's matrix-product rate that a sweep reaches.
  fileprivate static let expectedShare = 0.75
}

extension PlanDocument.Study {
  fileprivate init(_ study: ResolvedStudy, environment: [String: String]) {
    let sweep = Sweep(study, needs: Registry.needs(of: study), environment: environment)
    let plan = Registry.plan(sweep)
    let rate = MachineRate.measure()
    func seconds(_ operations: Double) -> Double { operations / (rate * Plan.expectedShare) }
    func count(_ reference: CorpusReference) -> PlanDocument.Count {
      let documents = study.documents(of: reference)
      return .init(documents: documents.documents.count, tokens: documents.tokens)
    }
    self.init(
      title: study.file.title, slug: study.file.slug, file: study.file.origin.file,
      model: .init(study.source.name, study.architecture), layer: "\(study.file.layer)",
      neurons: ([study.file.neuron] + (study.file.compare ?? [])).map(\.description),
      notes: study.modelNotes,
      corpora: study.corpora.all.map { corpus in
        let tokens = study.documents(of: .named(corpus.name))
        return .init(
          name: corpus.name, read: corpus.read, matched: corpus.matched, taken: corpus.taken,
          used: tokens.documents.count, tokens: tokens.tokens, cut: tokens.cut, blank: corpus.blank)
      },
      classes: .init(target: count(.target), other: count(.other)),
      sharedDocuments: study.corpora.shared,
      operations: .init(
        total: plan.operations.total, seconds: seconds(plan.operations.total), ratePerSecond: rate,
        cores: sweep.workers,
        parts: Registry.operations(of: study).map {
          .init(
            id: $0.id, operations: $0.operations.total, seconds: seconds($0.operations.total))
        }),
      page: PageEstimate(study.file, notes: study.notes).words,
      memoryBytes: Registry.memoryBytes(sweep), temporaryBytes: plan.keptBytes)
  }
}

/// Measures how fast this machine multiplies matrices.
enum MachineRate {
  /// The operations per second of all cores on a product of the sweep's shape; takes about 0.2 s.
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
