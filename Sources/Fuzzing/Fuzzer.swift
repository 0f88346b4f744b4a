import Diagnostics
import Foundation
import JSON
import LanguageModel
import Reporting
import SiteRenderer
import Storage
import StudyFile
import Tokenization

/// Runs damaged input through the real readers, in this process.
///
/// A case is determined by the seed and its number, so that each one can be repeated.
package struct Fuzzer: Sendable {
  package let seed: UInt64
  let model: TinyModel
  let architecture: Architecture
  let tokenizer: Tokenizer
  let corpora: [CorpusEntry]
  let findings: JSON
  /// The findings of a study of a set.
  let setFindings: JSON
  let pages: PageBuilder
  /// The folder for studies that are read from disk.
  let folder: String

  /// - Parameter folder: a folder that nothing else uses; it is created if missing.
  package init(seed: UInt64, folder: String) throws {
    self.seed = seed
    self.folder = folder
    model = try TinyModel()
    architecture = try Architecture(folder: model.folder())
    tokenizer = try Tokenizer(
      FileBytes(Array(model.tokenizer.compact.utf8), name: "tokenizer.json"))
    corpora = try StudyFile(yaml: TinyStudy.yaml).corpora
    pages = PageBuilder(templates: try TemplateLibrary())
    try TinyStudy.write(["study.yml": Array(TinyStudy.setYAML.utf8)], model: model, to: folder)
    setFindings = try TinyStudy.findings(in: folder).json
    try TinyStudy.write(model: model, to: folder)
    findings = try TinyStudy.findings(in: folder).json
  }

  /// Runs a case from beginning to end.
  package func run(_ number: Int) -> FuzzOutcome {
    let kind = FuzzKind(of: number)
    var random = FuzzRandom(
      seed: seed &+ UInt64(truncatingIfNeeded: number) &* 0xD134_2543_DE82_EF95)
    do {
      try run(kind, &random)
      return FuzzOutcome(kind: kind, text: "ok")
    } catch let diagnostics as Diagnostics {
      let isAllowed = diagnostics.all.allSatisfy {
        [.study, .data, .resources].contains($0.kind)
      }
      return FuzzOutcome(
        kind: kind, text: "several", fault: isAllowed ? nil : diagnostics.message)
    } catch let diagnostic as Diagnostic {
      let text = "\(diagnostic.kind) \(Self.pattern(diagnostic.field))"
      let isAllowed = [.study, .data, .resources].contains(diagnostic.kind)
      return FuzzOutcome(
        kind: kind, text: text, fault: isAllowed ? nil : diagnostic.message)
    } catch {
      return FuzzOutcome(kind: kind, text: "fault", fault: "\(error)")
    }
  }

  private func run(_ kind: FuzzKind, _ random: inout FuzzRandom) throws {
    switch kind {
    case .safetensors: try runSafetensors(&random)
    case .shards: try runShards(&random)
    case .gguf: try runGGUF(&random)
    case .config: try runConfig(&random)
    case .tokenizer: try runTokenizer(&random)
    case .study: try runStudy(&random)
    case .corpus: try runCorpus(&random)
    case .findings: try runFindings(&random)
    case .whole: try runWhole(&random)
    case .atlas: try runAtlas(&random)
    case .set: try runSet(&random)
    }
  }

  /// A field with the varying parts replaced: `model.vocab["…"]`, `line #, byte #`.
  private static func pattern(_ field: String) -> String {
    var result = ""
    var isQuoted = false
    for scalar in field.unicodeScalars.prefix(60) {
      if scalar == "\"" { isQuoted.toggle() }
      if isQuoted && scalar != "\"" { continue }
      let isDigit = ("0"..."9").contains(scalar)
      if isDigit && result.last == "#" { continue }
      guard scalar.isASCII, scalar.value >= 0x20 else { continue }
      result.unicodeScalars.append(isDigit ? "#" : scalar)
    }
    return result
  }

  /// The text of a damaged tree; now and then its bytes are damaged as well.
  func text(_ tree: JSON, _ random: inout FuzzRandom) -> [UInt8] {
    let bytes = Array(TreeMutator(tree).mutated(&random).compact.utf8)
    return random.oneIn(8) ? ByteMutator.mutated(bytes, &random) : bytes
  }
}

/// An error for output that should never be produced.
struct OutputFault: Error, CustomStringConvertible {
  let description: String
}
