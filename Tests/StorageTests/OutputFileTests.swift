import Diagnostics
import Foundation
import Storage
import Testing

struct OutputFileTests {
  private let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "out-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path + "/folder", withIntermediateDirectories: true)
  }

  private func file(_ name: String) -> OutputFile { OutputFile(path + "/" + name, mark: "#mine\n") }

  private func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: path + "/" + name).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test func aFileIsWrittenAndWrittenAgain() throws {
    for text in ["#mine\none", "#mine\ntwo"] {
      try file("new").write(text)
      #expect(self.text("new") == text)
    }
    // A name as long as file systems allow leaves no room for a longer one beside it.
    let long = String(repeating: "n", count: 255)
    try file(long).write("#mine\n")
    #expect(self.text(long) == "#mine\n")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        == ["folder", "new", long].sorted())
    try FileManager.default.removeItem(atPath: path)
  }

  @Test(arguments: ["", "short", "# mine\n and more", "#mine"])
  func whatSomebodyElseWroteIsNeverReplaced(content: String) throws {
    try Data(content.utf8).write(to: URL(filePath: path + "/theirs"))
    for (name, link) in [("link", "theirs"), ("nowhere", "absent"), ("own-link", "own")] {
      try FileManager.default.createSymbolicLink(
        atPath: path + "/" + name, withDestinationPath: link)
    }
    try file("own").write("#mine\n")
    try FileManager.default.linkItem(atPath: path + "/theirs", toPath: path + "/hard")
    mkfifo(path + "/pipe", 0o600)
    for name in ["theirs", "link", "hard", "nowhere", "own-link", "pipe"] {
      let fault = #expect(throws: Diagnostic.self) { try file(name).check() }
      #expect(fault?.kind == .study, "\(name)")
      #expect(throws: Diagnostic.self) { try file(name).write("#mine\nnew") }
    }
    #expect(text("theirs") == content && text("own") == "#mine\n" && text("absent") == nil)
    try FileManager.default.removeItem(atPath: path)
  }

  @Test(arguments: [
    ".", "./", "..", "folder", "folder/", "folder/.", "folder/..", "absent/x", "absent/", "a/../b/",
    "new/",
  ])
  func aPathThatNamesNoFileIsRefused(name: String) throws {
    let fault = #expect(throws: Diagnostic.self) { try file(name).check() }
    #expect(fault?.kind == .resources)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["folder"])
    try FileManager.default.removeItem(atPath: path)
  }

  @Test(arguments: ["", " ", "\t", "\n ", ".", "./", "/", "//", String(repeating: "n", count: 300)])
  func blanksAndNamesThatAreTooLongAreRefused(name: String) throws {
    let fault = #expect(throws: Diagnostic.self) { try OutputFile(name, mark: "#").check() }
    #expect(fault?.kind == .resources)
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func whatComesToStandThereMeanwhileStays() throws {
    let stream = try FileStream(file("late"))
    try stream.write("#mine\n")
    try Data("theirs".utf8).write(to: URL(filePath: path + "/late"))
    #expect(throws: Diagnostic.self) { try stream.finish() }
    #expect(text("late") == "theirs")
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func newFilesAreWrittenAllOrNone() throws {
    let files = ["a", "b"].map { TextFile(path: $0, text: $0) }
    try NewFiles.write(files, into: path + "/deep/new")
    #expect(text("deep/new/a") == "a" && text("deep/new/b") == "b")
    try Data("theirs".utf8).write(to: URL(filePath: path + "/folder/b"))
    try Data("theirs".utf8).write(to: URL(filePath: path + "/file"))
    try FileManager.default.createSymbolicLink(
      atPath: path + "/link", withDestinationPath: "absent")
    for folder in [path + "/folder", path + "/file", path + "/link", "", " "] {
      let fault = #expect(throws: Diagnostic.self) { try NewFiles.write(files, into: folder) }
      #expect(fault?.kind == .study, "\(folder)")
    }
    #expect(text("folder/a") == nil && text("folder/b") == "theirs" && text("file") == "theirs")
    try FileManager.default.removeItem(atPath: path)
  }
}
