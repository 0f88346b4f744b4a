import Diagnostics
import Foundation
import Reporting
import Storage
import Testing

/// What a report's folder remembers of earlier publications.
final class HistoryTests {
  let root = NSTemporaryDirectory() + "reportgen-tests-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func publish(mean: Double, date: String? = "2025-09-17") throws -> [Diagnostic] {
    try SitePublisher(path: root, pages: try Sample.pages()).publish(
      try Sample.report(Sample.json(date: date, mean: mean)), provenance: "{}\n"
    ).faults
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  private func entries() throws -> [History.Entry] {
    try History(reading: FileBytes(reading: root + "/reports/sample/history.json")).entries
  }

  @Test func anEntryIsMadeWhenAKeyFigureChangesAndOnlyThen() throws {
    _ = try publish(mean: 1.8)
    let first = try text("reports/sample/index.html")
    #expect(!first.contains("class=\"history\""))
    _ = try publish(mean: 1.8, date: "2025-10-01")
    #expect(try entries().map(\.date) == ["2025-09-17"])
    _ = try publish(mean: 1.9, date: nil)
    #expect(try entries().map(\.date) == ["2025-09-17", nil])
    #expect(try entries().last?.figures.map(\.numbers).contains([1.9, -0.05]) == true)
    let page = try text("reports/sample/index.html")
    #expect(page.components(separatedBy: "class=\"history\"").count == 2)
    #expect(page.contains("Mean activation in 2 publications, from 1.80 / −0.050 to 1.90"))
    let files = try text("reports/sample/index.html") + text("reports/sample/history.json")
    _ = try publish(mean: 1.9, date: nil)
    #expect(try text("reports/sample/index.html") + text("reports/sample/history.json") == files)
  }

  @Test func fiftyEntriesAreKept() throws {
    var history = History()
    for step in 0..<60 {
      history = history.adding(try Sample.report(Sample.json(mean: 1 + Double(step) / 7)))
    }
    #expect(history.entries.count == 50)
    #expect(history.entries.last?.figures[2].value.hasPrefix("9.43") == true)
    let file = FileBytes(Array(try history.text.utf8), name: "history.json")
    let read = try History(reading: file)
    #expect(read.adding(try Sample.report(Sample.json(mean: 1 + 59.0 / 7))) == read)
  }

  @Test func aBrokenHistoryBeginsAnewAndIsTold() throws {
    _ = try publish(mean: 1.8)
    try "{".write(
      toFile: root + "/reports/sample/history.json", atomically: false, encoding: .utf8)
    #expect(try publish(mean: 1.8).map(\.kind) == [.data])
    #expect(try entries().count == 1)
  }
}
