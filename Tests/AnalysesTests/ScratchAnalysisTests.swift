import Analyses
import LanguageModel
import Passes
import ReportModel
import SampleStudies
import StudyFile
import Testing

/// An analysis as a newcomer would write it, in one place: the model's loss on the target's sample.
private struct Surprise: Analysis {
  static let id = "surprise"
  static let question = "How surprised is the model by the target?"
  static let settings = [Setting("tokens", 3, in: 1...50)]
  static let answers: Set<KnownObjection> = [.noControls]
  static let parts: StudyParts = []

  struct Result: Codable, Sendable, Equatable {
    var loss: Double
    /// As many documents' mean losses as the setting says, in nats.
    var first: [Double]
  }

  func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  func passes(_ settled: Settled) -> [Pass] { [Self.pass(settled.study)] }

  private static func pass(_ study: ResolvedStudy) -> Pass {
    Pass(DocumentSample(of: .target, in: study).set, reading: [.loss])
  }

  func run(_ evidence: Evidence) throws -> Result {
    let documents = try evidence.outcome(of: Self.pass(evidence.study)).tokens(.loss)
    let all = documents.joined()
    return Result(
      loss: all.reduce(0.0) { $0 + Double($1) } / Double(all.count),
      first: documents.prefix(Self.size("tokens", in: evidence.study.file)).map { document in
        document.reduce(0.0) { $0 + Double($1) } / Double(document.count)
      })
  }

  func section(_ result: Result, in study: FindingsStudy) -> Section? {
    Section(id: Self.id, title: "Surprise", blocks: [.prose("The loss is \(result.loss) nats.")])
  }
}

/// Everything that the registry does for its own analyses it does for one that it has never seen.
struct ScratchAnalysisTests {
  private static func found(_ yaml: String) throws -> (Surprise.Result, [Section], Double) {
    var file = try InSampleStudy.demo.file
    (file.documents, file.probe.documents, file.probe.splits) = (8, 4, 1)
    file.evidence = try SampleStudy.study(yaml).evidence
    let study = try ResolvedStudy(file, environment: [:])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    let analyses: [any Analysis] = [Surprise(), Effects()]
    let evidence = try Sweep(
      study, needs: Registry.needs(of: study, by: analyses), environment: [:]
    ).run(in: model)
    let before = evidence.engine.operations.total
    let findings = try CachedResults(of: study, in: nil, analyses: analyses)
      .findings(from: evidence)
    // Its pass is the clean one of the effects, and was run once.
    let effects = try #require(findings.result(of: Effects.self))
    #expect(evidence.engine.operations.total > before)
    return (
      try #require(findings.result(of: Surprise.self)), findings.sections([Surprise()]),
      effects.clean
    )
  }

  @Test func itsPassesAreRunItsResultKeptItsSectionMade() throws {
    let (result, sections, clean) = try Self.found("evidence: {surprise: {tokens: 2}}")
    #expect(abs(result.loss - clean) < 1e-12)
    #expect(result.first.count == 2, "the study's number")
    #expect(sections.map(\.id) == ["surprise"])
    let (standard, _, _) = try Self.found("evidence: {upstream: off}")
    #expect(standard.first.count == 3, "the default")
    #expect(standard.loss == result.loss)
  }

  @Test func whatItDeclaresIsCheckedAndTold() throws {
    let analyses = Registry.all + [Surprise()]
    let study = try SampleStudy.study("evidence: {surprise: {tokens: 51}}")
    let faults = Registry.faults(of: study, among: analyses)
    #expect(faults.count == 1 && faults[0].message.contains("from 1 to 50, found 51"))
    #expect(Registry.faults(of: study).count == 1, "without it the name is unknown")
    #expect(Registry.settingsLines(of: analyses).last == "surprise: {tokens: 3}")
    #expect(KnownObjection.noControls.sections(among: analyses).last == "surprise")
  }
}
