import Foundation
import Testing

/// Corpora as people have them, through the command.
struct CorpusCommandTests {
  /// The tiny study with one JSON Lines file for both classes, in two parts.
  private func study() throws -> TinyStudy {
    let study = try TinyStudy()
    let records = [("a", "aeiou"), ("b", "bcdfg")].flatMap { lang, letters in
      TinyStudy.documents(of: letters).map {
        "{\"body\": {\"text\": \"\($0)\"}, \"lang\": \"\(lang)\", \"score\": NaN}"
      }
    }
    try study.folder.write(records.prefix(18).joined(separator: "\n") + "\n", to: "data/0.jsonl")
    try study.folder.write(records.dropFirst(18).joined(separator: "\n"), to: "data/1.jsonl")
    for (name, file) in [("A", "a.txt"), ("B", "b.txt")] {
      let lang = name.lowercased()
      try study.study(
        "{name: \(name), path: \(file)}",
        "{name: \(name), path: \"data/*.jsonl\", text: body.text, where: {lang: \(lang)}}")
    }
    return study
  }

  @Test func aStudyOfConditionsGivesTheNumbersOfPlainFiles() throws {
    let (plain, chosen) = (try TinyStudy(), try study())
    for study in [plain, chosen] {
      try study.study(
        "expect:",
        "expect:\n  - {figure: ablation.corpora.A.masked.clean, at_least: 0}\n"
          + "  - {figure: sparse_probe.scores.2, at_least: 0}")
      #expect(try study.build().status == 0)
    }
    let report = chosen.folder.text(TinyStudy.report + "/report.md")
    #expect(
      report.contains("A: of 24 documents read, 12 match (`lang = \"a\"`), and all are taken."))
    let provenance = chosen.folder.text(TinyStudy.report + "/provenance.json")
    #expect(provenance.components(separatedBy: "data/0.jsonl").count == 3)
    let checks = try [plain, chosen].map { try $0.run(["check", TinyStudy.report]).output }
    #expect(checks[0] == checks[1] && checks[0].contains("ablation.corpora.A"))
  }

  @Test func planCountsWhatIsTaken() throws {
    let study = try study()
    try study.study("where: {lang: a}", "where: {lang: a}, sample: {documents: 7, seed: 1}")
    let plan = try study.run(["plan", "study.yml"])
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(
      plan.output.contains("A: 24 read, 12 matched, 7 taken, of which 7 used"), "\(plan.output)")
  }

  @Test func theFirstDocumentsAreShownWithTheirTokens() throws {
    let study = try study()
    let shown = try study.run(["corpus", "study.yml", "--documents", "2"])
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("A: data/*.jsonl; where lang = \"a\"; text in body.text"))
    #expect(shown.output.contains("24 read in 2 files, 0 of them blank, 12 matched, 12 taken"))
    #expect(shown.output.components(separatedBy: "\n  document ").count == 5)
    let first = TinyStudy.documents(of: "aeiou")[0]
    #expect(shown.output.contains("29 characters, 29 tokens\n    \(first)\n    "))
    #expect(shown.output.contains(first.prefix(4).map(String.init).joined(separator: "|") + "|␣|"))
  }

  @Test func whatWouldActOnATerminalIsShownAsASign() throws {
    let study = try TinyStudy()
    try study.folder.write("a\u{1B}[31m\u{202E}b\nzweite\n", to: "a.txt")
    let shown = try study.run(["corpus", "study.yml"])
    #expect(shown.status == 0 && shown.output.contains("a␛[31m⇐b"))
  }

  @Test func allThatIsMissingIsTold() throws {
    let study = try study()
    try study.folder.remove("model/tokenizer.json")
    try study.study("lang: b", "lang: c")
    let run = try study.run(["corpus", "study.yml"])
    #expect(run.status == 3 && run.errors.contains("tokenizer.json"), "\(run.errors)")
    #expect(run.errors.contains("Found for lang: \"a\" (12), \"b\" (12)."), "\(run.errors)")
    #expect(try study.run(["corpus", "study.yml", "--documents", "0"]).status == 2)
  }

  @Test func textInBothClassesIsTold() throws {
    let study = try TinyStudy()
    let text = TinyStudy.documents(of: "aeiou")[3]
    let count = TinyStudy.documents(of: "aeiou").count { $0 == text }
    try study.folder.write(study.folder.text("b.txt") + text + "\n", to: "b.txt")
    #expect(
      try study.run(["plan", "study.yml"]).output.contains(
        "\(count) of the target's documents are in the other class, "))
    #expect(try study.build().status == 0)
    #expect(
      study.folder.text(TinyStudy.report + "/report.md").contains(
        "\(count) documents of the target stand in the other class, too"))
  }

  @Test(arguments: [("a.txt.gz", "gzip data"), ("a.jsonl.gz", "cut short")])
  func packedDataThatAreNotSoundAreRefused(file: String, words: String) throws {
    let study = try TinyStudy()
    try study.study("path: a.txt", "path: \(file)")
    let bytes: [UInt8] =
      file == "a.txt.gz" ? Array("plain text".utf8) : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1]
    try study.folder.write(bytes, to: file)
    for command in ["plan", "build"] {
      let run = try study.run([command, "study.yml"])
      #expect(
        run.status == 3 && run.errors.contains(file) && run.errors.contains(words), "\(run.errors)")
    }
  }

  @Test func aDayThatIsNotInTheCalendarIsRefused() throws {
    for (date, status) in [
      ("2026-02-30", 2), ("2026-02-29", 2), ("2024-02-29", 0), ("1900-02-29", 2), ("2000-02-29", 0),
      ("2026-04-31", 2), ("2026-12-31", 0),
    ] as [(String, Int32)] {
      let study = try TinyStudy()
      try study.study("slug: tiny", "slug: tiny\ndate: \(date)")
      #expect(try study.run(["plan", "study.yml"]).status == status, "\(date)")
    }
  }
}
