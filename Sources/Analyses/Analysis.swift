import Passes
import ReportModel
import StudyFile

/// One question asked of a neuron: what it needs to see, the numbers it finds, the words for them.
///
/// Adding one is a folder under `Sources/Analyses`, a test and a line in its registry.
package protocol Analysis: Sendable {
  /// What stands in `findings.json` under `id`.
  associatedtype Result: Codable & Sendable

  static var id: String { get }

  /// The parts of the study that it looks at besides the model, the two classes and the settings.
  /// All unless declared; it is shown no others, and runs again only when one of them changes.
  static var parts: StudyParts { get }

  /// The question it answers, as the README's table puts it.
  static var question: String { get }

  /// Whether a study can leave it out. The notebook's own analyses always run.
  static var isOptional: Bool { get }

  /// The numbers that a study can give it; none unless declared.
  static var settings: [Setting] { get }

  /// The objections of reviewers that it answers; none unless declared.
  static var answers: Set<KnownObjection> { get }

  /// Ids of the analyses whose results it reads, and which therefore stand before it in the registry.
  static var after: Set<String> { get }

  /// Ids of the analyses whose settings in the study it depends on; its own unless declared.
  static var settingsRead: Set<String> { get }

  /// What the study settles of the result before the model runs; nothing unless declared.
  ///
  /// - Parameter layers: of the model, where it is known.
  static func extents(of study: StudyFile, layers: Int?) -> [FigureExtent]

  /// Ids of the figures that the section may show; nil unless declared, where only it knows.
  static func figures(of study: StudyFile) -> [String]?

  init()

  /// What the sweep has to show.
  func needs(_ study: ResolvedStudy) -> Needs

  /// The passes that it reduces, as far as they are known. It is asked again when those have run,
  /// since some follow from what others have read; none unless declared.
  func passes(_ settled: Settled) -> [Pass]

  /// Reduces what the sweep saw to the findings.
  func run(_ evidence: Evidence) throws -> Result

  /// Presents the findings; needs no model. Nil when there is nothing to show.
  func section(_ result: Result, in study: FindingsStudy) -> Section?
}

extension Analysis {
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
  /// What an analysis found that runs before; nil where it was not run.
  package func result<A: Analysis>(of analysis: A.Type) -> A.Result? {
    result(of: A.id) as? A.Result
  }
}
