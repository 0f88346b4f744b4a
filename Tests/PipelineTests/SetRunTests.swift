import Foundation
import Fuzzing
import Pipeline
import Storage
import StudyFile
import Testing

/// A study of a set from its files to its findings, without the command.
struct SetRunTests {
  private static func withStudy(
    _ more: String = "", _ body: (_ file: StudyFile, _ folder: String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "run-\(UInt64.random(in: .min ... .max))").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try TinyStudy.write(
      ["study.yml": Array((TinyStudy.setYAML + more).utf8)], model: TinyModel(), to: folder)
    try body(try StudyFile(reading: folder + "/study.yml"), folder)
  }

  @Test(arguments: [
    "", "\nablation: {value: resample}", "\nablation: {value: own-mean}",
    "\nablation: {value: 0.5}",
  ]) func theEngineCountsWhatTheEstimateSaid(more: String) throws {
    try Self.withStudy(more) { file, folder in
      let run = try StudyRun(file, environment: ["TMPDIR": folder])
      let estimate = run.estimate
      let outcome = try run.outcome()
      #expect(outcome.operations.total == estimate.operations.total)
      #expect(outcome.provenance.operations == estimate.operations.total)
    }
  }

  @Test func threadsAndTheCacheChangeNoByte() throws {
    try Self.withStudy { file, folder in
      let cache = ContentCache(folder: folder + "/cache", program: "test") { _ in }
      func findings(_ threads: Int, _ cache: ContentCache?) throws -> StudyRun.Outcome {
        try StudyRun(
          file, limits: RunLimits(threads: threads), environment: ["TMPDIR": folder], cache: cache
        ).outcome()
      }
      let text = try findings(1, nil).findings.json.text
      #expect(try findings(3, nil).findings.json.text == text)
      #expect(try findings(2, cache).findings.json.text == text)
      let kept = try findings(2, cache)
      #expect(kept.findings.json.text == text)
      #expect(kept.operations.total == 0, "all of it was kept")
    }
  }

  @Test func theOrderOfTheNeuronsIsThatOfTheCurveAlone() throws {
    func losses(_ neurons: String) throws -> [Double?] {
      var found: [Double?] = []
      try Self.withStudy { file, folder in
        var file = file
        file.neurons = NeuronSet(
          neurons.split(separator: " ").compactMap { NeuronAddress(String($0)) })
        let json = try StudyRun(file, environment: ["TMPDIR": folder]).outcome().findings.json
        let ablation = json["findings"]?["set_ablation"]
        found = [
          ablation?["corpora"]?["Dutch"]?["together"]?["change"]?["value"]?.double,
          ablation?["curve"]?.array?.first?["change"]?["value"]?.double,
        ]
      }
      return found
    }
    let one = try losses("L0N3 L1N5 L2N9")
    let other = try losses("L2N9 L1N5 L0N3")
    #expect(one[0] != nil && one[1] != nil)
    // Sums of float32 in another order.
    #expect(abs((one[0] ?? 0) - (other[0] ?? 1)) < 1e-6)
    #expect(one[1] != other[1])
  }
}
