import Foundation
import JSON
import Storage
import Testing

/// The manual: what is made from the code is what is committed, and what it promises holds.
struct ManualTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where commands run that write nothing.
  static let anywhere = FileManager.default.temporaryDirectory.path

  private func printed(_ arguments: [String]) throws -> String {
    let run = try CommandRun(["manual"] + arguments, in: ManualTests.anywhere)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    return run.output
  }

  static func committed(_ name: String) throws -> String {
    try String(contentsOf: root.appending(path: ".github/manual/" + name), encoding: .utf8)
  }

  private static func json(_ text: String) throws -> JSON {
    try JSON(parsing: FileBytes(Array(text.utf8), name: "text"))
  }

  @Test func everyPageIsCommittedAsItIsPrinted() throws {
    let names = try printed([]).split(separator: "\n").compactMap { $0.split(separator: " ").first }
    let folder = Self.root.appending(path: ".github/manual").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(files.filter { $0.hasSuffix(".md") }.sorted() == names.map { $0 + ".md" }.sorted())
    for name in names.map(String.init) {
      #expect(try printed([name]) == Self.committed(name + ".md"), "reportgen manual \(name)")
    }
    #expect(try printed(["--schema", "findings"]) == Self.committed("findings.schema.json"))
    #expect(try printed(["--schema", "atlas"]) == Self.committed("atlas.schema.json"))
  }

  @Test func pagesLeadToEachOtherAsHTML() throws {
    let folder = try ScratchFolder()
    let run = try CommandRun(["manual", "--html", "manual"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "manual/index.html\n")
    let index = try folder.text("manual/index.html")
    let links = index.matches(of: #/href="([a-z]+\.html)"/#).map { String($0.1) }
    #expect(links.count >= 7)
    for link in links { try #expect(folder.text("manual/" + link).contains("<h1>")) }
    let again = try CommandRun(["manual", "--html", "manual"], in: folder.path)
    #expect(again.status == 2)
  }

  @Test(arguments: [
    (["absent"], "concepts"), (["--schema", "plam"], "plan"), (["study", "--man"], "one of"),
  ]) func whatIsNotThereIsRefused(_ arguments: [String], word: String) throws {
    let run = try CommandRun(["manual"] + arguments, in: ManualTests.anywhere)
    #expect(run.status == 2)
    #expect(run.errors.contains(word), "\(run.errors)")
  }

  @Test func noKeyAndNoFigureIsWithoutWords() throws {
    #expect(!(try printed(["study"]).contains("|  |")))
    #expect(try printed(["study"]).contains("| `evidence."))
    let figures = try printed(["figures"])
    let headings = figures.matches(of: #/\n## /#).count
    let sources = figures.matches(of: #/\n- Computed: \S/#).count
    #expect(headings >= 20 && headings == sources)
  }

  // MARK: findings.json

  @Test(arguments: ["demo", "demo-french"]) func thePublishedFindingsFitTheSchema(slug: String)
    throws
  {
    let schema = JSONSchema(root: try Self.json(Self.committed("findings.schema.json")))
    let file = Self.root.appending(path: "Site/reports/\(slug)/findings.json").path
    let findings = try JSON(parsing: FileBytes(reading: file))
    #expect(schema.faults(findings) == [])
    // Every analysis of the demo has its section, and every one is explained.
    let figures = try printed(["figures"])
    for analysis in try #require(findings["findings"]?.object) {
      #expect(figures.contains("\n## `\(analysis.key)`\n"), "\(analysis.key)")
    }
  }

  @Test func thePublishedAtlasFitsItsSchema() throws {
    let schema = JSONSchema(root: try Self.json(Self.committed("atlas.schema.json")))
    let file = Self.root.appending(path: "Site/atlases/demo-atlas/findings.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(schema.faults(try Self.json(text)) == [])
    for (old, new) in [("\"cells\"", "\"cell\""), ("\"kind\"", "\"kinds\"")] {
      #expect(text.contains(old))
      #expect(schema.faults(try Self.json(text.replacing(old, with: new))) != [])
    }
  }

  /// Every key that an atlas may have is explained.
  @Test func theManualNamesEveryKeyOfAnAtlas() throws {
    let page = try printed(["atlas"])
    let file = Self.root.appending(path: "Site/atlases/demo-atlas/findings.json")
    let findings = try JSON(parsing: FileBytes(reading: file.path))
    let members = try #require(findings["file"]?.object)
    #expect(members.count > 12)
    for member in members {
      #expect(page.contains("`\(member.key)`"), "\(member.key)")
      guard member.key != "expect" else { continue }
      for inner in member.value.object ?? [] {
        #expect(page.contains("`\(inner.key)`"), "\(member.key).\(inner.key)")
      }
    }
  }

  @Test(arguments: [
    ("\"format\": 1", "\"format\": 2"), ("\"sparse_probe\"", "\"sparse_prob\""),
    ("\"test_accuracy\": 0", "\"test_accuracy\": \"high\", \"t\": 0"),
  ]) func otherFindingsDoNotFit(_ old: String, _ new: String) throws {
    let schema = JSONSchema(root: try Self.json(Self.committed("findings.schema.json")))
    let file = Self.root.appending(path: "Site/reports/demo/findings.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(old))
    #expect(schema.faults(try Self.json(text.replacing(old, with: new))) != [])
  }

  // MARK: man and completions

  static func has(_ tool: String) -> Bool {
    ["/usr/bin/", "/usr/local/bin/", "/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + tool)
    }
  }

  /// What `tool` says on either stream about `input`.
  private func said(_ tool: String, _ arguments: [String], _ input: String) throws -> String {
    let folder = try ScratchFolder()
    try folder.write(input, to: "input")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool] + arguments + [folder.path + "/input"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  @Test func theManPageNamesEveryCommandAndOption() throws {
    let man = try printed(["--man"])
    #expect(man.hasPrefix(".TH REPORTGEN 1"))
    for word in ["reportgen build", "reportgen cache clear", "\\-\\-single\\-file", "NO_COLOR"] {
      #expect(man.contains(word), "\(word)")
    }
  }

  @Test(.enabled(if: has("groff"), "needs groff")) func theManPageIsWithoutFault() throws {
    #expect(try said("groff", ["-man", "-ww", "-z", "-Tutf8"], printed(["--man"])) == "")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheCommands(shell: String) throws {
    let run = try CommandRun(
      ["--generate-completion-script", shell], in: ManualTests.anywhere)
    #expect(run.status == 0)
    for word in ["activations", "single-file", "no-cache"] {
      #expect(run.output.contains(word), "\(word)")
    }
    if Self.has(shell) { #expect(try said(shell, ["-n"], run.output) == "") }
  }

  /// What bash offers when the tabulator is pressed behind these words.
  @Test(arguments: [
    (["pl"], "plan"), (["build", "--qu"], "--quiet"), (["build", "stu"], "study.yml"),
    (["plan", "--model", "mo"], "model"), (["manual", "verd"], "verdict"),
    (["manual", "--schema", "fi"], "findings"), (["compare", "--format", "h"], "html"),
    (["verify", "mod"], "model"),
  ]) func bashCompletes(words: [String], offer: String) throws {
    let study = try TinyStudy()
    let run = try study.run(
      words,
      shell: #"""
        program=$1; shift
        "$program" --generate-completion-script bash > complete
        exec bash -c 'source ./complete
        COMP_WORDS=(reportgen "$@"); COMP_CWORD=$#
        _reportgen reportgen "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
        """#)
    #expect(run.output == offer + "\n", "\(run.errors)")
  }
}
