import LanguageModel
import LinearAlgebra
import StudyFile
import Synchronization

/// Runs passes: the one place that drives the model, and the one that knows how many threads there
/// are.
///
/// Equal passes are run once, and so is the clean run of a pack that several passes read. Packs are
/// computed in any order by any worker; what they leave is kept by pack and put together in the order
/// of the documents, so that no byte depends on the workers.
package final class Engine: Sendable {
  package let model: Transformer
  /// Threads, for everything that a build computes in parallel.
  package let workers: Int
  private let streams: KeptStreams
  private let state: Mutex<State>

  private struct State {
    var ledger: PassLedger
    var outcomes: [PassLedger.Run: PackOutcome] = [:]
    var count = OperationCount()
  }

  /// - Parameter temporaryFolder: for the residual streams that passes keep for one another.
  package init(
    running model: Transformer, workers: Int = ParallelLoop.cores, temporaryFolder: String
  ) {
    self.model = model
    self.workers = workers
    streams = KeptStreams(folder: temporaryFolder)
    state = Mutex(State(ledger: PassLedger(of: model.architecture)))
  }

  /// The operations of the model's products so far, counted while they were run.
  package var operations: OperationCount { state.withLock { $0.count } }

  /// What a pass reads; it is run where that has not happened yet.
  ///
  /// - Throws: `Diagnostic`.
  package func outcome(of pass: Pass) throws -> Outcome {
    try run([pass])
    let runs = PassLedger.runs(of: pass)
    return state.withLock { state in
      Outcome(pass: pass, runs: runs.map { $0.map { state.outcomes[$0] ?? [:] } })
    }
  }

  /// What a pass has read, where it has run.
  package func known(_ pass: Pass) -> Outcome? {
    let runs = PassLedger.runs(of: pass)
    return state.withLock { state in
      guard state.ledger.isRead(pass) else { return nil }
      return Outcome(pass: pass, runs: runs.map { $0.map { state.outcomes[$0] ?? [:] } })
    }
  }

  /// Runs what is missing of some passes: first their clean runs, then the edited ones.
  ///
  /// - Parameter progress: is told the operations of each unit that is done, from whichever thread.
  /// - Throws: `Diagnostic`.
  package func run(
    _ passes: [Pass], progress: @escaping @Sendable (_ operations: Double) -> Void = { _ in }
  ) throws {
    let wave = state.withLock { $0.ledger.wave(passes) }
    let shape = model.architecture
    let (rows, longest) = wave.size(in: shape)
    try compute(wave.clean, rows: rows, longest: longest, progress: progress) { unit, worker in
      let outcome = try worker.run(unit)
      self.state.withLock { state in
        state.outcomes[.clean(unit.pack), default: [:]].merge(outcome) { $1 }
      }
    }
    let resolved = try resolve(wave.edited)
    let units = Array(zip(wave.edited, resolved))
    try compute(units, rows: rows, longest: longest, progress: progress) { unit, worker in
      let clean = self.state.withLock { $0.outcomes[.clean(unit.0.pack)] ?? [:] }
      let outcomes = try worker.run(unit.0, unit.1, clean: clean)
      let beside = unit.0.runs.count > 1 ? Array(unit.0.interventions) : []
      self.state.withLock { state in
        for (intervention, outcome) in zip(unit.0.interventions, outcomes) {
          let run = PassLedger.Run(
            pack: unit.0.pack, intervention: intervention, beside: beside)
          state.outcomes[run, default: [:]].merge(outcome) { $1 }
        }
      }
    }
  }

  /// Computes units on all workers, and adds up what they count.
  private func compute<Unit: Sendable>(
    _ units: [Unit], rows: Int, longest: Int, progress: @escaping @Sendable (Double) -> Void,
    _ body: @escaping @Sendable (Unit, inout PackWorker) throws -> Void
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
        try body(units[index], &worker)
        return worker.count - before
      },
      merge: { _, count in
        self.state.withLock { $0.count += count }
        progress(count.total)
      })
  }

  /// The numbers of each unit's interventions, on its own pack.
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
      _ part: Intervention.Part, of pass: Pass
    ) throws -> ResolvedIntervention.Values {
      let key = ValueKey(part: part, documents: pass.documents)
      if let known = values[key] { return known }
      let found: ResolvedIntervention.Values
      switch part.value {
      case .number(let value): found = .constant(value)
      case .mean(let documents):
        found = .constant(try column(part.neuron, documents).mean(after: documents.front))
      case .resampled(let source):
        found = .tokens(
          Resampling(
            of: Array(zip(pass.documents.documents, try column(part.neuron, pass.documents))),
            from: Array(zip(source.donors.documents, try column(part.neuron, source.donors))),
            isAmongDonors: source.isAmongDonors, seed: source.seed
          ).values)
      case .scaled(let value, let size):
        found = .tokens(
          scaled(
            try column(part.neuron, pass.documents), to: value, of: part.neuron,
            as: try column(size.neuron, pass.documents), size, front: pass.documents.front))
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
              values: try resolve(part, of: unit.pass).of(
                unit.pack.first..<unit.pack.first + unit.pack.documents.count),
              along: part.along?.vector(in: model, length: model.outputLength(part.neuron)))
          },
          from: intervention.from)
      }
    }
  }

  /// What activations become that are moved towards a number, each document's as far as another edit
  /// shifts its residual stream; what stands in front of the text is not counted.
  private func scaled(
    _ activations: [[Float]], to value: Float, of neuron: NeuronAddress,
    as others: [[Float]], _ size: Intervention.EditSize, front: Int
  ) -> [[Float]] {
    func length(_ activations: [Float], to value: Float, of neuron: NeuronAddress) -> Double {
      let squares = activations.dropFirst(front).reduce(0.0) { sum, activation in
        let move = Double(value) - Double(activation)
        return sum + move * move
      }
      return squares.squareRoot() * model.outputLength(neuron)
    }
    return zip(activations, others).map { activations, others in
      let own = length(activations, to: value, of: neuron)
      let factor =
        own > 0 ? Float(length(others, to: size.value, of: size.neuron) / own) : 0
      return activations.map { $0 + factor * (value - $0) }
    }
  }

  private struct ActivationKey: Hashable {
    let neuron: NeuronAddress
    let documents: DocumentSet
  }

  private struct ValueKey: Hashable {
    let part: Intervention.Part
    let documents: DocumentSet
  }
}

extension ResolvedIntervention.Values {
  /// Of some of the documents.
  fileprivate func of(_ documents: Range<Int>) -> Self {
    switch self {
    case .constant: self
    case .tokens(let values): .tokens(Array(values[documents]))
    }
  }
}

extension [[Float]] {
  /// The mean over all documents of what stands behind their first `front` positions.
  package func mean(after front: Int) -> Float {
    let tokens = flatMap { $0.dropFirst(front) }
    return Float(tokens.reduce(0.0) { $0 + Double($1) } / Double(Swift.max(1, tokens.count)))
  }
}
