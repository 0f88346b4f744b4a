/// One question asked of a neuron: what it needs to see, the numbers it finds, the words for them.
///
/// Adding one is a folder under `Sources/Analyses`, a test and a line in its registry.
package protocol Analysis: Sendable {
  /// What stands in `findings.json` under `id`.
  associatedtype Result: Codable & Sendable

  static var id: String { get }

  init()

  /// What the sweep has to show.
  func needs(_ study: ResolvedStudy) -> Needs

  /// Reduces what the sweep saw to the findings.
  func run(_ evidence: Evidence) throws -> Result

  /// Presents the findings; needs no model. Nil when there is nothing to show.
  func section(_ result: Result, in study: FindingsStudy) -> Section?
}
