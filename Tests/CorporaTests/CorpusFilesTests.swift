import Corpora
import Diagnostics
import Foundation
import JSON
import SampleStudies
import Storage
import StudyFile
import Testing

/// Corpora of several files, by list and by pattern.
struct CorpusFilesTests {
  private func withFiles(
    _ names: [String], _ body: (_ root: String) throws -> Void
  ) throws {
    let root = FileManager.default.temporaryDirectory.appending(
      path: "corpora-\(UUID().uuidString)"
    )
    .path
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in names {
      let url = URL(filePath: root + "/" + name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("\(name)\n\nlast of \(name)\n".utf8).write(to: url)
    }
    try body(root)
  }

  private func study(_ path: String, folder: String) throws -> StudyFile {
    try StudyFile(
      yaml: SampleStudy.yaml(line: 4, "  - {name: Dutch, path: \(path)}"), folder: folder)
  }

  private func names(_ path: String, folder: String) throws -> [String] {
    let study = try study(path, folder: folder)
    return try StudyCorpora.files(of: study.corpora[0], index: 0, in: study).map(\.path)
  }

  private static let tree = [
    "b.txt", "a.txt", "a1.txt", "é.txt", ".hidden.txt", "part[1].txt", "data/2/x.txt",
    "data/10/x.txt", "data/10/y.txt", "data/.dot/x.txt", "data/x.json",
  ]

  @Test(arguments: [
    ("a.txt", ["a.txt"]), ("[b.txt, a.txt]", ["b.txt", "a.txt"]),
    ("\"?.txt\"", ["a.txt", "b.txt"]), ("\"[ab]*.txt\"", ["a.txt", "a1.txt", "b.txt"]),
    ("\"*.txt\"", ["a.txt", "a1.txt", "b.txt", "part[1].txt", "é.txt"]),
    ("\"part[1].txt\"", ["part[1].txt"]),
    ("\"data/*/x.txt\"", ["data/10/x.txt", "data/2/x.txt"]),
    ("\"./data/10/*.txt\"", ["data/10/x.txt", "data/10/y.txt"]),
    ("\"data/**/*.txt\"", ["data/10/x.txt", "data/10/y.txt", "data/2/x.txt"]),
    ("[\"data/2/*.txt\", a.txt]", ["data/2/x.txt", "a.txt"]), ("\".h*.txt\"", [".hidden.txt"]),
  ])
  func pathsAndPatternsNameFiles(path: String, expected: [String]) throws {
    try withFiles(Self.tree) { root in
      // File systems may give the letter in its other form.
      let found = try names(path, folder: root)
      #expect(found.map(\.precomposedStringWithCanonicalMapping).sorted() == expected.sorted())
      if expected.allSatisfy({ $0.utf8.count == $0.count }) { #expect(found == expected) }
    }
  }

  @Test func absolutePatternsAndTheHomeFolderAreFollowed() throws {
    try withFiles(Self.tree) { root in
      #expect(try names("\"\(root)/data/2/*.txt\"", folder: "/nowhere") == [root + "/data/2/x.txt"])
      var study = try study("\"~/data/*/y.txt\"", folder: "/nowhere")
      study.origin.home = root
      let files = try StudyCorpora.files(of: study.corpora[0], index: 0, in: study)
      #expect(files.map(\.path) == [root + "/data/10/y.txt"])
      study.origin.home = root + "/"
      let file = try study.locate("~/a.txt", field: "notes")
      #expect(file.name == root + "/a.txt" && file.path == "~/a.txt")
    }
  }

  @Test func documentsAreCountedThroughAllFiles() throws {
    try withFiles(["a.txt", "b.txt"]) { root in
      let study = try study("[a.txt, b.txt]", folder: root)
      let files = try StudyCorpora.files(of: study.corpora[0], index: 0, in: study)
      let corpus = try Corpus(study.corpora[0], files: files)
      #expect(corpus.documents.map(\.index) == [0, 2, 3, 5])
      #expect(corpus.documents.map(\.text) == ["a.txt", "last of a.txt", "b.txt", "last of b.txt"])
      #expect(corpus.files.map(\.path) == ["a.txt", "b.txt"] && corpus.blank == 2)
      let sums = try ["a.txt", "b.txt"].map { try FileBytes(reading: root + "/" + $0).sha256 }
      #expect(corpus.files.map(\.sha256) == sums)
    }
  }

  @Test(arguments: [
    ("\"*.jsonl\"", Diagnostic.Kind.data, "expected files that match the pattern, found none"),
    (
      "[a.txt, \"a*.txt\"]", .study,
      "line 4, corpora[0].path[1]: expected each file once, found a.txt"
    ),
    ("[\"./a.txt\", a.txt]", .study, "each file once"),
    ("\"../*/a.txt\"", .study, "expected a path inside"),
    ("[a.txt, none.txt]", .data, "none.txt: expected a file"),
  ])
  func whatNamesNoFilesIsTold(path: String, kind: Diagnostic.Kind, words: String) throws {
    try withFiles(Self.tree) { root in
      let fault = try #require(throws: Diagnostic.self) {
        let study = try study(path, folder: root)
        _ = try Corpus(
          study.corpora[0], files: StudyCorpora.files(of: study.corpora[0], index: 0, in: study))
      }
      #expect(fault.kind == kind && fault.message.contains(words), "\(fault.message)")
    }
  }

  @Test func allThatIsMissingIsToldAtOnce() throws {
    try withFiles(["nl.txt"]) { root in
      let study = try StudyFile(yaml: SampleStudy.yaml(), folder: root)
      let faults = try #require(throws: Diagnostics.self) { _ = try StudyCorpora(loading: study) }
      #expect(
        faults.all.map(\.file) == ["de.txt", "en.json", "stories.jsonl"].map { root + "/" + $0 })
      #expect(faults.kind == .data)
      #expect(faults.message.components(separatedBy: "error: ").count == 4)
    }
  }

  @Test(arguments: [
    ("path: [], text: x", "corpora[0].path: expected a path, or a list"),
    ("path: [a.txt, a.txt]", "path[1]: expected each path once"),
    ("path: [a.txt, [b.txt]]", "path[1]: expected a path, found a list"),
    ("path: a.json.gz", "expected a file that ends in .json, .jsonl"),
    ("path: a.gz", "expected a file that ends in .json, .jsonl"),
    ("path: a.txt, text: x", "corpora[0].text: expected no text but for .jsonl files"),
    ("path: [a.jsonl, b.json], where: {a: 1}", "corpora[0].where: expected no where but for"),
    ("path: a.jsonl, where: {}", "where: expected at least one field"),
    ("path: a.jsonl, where: fr", "where: expected {FIELD: VALUE, …}"),
    ("path: a.jsonl, where: {a: []}", "where.a: expected at least one value"),
    ("path: a.jsonl, where: {a: {b: 1}}", "where.a: expected text, a number"),
    ("path: a.jsonl, where: {a: }", "where.a: expected text, a number"),
    ("path: a.jsonl, characters: 200", "characters: expected [SHORTEST, LONGEST]"),
    ("path: a.jsonl, characters: [200]", "characters: expected [SHORTEST, LONGEST]"),
    ("path: a.jsonl, characters: [3, 2]", "characters: expected [SHORTEST, LONGEST], the smaller"),
    ("path: a.jsonl, characters: [-1, 2]", "characters[0]: expected an integer"),
    ("path: a.jsonl, sample: 5", "sample: expected a mapping"),
    ("path: a.jsonl, sample: {seed: 5}", "sample: expected documents"),
    ("path: a.jsonl, sample: {documents: 0}", "sample.documents: expected an integer"),
    ("path: a.jsonl, sample: {documents: 5, seed: 4294967296}", "sample.seed: expected an integer"),
    ("path: a.jsonl, sample: {document: 5}", "Did you mean documents?"),
    ("path: a.jsonl, sample: {documents: 5}, documents: 5", "expected documents or sample"),
    ("path: ./de.txt", "expected the target's text to be another"),
  ])
  func settingsThatMeanNothingAreRefused(settings: String, words: String) throws {
    let yaml = SampleStudy.yaml(line: 4, "  - {name: Dutch, \(settings)}")
    let fault = try #require(SampleStudy.refusal(yaml))
    #expect(fault.kind == .study && fault.message.contains("line "))
    #expect(fault.message.contains(words), "\(fault.message)")
  }

  @Test func oneFileMayHoldBothClasses() throws {
    let lines = SampleStudy.lines
    let yaml =
      (lines.prefix(3) + [
        "  - {name: Dutch, path: all.jsonl, where: {lang: nl}}",
        "  - {name: German, path: all.jsonl, where: {lang: de}}", lines[7], lines[8],
      ]).joined(separator: "\n")
    #expect(SampleStudy.refusal(yaml) == nil)
  }

  @Test func settingsSurviveFindings() throws {
    let text = """
        - {name: Dutch, path: [a.jsonl, "b*.jsonl.gz"], text: a.b, characters: [2, 3], \
      where: {x: [1, "1", true, null, 2.5], "y z": é}, sample: {documents: 7}}
      """
    let study = try StudyFile(yaml: SampleStudy.yaml(line: 4, text))
    let json = try JSON(encoding: study, file: "")
    let read = try json.decode(StudyFile.self, file: "")
    #expect(read == study && study.corpora[0].sample == SampleSettings(documents: 7, seed: 0))
    #expect(json.text.contains("\"path\": \"de.txt\""))
  }
}
