import Synchronization

/// Counts what the workers have done and tells it, from whichever thread.
///
/// Phases differ in what a token costs, so the share that is done counts operations, not tokens.
final class ProgressMeter: Sendable {
  private struct State {
    var phase = ""
    var rows = 0
    var operations = 0.0
    var operationsPerRow = 0.0
  }

  private let state = Mutex(State())
  private let total: Double
  private let report: @Sendable (Sweep.Progress) -> Void

  init(total: Double, report: @escaping @Sendable (Sweep.Progress) -> Void) {
    self.total = total
    self.report = report
  }

  /// Starts a phase of so many rows and operations.
  func begin(_ phase: String, rows: Int, operations: Double) {
    state.withLock { state in
      if state.phase != phase { state.rows = 0 }
      state.phase = phase
      state.operationsPerRow = operations / Double(max(1, rows))
    }
    add(rows: 0)
  }

  func add(rows: Int) {
    let progress = state.withLock { state in
      state.rows += rows
      state.operations += Double(rows) * state.operationsPerRow
      return Sweep.Progress(
        phase: state.phase, tokens: state.rows,
        share: total > 0 ? min(1, state.operations / total) : 1)
    }
    report(progress)
  }
}
