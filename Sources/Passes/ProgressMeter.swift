import Synchronization

/// Adds up what the workers have done and reports it. Any thread may call it.
///
/// The share that is done counts operations, not tokens, because phases differ in what a token
/// costs.
package final class ProgressMeter: Sendable {
  private struct State {
    var phase = ""
    var rows = 0
    var operations = 0.0
  }

  private let state = Mutex(State())
  private let total: Double
  private let report: @Sendable (Sweep.Progress) -> Void

  /// - Parameter total: the operations of all phases together
  package init(total: Double, report: @escaping @Sendable (Sweep.Progress) -> Void) {
    self.total = total
    self.report = report
  }

  /// Begins a phase, whose tokens are counted from 0.
  package func begin(_ phase: String) {
    state.withLock { ($0.phase, $0.rows) = (phase, 0) }
    add(OperationCount(), rows: 0)
  }

  /// Reports that all is done, where the operations of all phases were only an upper bound.
  package func end() {
    state.withLock { $0.operations = total }
    add(OperationCount(), rows: 0)
  }

  /// Adds finished operations and rows, and reports the progress.
  package func add(_ done: OperationCount, rows: Int) {
    let progress = state.withLock { state in
      state.rows += rows
      state.operations += done.total
      return Sweep.Progress(
        phase: state.phase, tokens: state.rows,
        share: total > 0 ? min(1, state.operations / total) : 1)
    }
    report(progress)
  }
}
