import Analyses
import ArgumentParser
import Atlas
import AtlasPages
import Corpora
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
    var document = PlanDocument()
    for named in try arguments.named() {
      let text = faults.attempt {
        switch named {
        case .study(let file):
          let study = PlanDocument.Study(
            try ResolvedStudy.checked(
              file, corporaFolder: arguments.corporaFolder, environment: environment),
            environment: environment)
          document.studies.append(study)
          return study.description
        case .atlas(let file):
          let atlas = PlanDocument.Atlas(
            try ResolvedAtlas.checked(
              file, corporaFolder: arguments.corporaFolder, environment: environment))
          document.atlases = (document.atlases ?? []) + [atlas]
          return atlas.description
        }
      }
      if let text, !output.isJSON { try StandardOutput.writeLine(text) }
    }
    if output.isJSON { try document.write() }
    try faults.check()
  }
}

extension PlanDocument.Study {
  fileprivate init(_ study: ResolvedStudy, environment: [String: String]) {
    let sweep = Sweep(study, needs: Registry.needs(of: study), environment: environment)
    let plan = Registry.plan(sweep)
    let rate = MachineRate.measure(threads: sweep.workers)
    func count(_ documents: TokenizedClass) -> PlanDocument.Count {
      .init(documents: documents.documents.count, tokens: documents.tokens)
    }
    func part(_ id: String, _ operations: Double) -> PlanDocument.Part {
      .init(
        id: id, operations: operations, seconds: operations / (rate * MachineRate.expectedShare))
    }
    let choosing = ProbeSweep.choiceOperations(of: study).total
    let total = part("total", plan.operations.total + choosing)
    let samples = [CorpusReference.target, .other].map { DocumentSample(of: $0, in: study) }
    self.init(
      title: study.file.title, slug: study.file.slug, file: study.file.origin.file,
      model: .init(study.source.name, study.architecture),
      layer: study.file.layer.map { "\($0)" }
        ?? study.file.neurons?.layers.map(String.init).joined(separator: ", ") ?? "",
      neurons: study.file.neurons?.neurons.map(\.description)
        ?? ([study.file.neuron].compactMap(\.self) + (study.file.compare ?? []))
        .map(\.description),
      isSet: study.file.subject == .set, notes: study.modelNotes,
      corpora: study.corpora.all.map { corpus in
        let tokens = study.documents(of: .named(corpus.name))
        return .init(
          name: corpus.name, isSelective: corpus.entry.isSelective, read: corpus.read,
          matched: corpus.matched, taken: corpus.taken, used: tokens.documents.count,
          tokens: tokens.tokens, cut: tokens.cut, blank: corpus.blank)
      },
      classes: .init(
        target: count(study.documents(of: .target)), other: count(study.documents(of: .other))),
      choosing: .init(
        target: count(study.choosingDocuments(of: .target)),
        other: count(study.choosingDocuments(of: .other)), isDrawn: study.drawsChoosing),
      measuring: .init(
        target: samples[0].documents.count, other: samples[1].documents.count,
        window: study.file.measuringOrStandard.window,
        isHeldOut: !samples.contains { $0.size.holdsSelection }),
      sharedDocuments: study.corpora.shared,
      operations: .init(
        total: total.operations, seconds: total.seconds, ratePerSecond: rate, cores: sweep.workers,
        parts: (choosing > 0 ? [part("choosing", choosing)] : [])
          + Registry.operations(of: study).map { part($0.id, $0.operations.total) }),
      page: PageEstimate(study.file, notes: study.notes).words,
      memoryBytes: Registry.memoryBytes(sweep), temporaryBytes: plan.keptBytes)
  }
}

extension PlanDocument.Study: CustomStringConvertible {
  /// The plan as a person reads it.
  var description: String {
    var lines = [
      title,
      "  model       \(model.name): \(model.layers) layers, d_model \(model.dModel), "
        + "d_mlp \(model.dMLP), vocabulary \(model.vocabulary), context \(model.context)",
      isSet
        ? "  neurons     \(neurons.count) of layers \(layer) together: "
          + neurons.prefix(8).joined(separator: ", ")
          + (neurons.count > 8 ? " and \(neurons.count - 8) more" : "")
        : "  neuron      layer \(layer), \(neurons.joined(separator: " beside "))",
    ]
    lines += notes.map { "  note        \($0)" }
    for corpus in corpora {
      var line = "  corpus      \(corpus.name): "
      if corpus.isSelective {
        line += "\(corpus.read) read, \(corpus.matched) matched, \(corpus.taken) taken"
      } else {
        line += Quantity.of(corpus.taken, "document")
      }
      line += ", of which \(corpus.used) used: \(Quantity.tokens(corpus.tokens))"
      if corpus.cut > 0 { line += ", \(corpus.cut) cut to the context" }
      if corpus.blank > 0 { line += ", \(corpus.blank) blank skipped" }
      lines.append(line)
    }
    for (name, count) in [("target", classes.target), ("other", classes.other)] {
      lines.append(
        "  \(name.column(11)) \(Quantity.of(count.documents, "document")), "
          + Quantity.tokens(count.tokens))
    }
    if sharedDocuments > 0 {
      lines.append(
        "  note        \(sharedDocuments) of the target's documents are in the other class, too")
    }
    func cost(_ operations: Double, _ seconds: Double) -> String {
      "\(Quantity.operations(operations)), about \(Quantity.duration(seconds))"
    }
    lines += [
      "  choosing    \(choosing.target.documents) and \(choosing.other.documents) documents, "
        + "\(Quantity.count(choosing.target.tokens + choosing.other.tokens)) tokens"
        + (choosing.isDrawn ? ", drawn at random" : ": the probe documents")
        + (isSet ? "; they fit the set" : ""),
      "  measuring   \(measuring.target) and \(measuring.other) documents, at most "
        + "\(measuring.window) tokens of each"
        + (measuring.isHeldOut
          ? ", none of which \(isSet ? "fits the set" : "chose the neuron")"
          : "; too few are left, so that some \(isSet ? "fit the set" : "chose the neuron")"),
      "  operations  \(cost(operations.total, operations.seconds)) at "
        + "\(Quantity.operations(operations.ratePerSecond))/s, measured just now on "
        + "\(Quantity.of(operations.cores, "core")); of these, each alone (what several need is "
        + "run once)",
    ]
    lines += operations.parts.map { "    \($0.id.column(18)) \(cost($0.operations, $0.seconds))" }
    lines.append("  page        \(page)")
    lines.append(
      "  memory      about \(Quantity.bytes(memoryBytes)); "
        + "\(Quantity.bytes(temporaryBytes)) in a temporary file")
    return lines.joined(separator: "\n")
  }
}

/// Measures how fast this machine multiplies matrices.
enum MachineRate {
  /// A cautious estimate of the share of the rate that a sweep reaches.
  static let expectedShare = 0.75

  /// The operations per second of some threads on a product of the sweep's shape; takes about 0.2 s.
  static func measure(threads: Int) -> Double {
    let a = Matrix(rows: 512, columns: 512, elements: Array(repeating: 1, count: 512 * 512))
    let operations = 2.0 * 512 * 512 * 512
    let clock = ContinuousClock()
    let start = clock.now
    let rounds = 64
    ParallelLoop.forEach(threads, workers: threads) { _ in
      var c = Matrix(rows: 512, columns: 512)
      for _ in 0..<rounds {
        MatrixProduct.timesTransposed(a, a.block(), a, a.block(), into: &c, c.block())
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    return operations * Double(rounds * threads) / max(seconds, 1e-6)
  }
}
