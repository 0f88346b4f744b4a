import LanguageModel
import LinearAlgebra
import StudyFile
import Synchronization

/// Runs passes. Only the engine drives the model, and only it knows the number of threads.
///
/// Equal passes are run once, and so is the clean run of a pack that several passes read. Any
/// worker may compute any pack; results are kept by pack and joined in the order of the documents,
/// so that no byte depends on the workers.
package final class Engine: Sendable {
  package let model: Transformer
  /// The number of threads, for everything that a build computes in parallel.
  package let workers: Int
  let streams: KeptStreams
  /// Outcomes that other processes have left, which are not run again.
  private let elsewhere: SharedOutcomes
  /// Names a document in an error.
  private let name: @Sendable (_ ids: [Int32]) -> String
  private let state: Mutex<State>

  private struct State {
    var ledger: PassLedger
    var outcomes: [PassLedger.PackRun: PackOutcome] = [:]
    var count = OperationCount()
    var scans: [ScanKey: any Sendable] = [:]
    var texts: [EditedText: Trace] = [:]
    var derived: [String: any Sendable] = [:]
  }

  /// Identifies the results of a scan: the scan, and the `content` of the reducer that judged its
  /// columns.
  struct ScanKey: Hashable {
    let scan: LayerScan
    let reducer: String
  }

  /// An engine that has read nothing yet.
  ///
  /// - Parameters:
  ///   - temporaryFolder: the folder for residual streams that passes keep for one another.
  ///   - elsewhere: outcomes that other processes have left
  ///   - name: names a document, given its tokens, in an error.
  package init(
    running model: Transformer, workers: Int = ParallelLoop.cores, temporaryFolder: String,
    elsewhere: SharedOutcomes = SharedOutcomes(),
    name: @escaping @Sendable (_ ids: [Int32]) -> String = { _ in "a document" }
  ) {
    self.name = name
    self.model = model
    self.workers = workers
    self.elsewhere = elsewhere
    streams = KeptStreams(folder: temporaryFolder)
    state = Mutex(State(ledger: PassLedger(of: model.architecture)))
  }

  /// The operations of the model's products so far, counted as they were run.
  package var operations: OperationCount { state.withLock { $0.count } }

  /// The outcome of a pass. Runs of it that are missing are run first.
  ///
  /// - Throws: `Diagnostic`.
  package func outcome(of pass: Pass) throws -> Outcome {
    try run([pass])
    let runs = PassLedger.runs(of: pass)
    return state.withLock { state in
      Outcome(pass: pass, runs: runs.map { $0.map { state.outcomes[$0] ?? [:] } })
    }
  }

  /// The outcome of a pass; nil where not all of it has been run.
  package func known(_ pass: Pass) -> Outcome? {
    let runs = PassLedger.runs(of: pass)
    return state.withLock { state in
      guard state.ledger.isRead(pass) else { return nil }
      return Outcome(pass: pass, runs: runs.map { $0.map { state.outcomes[$0] ?? [:] } })
    }
  }

  /// Runs what is missing of `passes`: first all clean runs, then the edited ones.
  ///
  /// - Parameter progress: receives, after each finished unit, its operations and the rows of its
  ///   pack. Any thread may call it.
  /// - Throws: `Diagnostic`.
  package func run(
    _ passes: [Pass],
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in }
  ) throws {
    takeOver(passes)
    try run(state.withLock { $0.ledger.wave(passes) }, progress: progress)
  }

  /// Takes over what other processes have left for some passes.
  package func takeOver(_ passes: [Pass]) {
    guard !elsewhere.isEmpty else { return }
    state.withLock { state in
      if passes.allSatisfy(state.ledger.isRead) { return }
      var ledger = state.ledger
      for run in ledger.wave(passes).runs {
        guard let outcome = elsewhere[run] else { continue }
        state.outcomes[run, default: [:]].merge(outcome) { $1 }
        state.ledger.book(Set(outcome.keys), of: run)
      }
    }
  }

  /// Runs a share of what is missing of some passes, and leaves it to other processes.
  ///
  /// A share of edited runs also runs what these need of the clean runs of its own packs.
  ///
  /// - Parameters:
  ///   - isEdited: whether it is a share of the edited runs, or of the clean ones
  /// - Returns: the outcomes of the share's runs, without what is in the engine's file
  /// - Throws: `Diagnostic`.
  package func run(
    _ share: WorkShare, of passes: [Pass], isEdited: Bool,
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in }
  ) throws -> SharedOutcomes {
    takeOver(passes)
    var wave = state.withLock { state in
      var ledger = state.ledger
      return ledger.wave(passes)
    }
    if isEdited {
      wave.edited = Array(wave.edited[share.range(of: wave.edited.count)])
      let packs = Set(wave.edited.map(\.pack))
      wave.clean = wave.clean.filter { packs.contains($0.pack) }
    } else {
      wave.clean = Array(wave.clean[share.range(of: wave.clean.count)]).compactMap(\.shared)
      wave.edited = []
    }
    state.withLock { state in
      for unit in wave.clean {
        state.ledger.book(
          unit.readings.union(unit.gathered.map { .activation($0) }), of: .clean(unit.pack))
      }
    }
    try run(wave, progress: progress)
    let runs = isEdited ? wave.edited.flatMap(\.packRuns) : wave.clean.map { .clean($0.pack) }
    return state.withLock { state in
      SharedOutcomes(runs.map { ($0, (state.outcomes[$0] ?? [:]).filter { !$0.value.isKept }) })
    }
  }

  private func run(
    _ wave: Wave, progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void
  ) throws {
    let shape = model.architecture
    let (rows, longest) = wave.size(in: shape)
    try compute(
      wave.clean, rows: rows, longest: longest, progress: progress, pack: \.pack
    ) { unit, worker in
      let outcome = try worker.run(unit)
      self.state.withLock { state in
        state.outcomes[.clean(unit.pack), default: [:]].merge(outcome) { $1 }
      }
    }
    let resolved = try resolve(wave.edited)
    let units = Array(zip(wave.edited, resolved))
    try compute(
      units, rows: rows, longest: longest, progress: progress, pack: \.0.pack
    ) { unit, worker in
      let clean = self.state.withLock { $0.outcomes[.clean(unit.0.pack)] ?? [:] }
      let outcomes = try worker.run(unit.0, unit.1, clean: clean)
      let beside = unit.0.runs.count > 1 ? Array(unit.0.interventions) : []
      self.state.withLock { state in
        for (intervention, outcome) in zip(unit.0.interventions, outcomes) {
          let run = PassLedger.PackRun(
            pack: unit.0.pack, intervention: intervention, beside: beside)
          state.outcomes[run, default: [:]].merge(outcome) { $1 }
        }
      }
    }
  }

  /// Takes over outcomes that an earlier build has read for a pass, so that it is not run.
  package func insert(_ outcomes: [[PackOutcome]], of pass: Pass) {
    state.withLock { state in
      for (runs, outcomes) in zip(PassLedger.runs(of: pass), outcomes) {
        for (run, outcome) in zip(runs, outcomes) {
          state.outcomes[run, default: [:]].merge(outcome) { $1 }
          state.ledger.book(Set(outcome.keys), of: run)
        }
      }
    }
  }

  /// Notes that a scan has left these readouts of the documents' clean runs.
  func book(_ readouts: Set<Readout>, of documents: DocumentSet) {
    state.withLock { state in
      for pack in documents.packs { state.ledger.book(readouts, of: .clean(pack)) }
    }
  }

  func known(_ text: EditedText) -> Trace? { state.withLock { $0.texts[text] } }

  /// Keeps a text's run, and counts it.
  ///
  /// - Returns: whether it was not there yet.
  func remember(_ trace: Trace, of text: EditedText, counting operations: OperationCount) -> Bool {
    state.withLock { state in
      guard state.texts.updateValue(trace, forKey: text) == nil else { return false }
      state.count += operations
      return true
    }
  }

  /// What was derived from outcomes under a name, so that it is derived once.
  package func derived<Value: Sendable>(_ type: Value.Type, as name: String) -> Value? {
    state.withLock { $0.derived[name] as? Value }
  }

  package func keep(_ derived: any Sendable, as name: String) {
    state.withLock { $0.derived[name] = derived }
  }

  func remember(_ found: any Sendable, for key: ScanKey) {
    state.withLock { $0.scans[key] = found }
  }

  func remembered(_ key: ScanKey) -> (any Sendable)? { state.withLock { $0.scans[key] } }

  /// The columns of a layer that a pass or a scan has kept.
  package func activations(of documents: DocumentSet, layer: Int) -> LayerActivations {
    LayerActivations(
      streams, documents.packs.map { .init(pack: $0, layer: layer, kind: .post) },
      columns: model.architecture.dMLP)
  }

  /// Runs `body` on every unit, on all workers, and adds up the operations. `merge` takes the results
  /// in the order of the units.
  func compute<Unit: Sendable, Result: Sendable>(
    _ units: [Unit], rows: Int, longest: Int,
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void,
    pack: @escaping @Sendable (Unit) -> DocumentPack,
    body: @escaping @Sendable (Unit, inout PackWorker) throws -> Result,
    merge: @escaping @Sendable (Unit, Result) -> Void = { _, _ in }
  ) throws {
    guard !units.isEmpty else { return }
    try ParallelLoop.ordered(
      units.count, workers: workers,
      scratch: {
        PackWorker(
          model: self.model, rows: rows, longest: longest, streams: self.streams)
      },
      compute: { index, worker in
        let before = worker.count
        do {
          let result = try body(units[index], &worker)
          return (worker.count - before, result)
        } catch is NotFinite {
          throw worker.notFinite(pack(units[index]), name: self.name)
        }
      },
      merge: { index, found in
        let (count, result) = found
        merge(units[index], result)
        self.state.withLock { $0.count += count }
        progress(count, pack(units[index]).rows)
      })
  }

  /// Computes the numbers each unit's interventions set, for the documents of its pack.
  private func resolve(_ units: [EditedUnit]) throws -> [[ResolvedIntervention]] {
    var activations: [ActivationKey: [[Float]]] = [:]
    func column(_ neuron: NeuronAddress, _ documents: DocumentSet) throws -> [[Float]] {
      let key = ActivationKey(neuron: neuron, documents: documents)
      if let known = activations[key] { return known }
      let found = try outcome(of: Pass(documents, reading: [.activation(neuron)]))
        .tokens(.activation(neuron))
      activations[key] = found
      return found
    }
    var values: [ValueKey: ResolvedIntervention.Values] = [:]
    func resolve(
      _ neuron: NeuronAddress, _ value: Intervention.Value, of pass: Pass
    ) throws -> ResolvedIntervention.Values {
      if case .number(let number) = value { return .constant(number) }
      let key = ValueKey(neuron: neuron, value: value, documents: pass.documents)
      if let known = values[key] { return known }
      let found: ResolvedIntervention.Values
      switch value {
      case .number(let number): found = .constant(number)
      case .mean(let documents):
        found = .constant(try column(neuron, documents).mean(after: documents.front))
      case .resampled(let source):
        found = .tokens(
          Resampling(
            of: Array(zip(pass.documents.documents, try column(neuron, pass.documents))),
            from: Array(zip(source.donors.documents, try column(neuron, source.donors))),
            isAmongDonors: source.isAmongDonors, seed: source.seed
          ).values)
      case .scaled(let value, let size):
        let own = Move(
          neuron: neuron, activations: try column(neuron, pass.documents),
          values: try resolve(neuron, value, of: pass))
        let other = Move(
          neuron: size.neuron, activations: try column(size.neuron, pass.documents),
          values: try resolve(size.neuron, size.value, of: pass))
        found = .tokens(scaled(own, as: other, front: pass.documents.front))
      }
      values[key] = found
      return found
    }
    return try units.map { unit in
      try unit.interventions.map { intervention in
        ResolvedIntervention(
          parts: try intervention.parts.map { part in
            ResolvedIntervention.Part(
              neuron: part.neuron,
              values: try resolve(part.neuron, part.value, of: unit.pass).of(
                unit.pack.first..<unit.pack.first + unit.pack.documents.count),
              along: part.along?.vector(in: model, length: model.outputLength(part.neuron)))
          },
          from: intervention.from)
      }
    }
  }

  /// A neuron's activations and the values they are moved towards, by document and position.
  private struct Move {
    let neuron: NeuronAddress
    let activations: [[Float]]
    let values: ResolvedIntervention.Values
  }

  /// The activations of `own` when every document's change is scaled to shift the residual stream
  /// as far as `other` does (root mean square over its tokens). The first `front` tokens are not
  /// counted.
  private func scaled(_ own: Move, as other: Move, front: Int) -> [[Float]] {
    func length(_ move: Move, _ document: Int) -> Double {
      let activations = move.activations[document]
      let squares = activations.indices.dropFirst(front).reduce(0.0) { sum, position in
        let step = Double(move.values[document, position]) - Double(activations[position])
        return sum + step * step
      }
      return squares.squareRoot() * model.outputLength(move.neuron)
    }
    return own.activations.enumerated().map { document, activations in
      let length = (own: length(own, document), other: length(other, document))
      let factor = length.own > 0 ? Float(length.other / length.own) : 0
      return activations.enumerated().map { position, activation in
        activation + factor * (own.values[document, position] - activation)
      }
    }
  }

  private struct ActivationKey: Hashable {
    let neuron: NeuronAddress
    let documents: DocumentSet
  }

  private struct ValueKey: Hashable {
    let neuron: NeuronAddress
    let value: Intervention.Value
    let documents: DocumentSet
  }
}

extension ResolvedIntervention.Values {
  /// The values of a range of the documents.
  fileprivate func of(_ documents: Range<Int>) -> Self {
    switch self {
    case .constant: self
    case .tokens(let values): .tokens(Array(values[documents]))
    }
  }
}

extension [[Float]] {
  /// The mean over all documents of the numbers after their first `front` positions.
  package func mean(after front: Int) -> Float {
    let tokens = flatMap { $0.dropFirst(front) }
    return Float(tokens.reduce(0.0) { $0 + Double($1) } / Double(Swift.max(1, tokens.count)))
  }
}
