import Analyses
import LanguageModel
import LinearAlgebra
import Passes
import Storage
import StudyFile

/// The study of a neuron in passes: what the file leaves open is chosen; the probe is fitted; the clean
/// runs that are known from the start, those that follow from them, and the edited runs are divided by
/// packs; analyses that read no other's result are divided by their cost; then the rest is found.
struct StudyWork: DividedWork {
  let passes: [WorkManifest.Pass]
  let inputs: [WorkManifest.Input]
  private let run: StudyRun
  private let store: WorkStore
  /// What all keys of the study hold.
  private let content: [String]
  /// The analyses that read no other's result, by unit.
  private let groups: [[any Analysis]]

  init(_ run: StudyRun, _ store: WorkStore) throws {
    (self.run, self.store) = (run, store)
    let (study, content) = (run.study, try run.study.content())
    self.content = content
    let sweep = StudyRun.sweep(study, run.limits, activations: nil, run.environment, store.cache)
    let plan = Registry.plan(sweep)
    let shared = plan.shared
    let costs = Dictionary(
      Registry.operations(of: study).map { ($0.id, $0.operations.total) },
      uniquingKeysWith: { first, _ in first })
    groups = store.grouped(
      Registry.analyses(of: study.file).filter { type(of: $0).after.isEmpty }
    ) { costs[$0.id] ?? 0 }
    let bytes = run.estimate.bytes
    var passes: [WorkManifest.Pass] = []
    func add(_ name: String, _ count: Int, _ operations: Double) {
      passes.append(
        WorkManifest.Pass(
          name: name, after: passes.map(\.name), memory: bytes,
          units: (0..<count).map {
            .init(
              parts: [store.key(name, content + ["\($0) of \(count)"])],
              operations: operations / Double(count))
          }))
    }
    let choosing = ProbeSweep.choiceOperations(of: study).total
    add("choose", ProbeSweep.isOpen(study) ? 1 : 0, choosing)
    add("probe", 1, plan.operations.total - shared.clean.total - shared.edited.total)
    let shares = store.shares(shared.clean.total)
    add("clean", shares, shared.clean.total)
    add("read", shares, shared.clean.total)
    add("ablate", store.shares(shared.edited.total), shared.edited.total)
    add("analyse", groups.count, costs.values.reduce(0, +))
    add("finish", 1, 0)
    self.passes = passes
    inputs =
      [WorkManifest.Input(path: study.file.origin.file, sha256: study.file.origin.sha256)]
      + study.corpora.all.flatMap(\.files).map { .init(path: $0.path, sha256: $0.sha256) }
      + study.modelFiles.map { .init(path: $0.name, sha256: $0.sha256) }
  }

  func run(_ pass: WorkManifest.Pass, unit: Int) throws {
    let key = pass.units[unit].parts[0]
    if store.parts.holds(key), try isWhole(pass.name) { return }
    let own = WorkShare(unit, of: pass.units.count)
    switch pass.name {
    case "choose":
      _ = try run.settled(run.study)
      try leave(nil, key, pass.name)
    case "probe":
      _ = try evidence(after: [])
      try leave(nil, key, pass.name)
    case "clean":
      let evidence = try evidence(after: [])
      try leave(try share(own, evidence, isEdited: false), key, pass.name)
    case "read":
      let evidence = try evidence(after: ["clean"])
      try leave(try share(own, evidence, isEdited: false), key, pass.name)
    case "ablate":
      let evidence = try evidence(after: ["clean", "read"])
      try leave(try share(own, evidence, isEdited: true), key, pass.name)
    case "analyse":
      try find(groups[unit])
      try leave(nil, key, pass.name)
    default:
      try find(nil)
      try leave(nil, key, pass.name)
    }
  }

  /// Whether everything stands that a build reads; it is asked of the last pass alone, since a pass
  /// finds anew what an earlier one has not left.
  private func isWhole(_ pass: String) throws -> Bool {
    guard pass == "finish" else { return true }
    return try CachedResults(of: settled(), in: store.cache).findings != nil
  }

  private func settled() throws -> ResolvedStudy {
    ProbeSweep.isOpen(run.study) ? try run.settled(run.study) : run.study
  }

  /// Leaves a unit's outcomes, or the word that its results stand among those that processes share.
  private func leave(_ outcomes: SharedOutcomes?, _ key: String, _ kind: String) throws {
    try store.cache.check()
    var part = Part(kind: kind)
    if let outcomes {
      part.add("value", try ContentCache.content(of: outcomes))
    } else {
      part.add("value", [UInt8]())
    }
    try store.parts.write(part, as: key)
  }

  /// The share's outcomes of what is missing of all passes that are known.
  private func share(
    _ share: WorkShare, _ evidence: Evidence, isEdited: Bool
  ) throws -> SharedOutcomes {
    let meter = ProgressMeter(total: 0) { run.progress.update($0) }
    meter.begin("running")
    return try evidence.engine.run(share, of: known(evidence), isEdited: isEdited) {
      meter.add($0, rows: $1)
    }
  }

  /// All passes that follow from what other processes have left.
  private func known(_ evidence: Evidence) -> [Pass] {
    var passes: [Pass] = []
    while case let next = CachedResults.passes(evidence), next != passes {
      evidence.engine.takeOver(next)
      passes = next
    }
    return passes
  }

  /// Finds the results of some analyses, or of all.
  private func find(_ analyses: [any Analysis]?) throws {
    let known = try CachedResults(of: settled(), in: store.cache, analyses: analyses)
    guard !known.missing.isEmpty else { return }
    let evidence = try evidence(
      after: ["clean", "read", "ablate"], isScanned: known.isScanned)
    _ = try known.findings(from: evidence)
  }

  /// The evidence as far as other processes have left it: the probe, and the outcomes of some passes.
  private func evidence(after earlier: [String], isScanned: Bool = false) throws -> Evidence {
    let study = try settled()
    var sweep = StudyRun.sweep(study, run.limits, activations: nil, run.environment, store.cache)
    sweep.residency = run.residency
    for pass in passes where earlier.contains(pass.name) {
      for (unit, key) in pass.units.map({ $0.parts[0] }).enumerated() {
        guard case .part(let part) = store.parts.read(key),
          let bytes: [UInt8] = part.numbers("value"),
          let outcomes = try? ContentCache.value(SharedOutcomes.self, of: bytes)
        else { throw AtlasParts.missing(pass.name, unit: unit, in: store.parts.folder) }
        sweep.elsewhere.formUnion(outcomes)
      }
    }
    let model = try Transformer(
      architecture: study.architecture, checkpoint: study.checkpoint, residency: run.residency,
      workers: sweep.workers)
    try study.checkpoint.checkUnchanged()
    study.checkpoint.releasePages()
    return try sweep.run(in: model, for: [], isScanned: isScanned)
  }
}
