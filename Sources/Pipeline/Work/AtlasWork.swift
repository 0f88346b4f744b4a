import Atlas
import AtlasPages
import LanguageModel
import LinearAlgebra
import Passes
import Storage
import StudyFile

/// An atlas in passes: the scan of all documents by blocks; the choice of what follows; the passages
/// that pages show; the sets, ablated on the measured documents pack by pack; and the findings. The
/// states of training that the atlas names go through the same passes.
struct AtlasWork: DividedWork {
  let passes: [WorkManifest.Pass]
  private let run: AtlasRun
  private let store: WorkStore
  private let parts: AtlasParts

  init(_ run: AtlasRun, _ store: WorkStore) throws {
    (self.run, self.store) = (run, store)
    let parts = try AtlasParts(run, store)
    self.parts = parts
    let (scanned, sets) = (parts.blocks, parts.packs)
    let columns = parts.columns
    let (_, bytes) = run.estimate
    let reading = run.plan.partBytes / WorkStore.readingRate
    func pass(
      _ name: String, after: [String], files: Double = 0, _ units: [WorkManifest.Unit]
    ) -> WorkManifest.Pass {
      WorkManifest.Pass(name: name, after: after, memory: bytes, files: files, units: units)
    }
    let scan = run.plan.parts.first { $0.id == "scan" }?.operations.total ?? 0
    passes = [
      pass(
        "scan", after: [],
        store.grouped(scanned, operations: \.operations).map(WorkManifest.Unit.init)),
      pass(
        "select", after: ["scan"], files: reading,
        parts.states.indices.map {
          .init(
            parts: [parts.selection(of: $0), parts.statistics(of: $0)].map(store.cache.name),
            operations: run.plan.permutationOperations)
        }),
      pass(
        "columns", after: ["scan", "select"],
        columns.map { WorkManifest.Unit(parts: [$0], operations: scan / Double(columns.count)) }),
      pass(
        "ablate", after: ["scan", "select"],
        store.grouped(sets, operations: \.operations).map(WorkManifest.Unit.init)),
      pass(
        "finish", after: ["scan", "select", "columns", "ablate"],
        files: reading + run.plan.writingSeconds,
        // A build looks for the findings under the same key.
        [
          .init(
            parts: [store.cache.name(of: try run.contentKey())],
            operations: run.plan.tokenOperations)
        ]),
    ]
  }

  var inputs: [WorkManifest.Input] { run.inputs }

  func keepShared() throws { try run.atlas.keepDocuments(in: store.cache) }

  func run(_ pass: WorkManifest.Pass, units: [Int]) throws {
    let missing = Set(units.flatMap { pass.units[$0].parts }.filter { !store.parts.holds($0) })
    guard !missing.isEmpty else { return }
    let open = units.filter { !missing.isDisjoint(with: pass.units[$0].parts) }
    switch pass.name {
    case "scan": try scan(parts.blocks.filter { missing.contains($0.key) })
    case "select": for state in open { try select(state: state) }
    case "columns": try columns(open, of: pass)
    case "ablate": try ablate(parts.packs.filter { missing.contains($0.key) })
    default: try finish()
    }
    try store.cache.check()
  }

  private func meter(_ phase: String, _ operations: Double) -> AtlasComputation.Progress {
    let meter = ProgressMeter(total: operations) { run.progress.update($0) }
    meter.begin(phase)
    return { meter.add($0, rows: $1) }
  }

  private func scan(_ items: [AtlasParts.Item]) throws {
    let progress = meter("scanning", items.reduce(0) { $0 + $1.operations })
    for state in parts.states.indices {
      let own = items.filter { $0.state == state }
      guard !own.isEmpty else { continue }
      let atlas = parts.states[state]
      let engine = run.engine(atlas, running: try run.model(atlas))
      let keys = Dictionary(uniqueKeysWithValues: own.map { ($0.place, $0.key) })
      try engine.scan(parts.scans[state], blocks: own.map(\.place), progress: progress) { block in
        guard let key = keys[block.block] else { return }
        try store.parts.write(Part(block, atlas.model.architecture), as: key)
      }
    }
  }

  private func select(state: Int) throws {
    let computation = try computation(state: state)
    let selection = try computation.selection(
      try computation.results.totals(of: parts.scans[state]),
      rankings: state == 0 ? SetEffects.Ranking.allCases : [.auc], hasPages: state == 0)
    store.cache.keep(selection, for: parts.selection(of: state))
  }

  private func columns(_ units: [Int], of pass: WorkManifest.Pass) throws {
    let atlas = parts.states[0]
    let readings = try parts.selected(0).readings(atlas)
    let front = atlas.model.beginning.count
    let engine = run.engine(atlas, running: try run.model(atlas))
    let all = Engine.operations(of: readings, front: front, in: atlas.model.architecture).total
    let progress = meter(
      "reading neurons", all * Double(units.count) / Double(pass.units.count))
    for unit in units {
      let found = try engine.activations(
        readings, front: front, share: WorkShare(unit, of: pass.units.count), progress: progress)
      var part = Part(kind: "columns")
      part.add("values", found.joined().joined())
      try store.parts.write(part, as: pass.units[unit].parts[0])
    }
  }

  private func ablate(_ items: [AtlasParts.Item]) throws {
    guard let settings = run.atlas.file.sets else { return }
    let progress = meter("ablating sets", items.reduce(0) { $0 + $1.operations })
    for state in parts.states.indices {
      let own = items.filter { $0.state == state }
      guard !own.isEmpty else { continue }
      let atlas = parts.states[state]
      let sets = SetStudy(settings, atlas, try parts.selected(state).sets)
      let model = try run.model(atlas)
      for item in own {
        // An engine keeps the outcomes of all its runs; a pack's are not needed for the next.
        let losses = try sets.losses(
          by: run.engine(atlas, running: model), packs: item.place..<item.place + 1,
          progress: progress)
        var part = Part(kind: "ablate")
        part.add("clean", losses.clean)
        for (set, values) in losses.edited.enumerated() {
          part.add("edited", layer: set, values)
        }
        try store.parts.write(part, as: item.key)
      }
    }
  }

  private func finish() throws {
    let computation = try computation(state: 0)
    var findings = try computation.findings()
    if !run.atlas.states.isEmpty {
      findings.checkpoints = try computation.checkpoints(beside: findings) { atlas in
        let state = parts.states.firstIndex { $0.model.weights == atlas.model.weights } ?? 0
        return try self.computation(state: state)
      }.states
    }
    store.cache.keep(AtlasRun.kept(try AtlasFindingsFile(findings)), for: try run.contentKey())
  }

  /// The computation of a state from the parts that stand.
  private func computation(state: Int) throws -> AtlasComputation {
    let atlas = parts.states[state]
    return AtlasComputation(
      atlas, by: run.engine(atlas, running: try run.model(atlas)),
      results: PartResults(parts, state: state))
  }
}

extension AtlasRun {
  /// The files that the atlas is made from.
  var inputs: [WorkManifest.Input] {
    [WorkManifest.Input(path: atlas.file.origin.file, sha256: atlas.file.origin.sha256)]
      + atlas.corpora.flatMap(\.files).map { .init(path: $0.path, sha256: $0.sha256) }
      + ([atlas.model] + atlas.states.map(\.model)).flatMap(\.files).map(WorkManifest.Input.init)
  }
}

extension WorkManifest.Unit {
  fileprivate init(_ items: [AtlasParts.Item]) {
    self.init(parts: items.map(\.key), operations: items.reduce(0) { $0 + $1.operations })
  }
}

extension WorkManifest.Pass {
  /// The scan of some documents, as an atlas of them would plan it; no weights are needed.
  ///
  /// - Parameter model: identifies the model
  package init(
    _ scan: BlockScan, model: [String], _ shape: Architecture, memory: Int, setting: Work.Setting
  ) {
    let store = setting.store
    let items = AtlasParts.blocks(of: scan, state: 0, model: model, shape, store)
    self.init(
      name: "scan", after: [], memory: memory,
      units: store.grouped(items, operations: \.operations).map(WorkManifest.Unit.init))
  }
}
