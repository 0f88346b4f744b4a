import LanguageModel
import Passes
import ReportModel
import Storage
import StudyFile

/// What an earlier build has left of a study's results, and what is still to be found.
///
/// A result depends on the parts of the study that its analysis is shown; nothing else is in its key,
/// and nothing else can have reached it.
package struct CachedResults: Sendable {
  /// Analyses whose results are not there.
  package let missing: [any Analysis]
  /// Results by analysis id.
  private var found: [String: any Codable & Sendable] = [:]
  /// The studied neuron, once any result is known.
  private var neuron: NeuronAddress?
  private let study: ResolvedStudy
  private let cache: ContentCache?

  /// A result, and the neuron that it is about: a study may leave it to the sparse probe.
  private struct Entry<Result: Codable & Sendable>: Codable, Sendable {
    var neuron: NeuronAddress
    var result: Result
  }

  /// - Throws: `Diagnostic` when the model's configuration cannot be read.
  package init(
    of study: ResolvedStudy, in cache: ContentCache?, analyses: [any Analysis]? = nil
  ) throws {
    self.study = study
    self.cache = cache
    let analyses = analyses ?? Registry.analyses(of: study.file)
    var found: [String: any Codable & Sendable] = [:]
    var neurons: Set<NeuronAddress> = []
    func look<A: Analysis>(_ analysis: A) throws {
      guard let cache,
        let entry = try cache.value(Entry<A.Result>.self, for: Self.key(analysis, study))
      else { return }
      found[A.id] = entry.result
      neurons.insert(entry.neuron)
    }
    for analysis in analyses { try look(analysis) }
    self.found = found
    neuron = neurons.first
    missing = analyses.filter { found[$0.id] == nil }
  }

  /// Ids of the analyses whose results were there.
  package var ids: [String] { found.keys.sorted() }

  /// Classes that the missing analyses look at.
  package var corpora: Set<CorpusReference> { Registry.needs(of: study, by: missing).corpora }

  /// All findings, where nothing is missing.
  package var findings: Findings? {
    guard missing.isEmpty, let neuron else { return nil }
    return Findings(study: FindingsStudy(study, neuron: neuron), results: found)
  }

  /// Runs the passes of the analyses whose results are missing: all that are known together, then
  /// those that follow from what these have read.
  ///
  /// - Throws: `Diagnostic`.
  package func runPasses(
    _ evidence: Evidence, progress: @escaping @Sendable (_ operations: Double) -> Void = { _ in }
  ) throws {
    while case let passes = Registry.passes(of: missing, evidence),
      passes.contains(where: { evidence.engine.known($0) == nil })
    {
      try evidence.engine.run(passes, progress: progress)
    }
  }

  /// Runs the analyses whose results are missing, in registry order. Each result is kept as soon as it
  /// is found, so that an interrupted build resumes there. A later analysis may read the results of
  /// earlier ones.
  ///
  /// - Parameter measure: runs an analysis, named by its id; for whoever wants to know what each
  ///   costs.
  package func findings(
    from evidence: Evidence,
    measure: (_ id: String, _ run: () throws -> Void) throws -> Void = { try $1() }
  ) throws -> Findings {
    var results = found
    var evidence = evidence
    for (id, result) in found { evidence.record(result, of: id) }
    try runPasses(evidence)
    func run<A: Analysis>(_ analysis: A) throws {
      let result = try analysis.run(evidence.showing(A.parts, settings: A.settings))
      results[A.id] = result
      evidence.record(result, of: A.id)
      guard let cache else { return }
      cache.keep(
        Entry(neuron: evidence.neuron, result: result), for: try Self.key(analysis, study))
    }
    for analysis in missing { try measure(analysis.id) { try run(analysis) } }
    return Findings(study: FindingsStudy(study, neuron: evidence.neuron), results: results)
  }

  private static func key<A: Analysis>(
    _ analysis: A, _ study: ResolvedStudy
  ) throws -> ContentKey {
    ContentKey("findings.\(A.id)", try study.showing(A.parts, settings: A.settings).content())
  }
}
