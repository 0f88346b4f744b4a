import Diagnostics
import Foundation
import SampleStudies
import StudyFile
import Testing

/// Row 41: a study reads what stands in its folder, and what it names by an absolute path.
@Suite struct StudyPathTests {
  /// `ROOT/in/{a.txt, out.txt → ../secret.txt, away → .., here.txt → a.txt}`, `ROOT/secret.txt`.
  private func withFolders(_ body: (_ root: String, _ study: StudyFile) throws -> Void) throws {
    let files = FileManager.default
    let root = files.temporaryDirectory.appending(path: "study-\(UUID().uuidString)").path
    defer { try? files.removeItem(atPath: root) }
    try files.createDirectory(atPath: root + "/in", withIntermediateDirectories: true)
    try "secret".write(toFile: root + "/secret.txt", atomically: true, encoding: .utf8)
    try "one\ntwo\n".write(toFile: root + "/in/a.txt", atomically: true, encoding: .utf8)
    for (link, target) in [
      ("out.txt", "../secret.txt"), ("away", ".."), ("here.txt", "a.txt"), ("..a.txt", "a.txt"),
      ("gone.txt", "nothing"),
    ] {
      try files.createSymbolicLink(atPath: root + "/in/" + link, withDestinationPath: target)
    }
    try body(root, try SampleStudy.study("notes: a.txt", folder: root + "/in"))
  }

  @Test func pathsInsideAreRead() throws {
    try withFolders { root, study in
      for path in [
        "a.txt", "./a.txt", "away/in/a.txt", "here.txt", "..a.txt", root + "/secret.txt",
      ] {
        #expect(throws: Never.self) { try study.open(path, field: "notes") }
      }
      let notes = try study.notesText()
      #expect(notes == "one\ntwo\n")
      let elsewhere = try study.open("secret.txt", field: "notes", base: root)
      #expect(elsewhere.count == 6)
    }
  }

  @Test(arguments: ["../secret.txt", "out.txt", "away/secret.txt", "x/../../secret.txt"])
  func pathsThatLeaveAreRefusedWithWhereTheyLead(path: String) throws {
    try withFolders { root, study in
      let refusal = try #require(throws: Diagnostic.self) {
        _ = try study.open(path, field: "notes")
      }
      #expect(refusal.kind == .study && refusal.field == "line 10, notes")
      #expect(refusal.found.hasPrefix("\"\(path)\", which leads to /"))
      #expect(refusal.found.hasSuffix("/secret.txt"))
      #expect(refusal.advice.contains("absolute path"))
    }
  }

  @Test(arguments: ["none.txt", "gone.txt", "a.txt/b"])
  func missingFilesAreNamed(path: String) throws {
    try withFolders { root, study in
      let refusal = try #require(throws: Diagnostic.self) {
        _ = try study.open(path, field: "notes", source: "Ask the author.")
      }
      #expect(refusal.kind == .data && refusal.file == root + "/in/" + path)
      #expect(refusal.advice.hasSuffix("Ask the author."))
    }
  }

  @Test func foldersAndPipesAreRefused() throws {
    try withFolders { root, study in
      #expect(mkfifo(root + "/in/pipe", 0o600) == 0)
      for path in ["pipe", ".", root, "/dev/zero"] {
        let refusal = try #require(throws: Diagnostic.self) {
          _ = try study.open(path, field: "notes")
        }
        #expect(refusal.message.contains("expected a regular file") || path == ".")
      }
    }
  }

  @Test func anUnknownBuiltInFileIsRefused() throws {
    let refusal = try #require(throws: Diagnostic.self) {
      _ = try SampleStudy.study().open("builtin:corpora/xx.txt", field: "corpora[0].path")
    }
    #expect(refusal.kind == .study && refusal.field == "line 4, corpora[0].path")
  }

  @Test func aStudyIsReadFromItsFolder() throws {
    try withFolders { root, _ in
      let path = root + "/in/study.yml"
      try SampleStudy.yaml().write(toFile: path, atomically: true, encoding: .utf8)
      let study = try StudyFile(reading: path)
      #expect(study.origin.file == path && study.origin.folder == root + "/in/")
      #expect(throws: Never.self) { try study.open("a.txt", field: "notes") }
    }
  }
}
