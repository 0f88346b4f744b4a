import Fuzzing
import StudyFile

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An atlas of the tiny model and three languages of the demo.
enum TinyAtlas {
  /// - Parameters:
  ///   - english: the path of the English texts
  ///   - window: the tokens on which sets are measured
  ///   - lines: further lines
  static func yaml(
    english: String = "builtin:corpora/en.txt", window: Int = 12, lines: String
  ) -> String {
    """
    kind: atlas
    title: A tiny atlas
    model: ./model
    corpora:
      - {name: Dutch, path: "builtin:corpora/nl.txt"}
      - {name: German, path: "builtin:corpora/de.txt"}
      - {name: English, path: "\(english)"}
    permutations: 99
    sets: {sizes: [1, 4], documents: 10, window: \(window)}
    pages: {neurons: 3, named: [L1N3], passages: 2, window: 10}
    \(lines)

    """
  }

  /// A folder with the tiny model and its study, which is removed after `body`.
  static func withFolder(_ body: (_ folder: String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "atlas-\(UInt64.random(in: .min ... .max))").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try TinyStudy.write(model: TinyModel(), to: folder)
    try body(folder)
  }

  /// Changes lower bits of the mantissas of a checkpoint's last weights.
  static func disturb(_ weights: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: weights)))
    for place in stride(from: bytes.count - 4000, to: bytes.count, by: 4) {
      bytes[place + 2] ^= 0x5A
    }
    try Data(bytes).write(to: URL(filePath: weights))
  }
}
