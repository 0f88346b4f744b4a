import Fuzzing
import Passes
import Pipeline
import Reporting
import SiteRenderer
import Storage
import StudyFile
import Synchronization
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A study from its files to its published report, without the command.
struct StudyRunTests {
  /// Remembers what a run says.
  private final class Listener: RunObserver {
    let sentences = Mutex<[String]>([])
    let shares = Mutex<[Double]>([])
    let endings = Mutex(0)

    func announce(_ text: String) { sentences.withLock { $0.append(text) } }
    func update(_ progress: Sweep.Progress) { shares.withLock { $0.append(progress.share) } }
    func finish() { endings.withLock { $0 += 1 } }
  }

  private static func withStudy(_ body: (_ file: StudyFile, _ folder: String) throws -> Void) throws
  {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "run-\(UInt64.random(in: .min ... .max))").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try TinyStudy.write(model: TinyModel(), to: folder)
    try body(try StudyFile(reading: folder + "/study.yml"), folder)
  }

  @Test func threadsAndTheCacheChangeNoByte() throws {
    try Self.withStudy { file, folder in
      let environment = ["TMPDIR": folder]
      let cache = ContentCache(folder: folder + "/cache", program: "test") { _ in }
      func findings(_ threads: Int, _ cache: ContentCache?) throws -> StudyRun.Outcome {
        try StudyRun(
          file, limits: RunLimits(threads: threads), environment: environment, cache: cache
        ).outcome()
      }
      let alone = try findings(1, nil)
      let text = alone.findings.json.text
      #expect(try findings(3, nil).findings.json.text == text)
      #expect(try findings(2, cache).findings.json.text == text)
      let kept = try findings(2, cache)
      #expect(kept.findings.json.text == text)
      #expect(kept.operations.total == 0, "all of it was kept")
      #expect((kept.provenance.cached ?? []).count > (alone.provenance.cached ?? []).count)
    }
  }

  @Test func theEngineCountsWhatTheEstimateSaid() throws {
    try Self.withStudy { file, folder in
      let run = try StudyRun(file, environment: ["TMPDIR": folder])
      let estimate = run.estimate
      let outcome = try run.outcome()
      #expect(outcome.operations.total == estimate.operations.total)
      #expect(outcome.provenance.operations == estimate.operations.total)
    }
  }

  @Test func tellsHowFarItHasCome() throws {
    try Self.withStudy { file, folder in
      let listener = Listener()
      _ = try StudyRun(file, environment: ["TMPDIR": folder], progress: listener).outcome()
      let shares = listener.shares.withLock(\.self)
      #expect(shares == shares.sorted())
      #expect(shares.last == 1)
      #expect(listener.endings.withLock(\.self) == 1)
    }
  }

  @Test func refusesWhatDoesNotFitBeforeTheModelIsRead() throws {
    try Self.withStudy { file, folder in
      #expect {
        try StudyRun(file, limits: RunLimits(memory: 1000), environment: ["TMPDIR": folder])
      } throws: { error in
        "\(error)".contains("layer by layer") && "\(error)".contains("1.0 kB")
      }
    }
  }

  @Test func publishesOnceAndLeavesWhatStands() throws {
    try Self.withStudy { file, folder in
      let cache = ContentCache(folder: folder + "/cache", program: "test") { _ in }
      let publisher = SitePublisher(
        path: folder + "/Site", pages: PageBuilder(templates: try TemplateLibrary()), cache: cache)
      func publish() throws -> [String] {
        let listener = Listener()
        let run = try StudyRun(
          file, environment: ["TMPDIR": folder], cache: cache, progress: listener)
        _ = try run.publish(by: publisher)
        return listener.sentences.withLock(\.self)
      }
      let page = folder + "/Site/reports/tiny/index.html"
      #expect(try publish().isEmpty)
      let text = try Data(contentsOf: URL(filePath: page))
      #expect(try publish() == ["Nothing has changed since it was published."])
      #expect(try Data(contentsOf: URL(filePath: page)) == text)
      try FileManager.default.removeItem(atPath: page)
      #expect(try publish().isEmpty, "a page that is gone is made again")
      #expect(try Data(contentsOf: URL(filePath: page)) == text)
    }
  }
}
