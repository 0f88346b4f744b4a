import Foundation

/// Parts of a study that only some analyses look at.
///
/// An analysis sees none but those it declares, and its cached result depends on exactly what it
/// sees: an undeclared part is not there to be read.
package struct StudyParts: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  package static let prompts = Self(rawValue: 1)
  /// Corpora that are neither the target nor part of the other class.
  package static let evaluation = Self(rawValue: 2)

  /// Neurons that are shown beside the studied one.
  package static let compared = Self(rawValue: 4)

  package static let all: Self = [.prompts, .evaluation, .compared]
}

extension StudyFile {
  /// The study without what is only for readers, and with no part but these.
  ///
  /// - Parameter settings: analyses of which it shows what `evidence:` says.
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

extension ResolvedStudy {
  /// The study with no part but these.
  package func showing(_ parts: StudyParts, settings: Set<String> = []) -> ResolvedStudy {
    var study = self
    study.file = file.showing(parts, settings: settings)
    study.notes = nil
    if !parts.contains(.prompts) { study.prompts = [] }
    let names = study.file.corpora.map(\.name)
    study.corpora = corpora.keeping(names)
    study.tokenized = tokenized.filter { reference, _ in
      if case .named(let name) = reference { names.contains(name) } else { true }
    }
    return study
  }

  /// Everything that a number of the study may follow from, for the keys of a cache.
  ///
  /// - Throws: `Diagnostic` when the model's configuration cannot be read.
  package func content() throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try modelContent() + [String(decoding: encoder.encode(file), as: UTF8.self)]
      + corpora.all.map(\.sha256)
  }

  /// Checksums of the model and its tokenizer.
  ///
  /// - Throws: `Diagnostic` when the model's configuration cannot be read.
  func modelContent() throws -> [String] {
    let configuration = try source.folder.file("config.json")
    return [configuration?.sha256 ?? "", tokenizerChecksum] + checkpoint.files.map(\.sha256)
  }
}
