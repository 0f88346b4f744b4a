import Corpora
import Foundation
import JSON
import Reporting
import Storage
import StudyFile
import Tokenization

// Fuzz cases for a study, its corpora, its findings, and all of them together.
extension Fuzzer {
  func runStudy(_ random: inout FuzzRandom) throws {
    let yaml = try studyText(&random)
    let file = FileBytes(yaml, name: "study.yml")
    let study = try StudyFile(parsing: file, folder: folder)
    _ = try JSON(encoding: study, file: "study.json")
    _ = try study.notesText()
    _ = try StudyCorpora(loading: study)
  }

  /// A damaged study: either its YAML text or the same study as JSON, which is valid YAML.
  private func studyText(_ random: inout FuzzRandom) throws -> [UInt8] {
    if random.oneIn(2) { return ByteMutator.mutated(Array(TinyStudy.yaml.utf8), &random) }
    let tree = try JSON(parsing: FileBytes(Array(TinyStudy.tree.utf8), name: "study.json"))
    return text(tree, &random)
  }

  func runCorpus(_ random: inout FuzzRandom) throws {
    let entry = random.pick(corpora)
    let path = entry.path.patterns[0]
    let sound = TinyStudy.corpora[path] ?? ""
    let bytes = ByteMutator.mutated(Array(sound.utf8), &random)
    let corpus = try Corpus(entry, file: FileBytes(bytes, name: path))
    for document in corpus.documents.prefix(200) {
      _ = TokenizedDocument(
        document, tokenizer: tokenizer, beginning: tokenizer.beginning,
        context: architecture.context)
    }
  }

  func runFindings(_ random: inout FuzzRandom) throws {
    let bytes = text(Self.excerpt(findings, &random), &random)
    try show(try FindingsFile(reading: FileBytes(bytes, name: FindingsFile.name)))
  }

  /// The findings of two random analyses, or rarely of all; in fewer findings, damage reaches a
  /// larger part.
  static func excerpt(_ tree: JSON, _ random: inout FuzzRandom) -> JSON {
    guard !random.oneIn(16), let members = tree.object else { return tree }
    return .object(
      members.map { member in
        guard member.key == "findings", let results = member.value.object else { return member }
        return .init(
          key: member.key, value: .object([random.pick(results), random.pick(results)]))
      })
  }

  /// Runs everything that `render` and `check` do with findings.
  func show(_ findings: FindingsFile) throws {
    let report = Report(findings)
    let page = try pages.page(report)
    let index = pages.index([IndexEntry(report, findings: findings.findings)])
    _ = report.checks.map(\.line)
    for file in report.files {
      let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
        throw OutputFault(description: "the path \(file.path)")
      }
      if file.path.hasSuffix(".svg") { try Self.checkNumbers(file.text, file.path) }
    }
    try Self.checkNumbers(page, "index.html")
    try Self.checkNumbers(index, "the site's index.html")
  }

  /// Refuses a chart whose attributes contain NaN or infinity.
  private static func checkNumbers(_ text: String, _ name: String) throws {
    for word in ["=\"nan", "=\"inf", "=\"-inf", "Infinity"] where text.contains(word) {
      throw OutputFault(description: "\(word) in \(name)")
    }
  }

  func runWhole(_ random: inout FuzzRandom) throws {
    var changes: [String: [UInt8]] = [:]
    switch random.below(6) {
    case 0: changes["model/config.json"] = text(model.config, &random)
    case 1: changes["model/tokenizer.json"] = text(model.tokenizer, &random)
    case 2:
      let name = random.pick(["nl.txt", "de.json", "en.jsonl", "notes.md"])
      changes[name] = ByteMutator.mutated(Array((TinyStudy.corpora[name] ?? "").utf8), &random)
    case 3:
      let header = Array(model.header.compact.utf8)
      changes["model/model.safetensors"] = TinyModel.safetensors(
        header: header, data: extremeWeights(&random))
    default: changes["study.yml"] = try studyText(&random)
    }
    try TinyStudy.write(changes, model: model, to: folder)
    try show(try TinyStudy.findings(in: folder))
  }
}
