import Diagnostics
import Passes
import Pipeline
import Synchronization

/// Shows progress on standard error: a line that rewrites itself on a terminal, a plain line now
/// and then elsewhere.
final class ProgressLine: RunObserver {
  private struct State {
    var phase = ""
    /// When the sweep began, and when its current phase began.
    var start: ContinuousClock.Instant
    var phaseStart: ContinuousClock.Instant
    var shown: ContinuousClock.Instant
    var isDrawn = false
  }

  private let state: Mutex<State>
  private let isTerminal = StandardError.isTerminal
  private let isQuiet: Bool

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    let now = ContinuousClock.now
    state = Mutex(State(start: now, phaseStart: now, shown: now))
  }

  /// Says what begins.
  func announce(_ text: String) {
    if isQuiet { return }
    state.withLock { state in
      clear(&state)
      Messages.note(text)
    }
  }

  /// Shows how far the sweep has come.
  func update(_ progress: Sweep.Progress) {
    if isQuiet { return }
    let now = ContinuousClock.now
    state.withLock { state in
      let isNew = state.phase != progress.phase
      if state.phase.isEmpty { state.start = now }
      if isNew { state.phaseStart = now }
      let interval = Messages.interval ?? (isTerminal ? .milliseconds(200) : .seconds(10))
      guard isNew || now - state.shown >= interval || progress.share == 1 else { return }
      state.phase = progress.phase
      state.shown = now
      if Messages.progress(share: progress.share, phase: progress.phase) { return }
      let line = Self.line(
        progress, elapsed: (now - state.start) / .seconds(1),
        ofPhase: (now - state.phaseStart) / .seconds(1))
      if isTerminal {
        clear(&state)
        StandardError.write(line)
        state.isDrawn = true
      } else {
        StandardError.write(line + "\n")
      }
    }
  }

  /// Clears the line.
  func finish() {
    state.withLock { state in
      clear(&state)
      state.phase = ""
    }
  }

  private static func line(
    _ progress: Sweep.Progress, elapsed: Double, ofPhase seconds: Double
  ) -> String {
    let percent = PrintedNumber.text(progress.share * 100, digits: 0)
    var text =
      String(repeating: " ", count: max(2, 5 - percent.count)) + "\(percent) %  " + progress.phase
    if seconds > 0.2, progress.tokens > 0 {
      text += "  \(Quantity.count(Int(Double(progress.tokens) / seconds))) tokens/s"
    }
    if elapsed > 0.5, progress.share > 0, progress.share < 1 {
      text += "  \(Quantity.duration(elapsed * (1 / progress.share - 1))) left"
    }
    return text
  }

  private func clear(_ state: inout State) {
    if state.isDrawn { StandardError.write("\r\u{1B}[K") }
    state.isDrawn = false
  }
}
