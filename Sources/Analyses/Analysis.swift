import Passes
import ReportModel
import StudyFile

/// One question asked of a neuron or of a set of neurons: what has to be run and read for it, the
/// numbers that answer it, and how a page shows them.
///
/// Adding an analysis takes a folder under `Sources/Analyses`, a test and a line in the registry.
package protocol Analysis: Sendable {
  /// The analysis's findings, written to `findings.json` under `id`.
  associatedtype Result: Codable & Sendable

  static var id: String { get }

  /// What it can be asked of: one neuron, a set, or both; one neuron unless declared.
  static var subjects: Set<Subject> { get }

  /// The optional parts of the study this analysis reads; all unless declared. It cannot see the
  /// others, and its cached result stays valid when they change.
  static var parts: StudyParts { get }

  /// The question the analysis answers, as the README's table and the manual print it.
  static var question: String { get }

  /// Whether a study can leave the analysis out. The notebook's own analyses always run.
  static var isOptional: Bool { get }

  /// The numbers that a study can set for it; none unless declared.
  static var settings: [Setting] { get }

  /// The reviewers' objections that it answers; none unless declared.
  static var answers: Set<KnownObjection> { get }

  /// The ids of the analyses whose results it reads; the registry must list them earlier.
  static var after: Set<String> { get }

  /// The ids of the analyses whose settings it depends on; its own unless declared.
  static var settingsRead: Set<String> { get }

  /// What the study alone decides about the result, before the model runs; nothing unless declared.
  ///
  /// - Parameter layers: the number of the model's layers; nil where it is not known
  static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent]

  /// The ids of the figures the section may show; nil unless declared, if only the section knows.
  static func figures(of study: StudyFile) -> [String]?

  init()

  /// The columns and the scan that the sweep has to run for it.
  func needs(_ study: ResolvedStudy) -> Needs

  /// The passes that it reduces, as far as they are known; none unless declared. It is asked again
  /// after these have run, because some passes follow from what others have read.
  func passes(_ settled: Settled) -> [Pass]

  /// Reduces what the passes have read to the findings.
  func run(_ evidence: Evidence) throws -> Result

  /// Presents the findings without the model; nil when there is nothing to show.
  func section(_ result: Result, in study: FindingsStudy) -> Section?
}

extension Analysis {
  package static var subjects: Set<Subject> { [.neuron] }
  package static var parts: StudyParts { .all }
  package static var isOptional: Bool { true }
  package static var settings: [Setting] { [] }
  package static var answers: Set<KnownObjection> { [] }
  package static var after: Set<String> { [] }
  package static var settingsRead: Set<String> { [id] }
  package func passes(_ settled: Settled) -> [Pass] { [] }
  package static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent] { [] }
  package static func figures(of study: StudyFile) -> [String]? { nil }
}

extension Evidence {
  /// The result of an analysis that runs earlier; nil where it was not run.
  package func result<A: Analysis>(of analysis: A.Type) -> A.Result? {
    result(of: A.id) as? A.Result
  }
}
