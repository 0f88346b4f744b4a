import Passes

/// Receives messages about the progress of a run.
package protocol RunObserver: Sendable {
  /// Receives a sentence about what begins, or what the user should know.
  func announce(_ text: String)

  /// Receives how far the model's passes have come.
  func update(_ progress: Sweep.Progress)

  /// Called when the passes are done.
  func finish()
}

/// An observer that ignores everything.
package struct UnobservedRun: RunObserver {
  package init() {}
  package func announce(_ text: String) {}
  package func update(_ progress: Sweep.Progress) {}
  package func finish() {}
}
