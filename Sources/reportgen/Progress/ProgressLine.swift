import Foundation
import Study
import Synchronization

/// Progress on standard error: one line that rewrites itself on a terminal, a plain line now and
/// then elsewhere.
final class ProgressLine: Sendable {
  private struct State {
    var phase = ""
    var start: ContinuousClock.Instant
    var shown: ContinuousClock.Instant
    var isDrawn = false
  }

  private let state: Mutex<State>
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init() {
    let now = ContinuousClock.now
    state = Mutex(State(start: now, shown: now))
  }

  /// Says what begins.
  func announce(_ text: String) {
    state.withLock { state in
      clear(&state)
      write(text + "\n")
    }
  }

  /// Tells how far the sweep has come.
  func update(_ progress: Sweep.Progress) {
    let now = ContinuousClock.now
    state.withLock { state in
      let isNew = state.phase != progress.phase
      if state.phase.isEmpty { state.start = now }
      let interval: Duration = isTerminal ? .milliseconds(200) : .seconds(10)
      guard isNew || now - state.shown >= interval || progress.done == progress.total else {
        return
      }
      state.phase = progress.phase
      state.shown = now
      let line = Self.line(progress, elapsed: (now - state.start) / .seconds(1))
      if isTerminal {
        clear(&state)
        write(line)
        state.isDrawn = true
      } else {
        write(line + "\n")
      }
    }
  }

  /// Leaves a clean line behind.
  func finish() {
    state.withLock { state in
      clear(&state)
      state.phase = ""
    }
  }

  private static func line(_ progress: Sweep.Progress, elapsed: Double) -> String {
    let share = Double(progress.done) / Double(max(1, progress.total))
    var text = String(format: "  %3.0f %%  ", share * 100) + progress.phase
    if elapsed > 0.5, progress.done > 0 {
      let rate = Double(progress.done) / elapsed
      let left = Double(progress.total - progress.done) / rate
      text += "  \(Quantity.count(Int(rate))) tokens/s"
      if progress.done < progress.total { text += ", \(Quantity.duration(left)) left" }
    }
    return text
  }

  private func clear(_ state: inout State) {
    if state.isDrawn { write("\r\u{1B}[K") }
    state.isDrawn = false
  }

  private func write(_ text: String) {
    // A closed standard error must not end the build.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
