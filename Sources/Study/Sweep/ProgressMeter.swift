import Synchronization

/// Counts what the workers have done and tells it, from whichever thread.
final class ProgressMeter: Sendable {
  private struct State {
    var phase = ""
    var done = 0
  }

  private let state = Mutex(State())
  private let total: Int
  private let report: @Sendable (Sweep.Progress) -> Void

  init(total: Int, report: @escaping @Sendable (Sweep.Progress) -> Void) {
    self.total = total
    self.report = report
  }

  func begin(_ phase: String) {
    state.withLock { $0.phase = phase }
    add(rows: 0)
  }

  func add(rows: Int) {
    let progress = state.withLock { state in
      state.done += rows
      return Sweep.Progress(phase: state.phase, done: state.done, total: total)
    }
    report(progress)
  }
}
