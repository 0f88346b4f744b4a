import Foundation
import JSON
import LanguageModel
import Storage
import Testing

/// The table of faults: disks, locks, signals, streams, memory, files that change.
struct FaultTests {
  /// A study with its report published, and what the report holds.
  private static func published() throws -> (study: TinyStudy, report: [String: String]) {
    let study = try TinyStudy()
    #expect(try study.build().status == 0)
    return (study, try study.folder.contents(of: "Site"))
  }

  /// The tiny study on the demo's model and longer texts: it runs for some seconds.
  private static func slow(_ study: TinyStudy, documents: Int = 200) throws {
    let demo = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/CEmbedded/demo").standardizedFileURL.path
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
      try study.folder.write(
        try FileBytes(reading: demo + "/" + file).withBytes(Array.init), to: "demo/" + file)
    }
    try study.study("model: model", "model: demo")
    try study.study("answers: [\"i\", \"b\"]", "answers: []")
    for (letters, name) in [("aeiou", "a.txt"), ("bcdfg", "b.txt")] {
      let text = TinyStudy.documents(of: letters).joined(separator: " ")
      try study.folder.write(String(repeating: text + "\n", count: documents), to: name)
    }
  }

  /// Waits until the model runs.
  private static func untilRunning(_ build: RunningCommand) {
    let deadline = ContinuousClock.now + .seconds(30)
    while build.isRunning, !build.errors.contains("probing"), ContinuousClock.now < deadline {
      usleep(1000)
    }
  }

  // MARK: Writing

  @Test(arguments: [8, 40, 60, 80, 120]) func aFileSizeLimitIsAnError(_ blocks: Int) throws {
    let study = try TinyStudy()
    // A spill of a few kilobytes, so that larger limits are met by the report's files.
    try study.study("documents: 12", "documents: 2")
    #expect(try study.build().status == 0)
    let before = try study.folder.contents(of: "Site")
    try study.study("A tiny study", "Another study")
    let build = try study.build(shell: "ulimit -f \(blocks); exec \"$@\"")
    #expect(build.status == 4, "\(build.errors)")
    #expect(build.errors.contains("error: ") && build.errors.contains("File too large"))
    #expect(try study.folder.contents(of: "Site") == before)
    #expect(try study.build().status == 0)
  }

  @Test(.enabled(if: access("/proc/self", F_OK) == 0, "needs a /proc, where nobody can write"))
  func aFolderThatCannotBeWrittenIsRefusedBeforeComputing() throws {
    let study = try TinyStudy()
    let build = try study.build(["--site", "/proc/reportgen/Site"])
    #expect(build.status == 4)
    #expect(build.errors.contains("/proc") && !build.errors.contains("probing"))
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser writes into read-only folders"))
  func aReadOnlyFolderIsRefusedBeforeComputing() throws {
    let (study, report) = try Self.published()
    let site = study.folder.path + "/Site"
    chmod(site, 0o555)
    defer { chmod(site, 0o755) }
    let build = try study.build()
    #expect(build.status == 4)
    #expect(!build.errors.contains("probing"))
    #expect(try study.folder.contents(of: "Site") == report)
  }

  @Test func aTemporaryFolderThatIsNotThereIsNamed() throws {
    let study = try TinyStudy()
    let build = try study.build(environment: ["TMPDIR": "/absent"])
    #expect(build.status == 4)
    #expect(build.errors.contains("/absent") && build.errors.contains("TMPDIR"))
    #expect(!build.errors.contains("disk space"), "\(build.errors)")
  }

  // MARK: Several builds

  @Test func twoBuildsAtOnceBothSucceedOrOneIsTurnedAway() throws {
    let (study, report) = try Self.published()
    let builds = try (0..<4).map { _ in try study.start(["build", "study.yml"]) }
    for build in builds {
      try build.wait()
      #expect([0, 6].contains(build.result.status), "\(build.result.errors)")
    }
    #expect(builds.contains { $0.result.status == 0 })
    #expect(try study.folder.contents(of: "Site") == report)
  }

  @Test func aSiteThatIsBeingPublishedIsLeftAlone() throws {
    let (study, report) = try Self.published()
    let build = try PublishFolder(path: study.folder.path + "/Site").locked { _ in
      try study.build()
    }
    #expect(build.status == 6)
    #expect(build.errors.contains("another build"))
    #expect(try study.folder.contents(of: "Site") == report)
  }

  // MARK: Signals and streams

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aSignalEndsTheBuildAtOnce(_ signal: Int32, _ status: Int32) throws {
    let (study, report) = try Self.published()
    try Self.slow(study)
    let build = try study.start(["build", "study.yml"])
    Self.untilRunning(build)
    let start = ContinuousClock.now
    build.send(signal)
    try build.wait()
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(build.result.status == status)
    #expect(build.leftovers.isEmpty)
    #expect(try study.folder.contents(of: "Site") == report)
  }

  @Test(arguments: [
    "exec \"$@\" >&-", "exec \"$@\" 2>&-", "exec \"$@\" <&- >&- 2>&-",
    "exec \"$@\" 2>/dev/full", "\"$@\" | true", "\"$@\" 2>&1 | true",
  ]) func closedStreamsCostNothing(_ shell: String) throws {
    let (study, report) = try Self.published()
    let build = try study.build(["--site", "Other"], shell: shell)
    #expect(build.status == 0, "\(build.errors)")
    #expect(try study.folder.contents(of: "Other") == report)
  }

  @Test(arguments: ["exec \"$@\" 2>&-", "exec \"$@\" 2>/dev/full", "exec \"$@\" >&- 2>&-"])
  func anErrorThatNobodyHearsKeepsItsCode(_ shell: String) throws {
    let study = try TinyStudy()
    try study.folder.remove("model/config.json")
    #expect(try study.build(shell: shell).status == 3)
  }

  // MARK: Input

  @Test func aModelThatChangesMeanwhileIsRefused() throws {
    for truncates in [false, true] {
      let (study, report) = try Self.published()
      try Self.slow(study, documents: 40)
      let build = try study.start(["build", "study.yml"])
      Self.untilRunning(build)
      let file = study.folder.path + "/demo/model.safetensors"
      if truncates {
        truncate(file, 1000)
      } else {
        try FileManager.default.setAttributes(
          [.modificationDate: Date.distantPast], ofItemAtPath: file)
      }
      try build.wait()
      #expect(build.result.status == 3, "\(build.result.errors)")
      #expect(build.result.errors.contains("while it is read"))
      #expect(try study.folder.contents(of: "Site") == report)
    }
  }

  @Test func anUnfinishedDownloadNamesTheCommandThatCompletesIt() throws {
    let commit = String(repeating: "a1", count: 20)
    let base = "hub/models--org--name"
    let faults: [(String, (TinyStudy) throws -> Void)] = [
      ("the folder", { try $0.folder.remove(base) }),
      ("config.json", { try $0.folder.remove("\(base)/blobs/config.json") }),
      ("model.safetensors", { try $0.folder.remove("\(base)/blobs/model.safetensors") }),
      ("tokenizer.json", { try $0.folder.remove("\(base)/blobs/tokenizer.json") }),
      (
        "x.incomplete",
        {
          try $0.folder.remove("\(base)/snapshots/\(commit)/model.safetensors")
          try $0.folder.write("", to: "\(base)/blobs/x.incomplete")
        }
      ),
    ]
    func cached() throws -> TinyStudy {
      let study = try TinyStudy()
      try study.folder.write(commit, to: "\(base)/refs/main")
      for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        try study.folder.write(try study.folder.bytes("model/" + file), to: "\(base)/blobs/\(file)")
        try study.folder.link("\(base)/snapshots/\(commit)/\(file)", to: "../../blobs/\(file)")
      }
      try study.study("model: model", "model: org/name")
      return study
    }
    for (word, change) in faults {
      let study = try cached()
      try change(study)
      let build = try study.build(environment: ["HF_HUB_CACHE": study.folder.path + "/hub"])
      #expect(build.status == 3)
      #expect(build.errors.contains(word), "\(build.errors)")
      #expect(build.errors.contains("hf download org/name"), "\(build.errors)")
    }
    let study = try cached()
    let build = try study.build(environment: ["HF_HUB_CACHE": study.folder.path + "/hub"])
    #expect(build.status == 0, "\(build.errors)")
  }

  // MARK: Memory

  @Test func aMemoryLimitIsKept() throws {
    let study = try TinyStudy()
    let small = try study.build(["--memory", "100k"])
    #expect(small.status == 4)
    #expect(
      small.errors.contains("model: memory: expected at most 100 kB, the limit, found a need"))
    #expect(!study.folder.names.contains("Site"))
    #expect(try study.build(["--memory", "2G"]).status == 0)
  }

  @Test func aModelLargerThanTheMachineIsRefusedFromItsHeader() throws {
    let study = try TinyStudy()
    // A model that does not fit whole runs layer by layer; here one layer is too much.
    try study.config("\"hidden_size\": 16", "\"hidden_size\": 32768")
    try study.config("\"intermediate_size\": 32", "\"intermediate_size\": 1048576")
    let config = FileBytes(try study.folder.bytes("model/config.json"), name: "config.json")
    let shape = try Architecture(config: JSON(parsing: config), file: "config.json")
    var end = 0
    let members = WeightSources(shape) { _ in false }.tensors.map { source in
      let bytes = 2 * source.shape.reduce(1, *)
      defer { end += bytes }
      return #""\#(source.tensor)":{"dtype":"F16","shape":\#(source.shape),"#
        + #""data_offsets":[\#(end),\#(end + bytes)]}"#
    }
    let start = TinyStudy.file(header: "{\(members.joined(separator: ","))}", data: [])
    try study.folder.write(start, to: "model/model.safetensors")
    // A hole of half a terabyte, which takes no room.
    let file = study.folder.path + "/model/model.safetensors"
    try #require(truncate(file, start.count + end) == 0, "the disk keeps no holes of this size")
    let build = try study.build()
    #expect(build.status == 4, "\(build.errors)")
    #expect(build.errors.contains("memory: expected at most"))
    // 2 · 32,768 · 1,048,576 weights of the MLP and 4 · 32,768² of attention, 2.5 times over, are
    // 730 GB; the file's pages of the tensor that is read, 69 GB, come on top.
    #expect(build.errors.contains(/found a need of about 80\d GB, layer by layer/))
  }
}
