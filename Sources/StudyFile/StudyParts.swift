/// Parts of a study that only some analyses read.
///
/// An analysis is shown only the parts that it declares, so its cached result depends on nothing
/// else.
package struct StudyParts: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  package static let prompts = Self(rawValue: 1)
  /// The corpora that belong to neither class.
  package static let evaluation = Self(rawValue: 2)

  /// The neurons that are compared with the studied one.
  package static let compared = Self(rawValue: 4)

  package static let all: Self = [.prompts, .evaluation, .compared]
}

extension StudyFile {
  /// A copy with only these parts, and without what only readers use, such as title and notes.
  ///
  /// - Parameter settings: the ids of the analyses whose `evidence:` settings are kept.
  package func showing(_ parts: StudyParts, settings: Set<String> = []) -> StudyFile {
    var file = self
    file.evidence = evidence?.keeping(settings)
    (file.title, file.slug, file.notes, file.date) = ("", "", nil, nil)
    (file.expect, file.published) = ([], [])
    for index in file.corpora.indices { file.corpora[index].note = nil }
    if !parts.contains(.prompts) { file.prompts = [] }
    if !parts.contains(.compared) { file.compare = nil }
    if !parts.contains(.evaluation) {
      func isHidden(_ name: String) -> Bool { name != target && !other.contains(name) }
      func isHidden(_ reference: CorpusReference) -> Bool {
        if case .named(let name) = reference { isHidden(name) } else { false }
      }
      file.corpora.removeAll { isHidden($0.name) }
      file.ablation.corpora.removeAll(where: isHidden)
      file.positions.corpora.removeAll(where: isHidden)
      for name in corpora.map(\.name) where isHidden(name) { file.padded?.batches[name] = nil }
    }
    return file
  }
}
