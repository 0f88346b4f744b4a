import Diagnostics
import Storage

/// Files that are often saved in the place of a model's file.
enum Lookalike {
  /// Refuses a file that is recognised as another kind.
  ///
  /// - Throws: `Diagnostic` of kind `.data` when the file is a Git LFS pointer, an HTML page or a
  ///   pickled PyTorch file.
  static func refuse(_ file: FileBytes, expected: String) throws {
    let start = file.withBytes { Array($0.prefix(64)) }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    let trimmed = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let found: String
    let advice: String
    if text.hasPrefix("version https://git-lfs") {
      found = "a Git LFS pointer, a text of \(file.count) bytes that stands for the file"
      advice = "Run git lfs pull in the model's folder, or get the model with hf download."
    } else if ["<!doctype html", "<html"].contains(where: trimmed.hasPrefix) {
      found = "an HTML page"
      advice = "Download the file itself, not the page about it: hf download gets whole models."
    } else if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x80, 2]) {
      found = "a PyTorch pickle file"
      advice = SafetensorsStore.conversionAdvice(folder: "FOLDER")
    } else {
      return
    }
    throw Diagnostic(.data, file: file.name, expected: expected, found: found, advice: advice)
  }
}
