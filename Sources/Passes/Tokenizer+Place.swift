import LanguageModel
import Tokenization

extension Tokenizer.Found {
  /// Reads the tokenizer of a model.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for one that is missing, damaged or not supported.
  package init(_ place: TokenizerPlace) throws {
    switch place {
    case .folder(let folder): self = try Tokenizer.find(in: folder)
    case .metadata(let metadata, let file):
      self.init(tokenizer: try Tokenizer(gguf: metadata, file: file.name), files: [file])
    }
  }
}
