import Foundation
import Testing

/// A build that is killed at any moment costs nothing: the report is wholly the old or wholly the
/// new one, and the next build leaves exactly what a clean one would.
struct KillTests {
  private static let points = 40

  @Test func aKilledBuildCostsNothing() throws {
    let study = try TinyStudy()
    let titles = ["A tiny study", "Another tiny study"]
    var clean: [[String: String]] = []
    var reports: [[String: String]] = []
    var slowest = 0.0
    for (index, title) in titles.enumerated() {
      try Self.retitle(study, title)
      let start = ContinuousClock.now
      #expect(try study.build(["--site", "clean\(index)"]).status == 0)
      slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
      clean.append(try study.folder.contents(of: "clean\(index)"))
      reports.append(try study.folder.contents(of: "clean\(index)/reports/tiny"))
    }
    try Self.retitle(study, titles[0])
    #expect(try study.build().status == 0)
    var killed = 0
    for point in 0..<Self.points {
      let (old, new) = (point % 2, 1 - point % 2)
      try Self.retitle(study, titles[new])
      let build = try study.start(["build", "study.yml"])
      usleep(UInt32(slowest * 1.1e6 * Double(point) / Double(Self.points)))
      build.send(SIGKILL)
      try build.wait()
      if build.result.status == 128 + SIGKILL { killed += 1 }
      #expect(build.leftovers.isEmpty)
      let report = try study.folder.contents(of: TinyStudy.report)
      #expect(report == reports[old] || report == reports[new], "point \(point): a mixture")
      let next = try study.build()
      #expect(next.status == 0, "point \(point): \(next.errors)")
      #expect(try study.folder.contents(of: "Site") == clean[new], "point \(point)")
      let hidden = study.folder.names(in: "Site").filter { $0.contains(".reportgen") }
      #expect(hidden.isEmpty, "point \(point)")
    }
    // The points reach from the start to about the end.
    #expect(killed >= Self.points / 4)
  }

  private static func retitle(_ study: TinyStudy, _ title: String) throws {
    let text = study.folder.text("study.yml").split(separator: "\n").map {
      $0.hasPrefix("title:") ? "title: \(title)" : String($0)
    }
    try study.folder.write(text.joined(separator: "\n") + "\n", to: "study.yml")
  }
}
