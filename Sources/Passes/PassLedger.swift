import LanguageModel
import StudyFile

/// Records what has been read of each run, and so knows what a pass still needs. The plan, which
/// only counts, and the engine, which runs, use the same ledger.
package struct PassLedger: Sendable {
  /// A run of one pack, with an intervention or without.
  struct PackRun: Sendable, Hashable {
    let pack: DocumentPack
    /// The edit; nil for the clean run.
    var intervention: Intervention?
    /// The interventions that run side by side with it, if any. They are part of the identity
    /// because the last digits of a product may depend on all of its rows.
    var beside: [Intervention] = []

    static func clean(_ pack: DocumentPack) -> Self { Self(pack: pack) }
  }

  private let shape: Architecture
  private var read: [PackRun: Set<Readout>] = [:]

  package init(of shape: Architecture) {
    self.shape = shape
  }

  /// The runs of a pass, by intervention and pack.
  static func runs(of pass: Pass) -> [[PackRun]] {
    guard !pass.interventions.isEmpty else { return [pass.documents.packs.map { .clean($0) }] }
    var runs = pass.interventions.map { _ in [PackRun]() }
    for unit in units(of: pass) {
      for index in unit.runs {
        let beside = unit.runs.count > 1 ? Array(unit.interventions) : []
        runs[index].append(
          PackRun(pack: unit.pack, intervention: pass.interventions[index], beside: beside))
      }
    }
    return runs
  }

  /// The edited runs of a pass, pack after pack. Runs of small packs go side by side.
  private static func units(of pass: Pass) -> [EditedUnit] {
    pass.documents.packs.flatMap { pack in
      let width =
        pass.readings.contains(.paths)
        ? 1 : max(1, DocumentPack.rowLimit / max(1, pack.rows))
      return stride(from: 0, to: pass.interventions.count, by: width).map { first in
        EditedUnit(
          pass: pass, pack: pack,
          runs: first..<min(first + width, pass.interventions.count))
      }
    }
  }

  /// Notes that these readouts of a run are known.
  mutating func book(_ readouts: Set<Readout>, of run: PackRun) {
    read[run, default: []].formUnion(readouts)
  }

  /// Notes that these readouts of the documents' clean runs are known.
  package mutating func book(_ readouts: Set<Readout>, of documents: DocumentSet) {
    for pack in documents.packs { book(readouts, of: .clean(pack)) }
  }

  func isRead(_ pass: Pass) -> Bool {
    Self.runs(of: pass).joined().allSatisfy { pass.readings.isSubset(of: read[$0] ?? []) }
  }

  /// Marks what is missing of some passes as read, and returns the units that have to run for it.
  package mutating func wave(_ passes: [Pass]) -> Wave {
    var wave = Wave()
    var clean: [DocumentPack: Set<Readout>] = [:]
    var order: [DocumentPack] = []
    func want(_ readings: Set<Readout>, of documents: DocumentSet) {
      for pack in documents.packs {
        if clean[pack] == nil { order.append(pack) }
        clean[pack, default: []].formUnion(readings)
      }
    }
    for pass in passes {
      if pass.interventions.isEmpty {
        want(pass.readings, of: pass.documents)
        continue
      }
      let units = Self.units(of: pass).filter { unit in
        unit.runs.contains { index in
          let run = PackRun(
            pack: unit.pack, intervention: pass.interventions[index],
            beside: unit.runs.count > 1 ? Array(unit.interventions) : [])
          return !pass.readings.isSubset(of: read[run] ?? [])
        }
      }
      guard !units.isEmpty else { continue }
      for need in needs(of: pass) { want(need.readings, of: need.documents) }
      for unit in units {
        for index in unit.runs {
          let run = PackRun(
            pack: unit.pack, intervention: pass.interventions[index],
            beside: unit.runs.count > 1 ? Array(unit.interventions) : [])
          read[run, default: []].formUnion(pass.readings)
        }
      }
      wave.edited += units
    }
    for pack in order {
      let known = read[.clean(pack)] ?? []
      let missing = (clean[pack] ?? []).subtracting(known)
      guard !missing.isEmpty else { continue }
      let gathered = missing.filter {
        if case .activation(let neuron) = $0 {
          known.contains(.post(layer: neuron.layer))
        } else {
          false
        }
      }
      let run = missing.subtracting(gathered)
      wave.clean.append(
        CleanUnit(
          pack: pack, readings: run,
          gathered: Set(
            gathered.compactMap { if case .activation(let neuron) = $0 { neuron } else { nil } }),
          start: start(run, known)))
      read[.clean(pack), default: []].formUnion(missing)
    }
    return wave
  }

  /// The latest kept stream from which everything missing can be read; nil if there is none.
  private func start(_ missing: Set<Readout>, _ known: Set<Readout>) -> Int? {
    let starts = missing.map { $0.latestStart(in: shape) }
    guard let latest = starts.map({ $0 ?? -1 }).min(), latest >= 0 else { return nil }
    return known.compactMap { reading -> Int? in
      if case .residual(let layer) = reading, layer <= latest { layer } else { nil }
    }.max()
  }

  /// What the edited runs of a pass need of clean runs: of its own documents first, then of others.
  private func needs(of pass: Pass) -> [(documents: DocumentSet, readings: Set<Readout>)] {
    var own: Set<Readout> = []
    var others: [(documents: DocumentSet, readings: Set<Readout>)] = []
    func read(_ neuron: NeuronAddress, _ value: Intervention.Value) {
      own.insert(.activation(neuron))
      switch value {
      case .number: break
      case .mean(let documents): others.append((documents, [.activation(neuron)]))
      case .resampled(let source): others.append((source.donors, [.activation(neuron)]))
      case .scaled(let value, let size):
        read(neuron, value)
        read(size.neuron, size.value)
      }
    }
    for intervention in pass.interventions {
      if !pass.startsAtEmbedding(in: shape) {
        own.insert(.residual(layer: intervention.firstLayer))
      }
      for part in intervention.parts {
        // A number replaces what the edited run itself finds in the layers after the first.
        if case .number = part.value, part.neuron.layer > intervention.firstLayer { continue }
        read(part.neuron, part.value)
      }
    }
    for case .attribution in pass.readings { own.insert(.finalScale) }
    if pass.readings.contains(.paths) {
      own.formUnion([.loss, .residual(layer: shape.layers - 1)])
    }
    return [(pass.documents, own)] + others
  }
}
