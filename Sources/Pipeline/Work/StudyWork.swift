import Analyses
import LanguageModel
import LinearAlgebra
import Passes
import Storage
import StudyFile

/// A study in passes: what the file leaves open is chosen; the probe, or the set, is fitted; the clean
/// runs that are known from the start, those that follow from them, and the edited runs are divided by
/// packs; analyses that read no other's result are divided by their cost; then the rest is found.
struct StudyWork: DividedWork {
  let passes: [WorkManifest.Pass]
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
    let cost = Registry.plan(run.sweep(of: study)).parts
    // By what each would need alone: what other passes leave of that is not known here.
    let alone = Dictionary(
      Registry.operations(of: study).map { ($0.id, $0.operations.total) },
      uniquingKeysWith: { first, _ in first })
    groups = store.grouped(
      Registry.analyses(of: study.file).filter { type(of: $0).after.isEmpty }
    ) { alone[$0.id] ?? 0 }
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
    add("probe", 1, cost.probe)
    let shares = store.shares(cost.clean)
    add("clean", shares, cost.clean)
    // How many clean runs follow from the first is not known; at most as many.
    add("read", shares, cost.clean)
    add("ablate", store.shares(cost.edited), cost.edited)
    add("analyse", groups.count, cost.rest)
    add("finish", 1, 0)
    self.passes = passes
  }

  /// The documents of a study are few.
  func keepShared() {}

  var inputs: [WorkManifest.Input] { run.inputs }

  func run(_ pass: WorkManifest.Pass, units: [Int]) throws {
    let open = try units.filter { unit in
      let isDone = store.parts.holds(pass.units[unit].parts[0])
      return try !isDone || !isWhole(pass.name)
    }
    guard !open.isEmpty else { return }
    let meter = ProgressMeter(total: open.reduce(0) { $0 + pass.units[$1].operations }) {
      run.progress.update($0)
    }
    switch pass.name {
    case "choose":
      _ = try run.settled(run.study)
      for unit in open { try leave(nil, unit, of: pass) }
    case "clean": try share(open, of: pass, after: [], isEdited: false, meter)
    case "read": try share(open, of: pass, after: ["clean"], isEdited: false, meter)
    case "ablate": try share(open, of: pass, after: ["clean", "read"], isEdited: true, meter)
    case "probe":
      let sweep = try sweep(after: [])
      _ = try StudyRun.begun(
        sweep, in: StudyRun.model(sweep), isScanned: false, meter: meter)
      for unit in open { try leave(nil, unit, of: pass) }
    case "analyse":
      try find(open.flatMap { groups[$0] }, meter)
      for unit in open { try leave(nil, unit, of: pass) }
    default:
      try find(nil, meter)
      for unit in open { try leave(nil, unit, of: pass) }
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
  private func leave(
    _ outcomes: SharedOutcomes?, _ unit: Int, of pass: WorkManifest.Pass
  ) throws {
    try store.cache.check()
    var part = Part(kind: pass.name)
    part.add("value", try outcomes.map { try ContentCache.content(of: $0) } ?? [])
    try store.parts.write(part, as: pass.units[unit].parts[0])
  }

  /// Runs units' shares of what is missing of all passes that are known.
  private func share(
    _ units: [Int], of pass: WorkManifest.Pass, after earlier: [String], isEdited: Bool,
    _ meter: ProgressMeter
  ) throws {
    let sweep = try sweep(after: earlier)
    let model = try StudyRun.model(sweep)
    for unit in units {
      // An engine that has run one unit's share would find less missing for the next.
      let evidence = try StudyRun.begun(sweep, in: model, isScanned: false, meter: meter)
      meter.begin("running")
      let outcomes = try evidence.engine.run(
        WorkShare(unit, of: pass.units.count), of: known(evidence), isEdited: isEdited
      ) { meter.add($0, rows: $1) }
      try leave(outcomes, unit, of: pass)
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
  private func find(_ analyses: [any Analysis]?, _ meter: ProgressMeter) throws {
    let known = try CachedResults(of: settled(), in: store.cache, analyses: analyses)
    guard !known.missing.isEmpty else { return }
    let sweep = try sweep(after: ["clean", "read", "ablate"])
    _ = try known.findings(
      from: StudyRun.begun(
        sweep, in: StudyRun.model(sweep), isScanned: known.isScanned, meter: meter))
  }

  /// The sweep with what other processes have left of some passes.
  private func sweep(after earlier: [String]) throws -> Sweep {
    var sweep = run.sweep(of: try settled())
    for key in passes.filter({ earlier.contains($0.name) }).flatMap(\.units).map({ $0.parts[0] }) {
      guard case .part(let part) = store.parts.read(key),
        let bytes: [UInt8] = part.numbers("value"),
        let outcomes = try? ContentCache.value(SharedOutcomes.self, of: bytes)
      else { throw MissingPart(key: key) }
      sweep.elsewhere.formUnion(outcomes)
    }
    return sweep
  }
}

extension StudyRun {
  /// The files that the study is made from.
  var inputs: [WorkManifest.Input] {
    [WorkManifest.Input(path: study.file.origin.file, sha256: study.file.origin.sha256)]
      + study.corpora.all.flatMap(\.files).map { .init(path: $0.path, sha256: $0.sha256) }
      + study.modelFiles.map(WorkManifest.Input.init)
  }
}
