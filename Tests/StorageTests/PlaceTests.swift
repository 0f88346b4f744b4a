import Foundation
import Storage
import Testing

struct PlaceTests {
  private let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "place-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path + "/a/b", withIntermediateDirectories: true)
    try Data("text".utf8).write(to: URL(filePath: path + "/a/file"))
    for (link, target) in [
      ("folder", "a"), ("name", "a/file"), ("nothing", "a/absent"), ("loop", "loop"),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: path + "/" + link, withDestinationPath: target)
    }
    try FileManager.default.linkItem(atPath: path + "/a/file", toPath: path + "/hard")
  }

  private func place(_ name: String) -> Place { Place(path + "/" + name) }

  @Test(arguments: [
    "a/./file", "a//file", "./a/file", "a/b/../file", "name", "folder/file", "hard",
    "folder/b/../../name",
  ])
  func everySpellingOfAFileIsTheSame(name: String) {
    #expect(place(name).isSame(as: place("a/file")))
    #expect(!place(name).isSame(as: place("a/b")))
    remove()
  }

  @Test(arguments: ["a/./absent", "folder/absent", "nothing", "a/b/../absent", "a/absent/"])
  func everySpellingOfAFileToBeIsTheSame(name: String) {
    #expect(place(name).isSame(as: place("a/absent")))
    #expect(!place(name).isSame(as: place("absent")))
    #expect(!place(name).isSame(as: place("a/file")))
    remove()
  }

  @Test func aPlaceLiesInsideTheFoldersAboveIt() {
    for name in ["a/file", "a/absent", "folder/b/x/y", "name", "nothing", "a/b"] {
      #expect(place(name).isInside(place("folder")), "\(name)")
      #expect(place(name).isInside(Place(path)) && place(name).isInside(Place("/")), "\(name)")
      #expect(!place(name).isInside(place("a/c")), "\(name)")
    }
    // A hard link lies where its name is.
    #expect(!place("hard").isInside(place("a")) && place("hard").isSame(as: place("a/file")))
    #expect(!place("a").isInside(place("a")) && !place("ab").isInside(place("a")))
    // Neither is there yet.
    #expect(place("new/x/y").isInside(place("new")) && !place("newer/x").isInside(place("new")))
    remove()
  }

  @Test func oddPathsLeadSomewhere() {
    for path in ["", ".", "..", "/", "//", "/..", " ", "a/..", "\u{338}/\u{338}", "x/../../y"] {
      #expect(Place(path).path.hasPrefix("/"), "\(path)")
    }
    #expect(Place("").isSame(as: Place(".")) && Place("/..").isSame(as: Place("/")))
    // A link to itself leads nowhere, and ends.
    #expect(place("loop").path.hasSuffix("/loop"))
    #expect(Place("/").folders.isEmpty && Place("/tmp").folders == ["/"])
    remove()
  }

  private func remove() { try? FileManager.default.removeItem(atPath: path) }
}
