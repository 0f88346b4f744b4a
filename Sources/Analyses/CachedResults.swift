import LanguageModel
import Passes
import ReportModel
import Storage
import StudyFile

/// The results of a study that an earlier build has cached, and the analyses that are missing.
///
/// An analysis is shown only some parts of the study. Its result depends on nothing else, so the
/// cache key holds nothing else.
package struct CachedResults: Sendable {
  /// The analyses without a cached result.
  package let missing: [any Analysis]
  /// The known results by analysis id.
  private var found: [String: any Codable & Sendable] = [:]
  /// The studied neuron; nil until any result is known, and for a set.
  private var neuron: NeuronAddress?
  private let study: ResolvedStudy
  private let cache: ContentCache?

  /// A cached result with the neuron it is about, which the study may leave to the probe to choose.
  private struct Entry<Result: Codable & Sendable>: Codable, Sendable {
    var neuron: NeuronAddress?
    var result: Result
  }

  /// Looks up the results of a study's analyses.
  ///
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
      if let neuron = entry.neuron { neurons.insert(neuron) }
    }
    for analysis in analyses { try look(analysis) }
    self.found = found
    neuron = neurons.first
    missing = analyses.filter { found[$0.id] == nil }
  }

  /// The ids of the analyses whose results were cached.
  package var ids: [String] { found.keys.sorted() }

  /// The classes that the missing analyses read.
  package var corpora: Set<CorpusReference> { Registry.needs(of: study, by: missing).corpora }

  /// All findings; nil while any are missing.
  package var findings: Findings? {
    guard missing.isEmpty, neuron != nil || study.file.subject == .set else { return nil }
    return Findings(study: FindingsStudy(study, neuron: neuron), results: found)
  }

  /// Whether a missing analysis needs the scan of every neuron.
  package var isScanned: Bool { Registry.needs(of: study, by: missing).scan != nil }

  /// Runs the passes of the analyses whose results are missing: first those that are known,
  /// together, then those that follow from what the first have read. Columns of a class that an
  /// earlier build has cached are not run again.
  ///
  /// - Parameter columns: needs of columns beyond those of the analyses
  /// - Throws: `Diagnostic`.
  package func runPasses(
    _ evidence: Evidence, columns: Needs = Needs(), meter: ProgressMeter? = nil
  ) throws {
    // The needs of all analyses, so that a class's passes do not depend on what the cache holds.
    var needs = Registry.needs(of: study)
    needs.formUnion(columns)
    let wanted = corpora.union(columns.corpora)
    var unread: [(key: ContentKey?, passes: [Pass])] = []
    for corpus in needs.corpora.filter(wanted.contains).sorted(by: { "\($0)" < "\($1)" }) {
      let passes = needs.passes(of: corpus, evidence.settled)
      let key = try cache.map { _ in
        ContentKey(
          "one class's losses and activations",
          try study.modelContent() + passes.flatMap(\.content))
      }
      if let cache, let key, let outcomes = cache.value([[[PackOutcome]]].self, for: key),
        outcomes.count == passes.count
      {
        for (pass, outcomes) in zip(passes, outcomes) {
          evidence.engine.insert(outcomes, of: pass)
        }
      } else {
        unread.append((key, passes))
      }
    }
    meter?.begin("running")
    let classes = unread.flatMap(\.passes)
    while case let passes = classes + Registry.passes(of: missing, evidence),
      passes.contains(where: { evidence.engine.known($0) == nil })
    {
      try evidence.engine.run(passes) { meter?.add($0, rows: $1) }
    }
    evidence.run(Registry.needs(of: study, by: missing).texts) { meter?.add($0, rows: $1) }
    for (key, passes) in unread {
      guard let cache, let key else { continue }
      cache.keep(try passes.map { try evidence.outcome(of: $0).columns }, for: key)
    }
  }

  /// The passes of all of a study's analyses, as far as they follow from what is known by now.
  package static func passes(_ evidence: Evidence) -> [Pass] {
    let study = evidence.study
    let needs = Registry.needs(of: study)
    return needs.corpora.sorted { "\($0)" < "\($1)" }.flatMap {
      needs.passes(of: $0, evidence.settled)
    } + Registry.passes(of: Registry.analyses(of: study.file), evidence)
  }

  /// Runs the analyses whose results are missing, in registry order. Each result is cached as soon
  /// as it is found, so that an interrupted build resumes there. A later analysis may read the
  /// results of earlier ones.
  ///
  /// - Parameter measure: runs an analysis, named by its id; a caller can measure there what each
  ///   costs
  package func findings(
    from evidence: Evidence,
    measure: (_ id: String, _ run: () throws -> Void) throws -> Void = { try $1() }
  ) throws -> Findings {
    var results = found
    var evidence = evidence
    for (id, result) in found { evidence.record(result, of: id) }
    try runPasses(evidence)
    func run<A: Analysis>(_ analysis: A) throws {
      let result = try analysis.run(evidence.showing(A.parts, settings: A.settingsRead))
      results[A.id] = result
      evidence.record(result, of: A.id)
      guard let cache else { return }
      cache.keep(
        Entry(neuron: evidence.singleNeuron, result: result), for: try Self.key(analysis, study))
    }
    for analysis in missing { try measure(analysis.id) { try run(analysis) } }
    return Findings(study: FindingsStudy(study, neuron: evidence.singleNeuron), results: results)
  }

  private static func key<A: Analysis>(
    _ analysis: A, _ study: ResolvedStudy
  ) throws -> ContentKey {
    ContentKey("findings.\(A.id)", try study.showing(A.parts, settings: A.settingsRead).content())
  }
}
