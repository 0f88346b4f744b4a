import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ResolvedStudy {
  /// The study with only these parts and these analyses' settings.
  package func showing(_ parts: StudyParts, settings: Set<String> = []) -> ResolvedStudy {
    var study = self
    study.file = file.showing(parts, settings: settings)
    study.notes = nil
    if !parts.contains(.prompts) { study.prompts = [] }
    let names = study.file.corpora.map(\.name)
    study.corpora = corpora.keeping(names)
    func isShown(_ reference: CorpusReference) -> Bool {
      if case .named(let name) = reference { names.contains(name) } else { true }
    }
    study.tokenized = tokenized.filter { isShown($0.key) }
    study.layouts = layouts.filter { isShown($0.key) }
    return study
  }

  /// Texts of everything that a number of the study may depend on, for cache keys.
  ///
  /// - Throws: `Diagnostic` when the model's configuration cannot be read.
  package func content() throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try modelContent() + [String(decoding: encoder.encode(file), as: UTF8.self)]
      + corpora.all.map(\.sha256)
  }

  /// The files that the model and its tokenizer are read from, with their checksums.
  package var modelFiles: [(name: String, sha256: String)] {
    ResolvedModel.files(configuration, tokenizer: tokenizerFiles, checkpoint)
  }

  /// The checksums of the model and its tokenizer.
  ///
  /// - Throws: `Diagnostic` when the model's configuration cannot be read.
  package func modelContent() throws -> [String] {
    [configuration?.sha256 ?? ""] + tokenizerFiles.map(\.sha256) + checkpoint.files.map(\.sha256)
  }
}
