import Passes

/// Whom a run tells what it does.
package protocol RunObserver: Sendable {
  /// A sentence: what begins, or what the reader should know.
  func announce(_ text: String)

  /// How far the model's passes have come.
  func update(_ progress: Sweep.Progress)

  /// The passes are done.
  func finish()
}

/// Nobody.
package struct UnobservedRun: RunObserver {
  package init() {}
  package func announce(_ text: String) {}
  package func update(_ progress: Sweep.Progress) {}
  package func finish() {}
}
