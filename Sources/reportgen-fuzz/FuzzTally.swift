import Foundation
import Fuzzing
import Synchronization

/// Counts the outcomes of all cases.
struct FuzzTally: Sendable {
  struct Worst: Sendable {
    var value = 0.0
    var number = 0

    mutating func note(_ value: Double, _ number: Int) {
      if value > self.value { self = Worst(value: value, number: number) }
    }
  }

  struct Row: Sendable {
    var cases = 0
    var well = 0
    var outcomes: Set<String> = []
    var seconds = Worst()
    var kilobytes = Worst()
  }

  /// The limits of a case: processor seconds, and the memory it may add to its process.
  let bound: (seconds: Double, megabytes: Int)
  private let start = ContinuousClock.now
  private var rows: [FuzzKind: Row] = [:]
  /// The reason of each failure, keyed by the number of the case.
  private(set) var failures: [Int: String] = [:]

  init(seconds: Double, megabytes: Int) { bound = (seconds, megabytes) }

  mutating func ended(_ number: Int, _ outcome: FuzzOutcome, seconds: Double, kilobytes: Int) {
    var row = rows[outcome.kind, default: Row()]
    row.cases += 1
    row.well += outcome.text == "ok" ? 1 : 0
    row.outcomes.insert(outcome.text)
    row.seconds.note(seconds, number)
    row.kilobytes.note(Double(kilobytes), number)
    rows[outcome.kind] = row
    if let fault = outcome.fault { fail(number, fault) }
    if seconds > bound.seconds { fail(number, "\(seconds) s") }
    if kilobytes > bound.megabytes * 1024 { fail(number, "\(kilobytes / 1024) MB") }
  }

  mutating func died(_ number: Int, signal: Int32) {
    rows[FuzzKind(of: number), default: Row()].cases += 1
    fail(number, signal == SIGALRM ? "hangs" : "died of signal \(signal)")
  }

  private mutating func fail(_ number: Int, _ reason: String) {
    failures[number] = reason
    FileHandle.standardError.write(Data((Self.failure(number, reason) + "\n").utf8))
  }

  private static func failure(_ number: Int, _ reason: String) -> String {
    "case \(number), \(FuzzKind(of: number).rawValue): \(reason)"
  }

  /// A table of all cases and a list of the failures, for a terminal.
  var text: String {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let cases = rows.values.reduce(0) { $0 + $1.cases }
    let outcomes = rows.values.reduce(0) { $0 + $1.outcomes.count }
    var lines = [
      "\(cases) cases in \(Int(seconds)) s, \(outcomes) distinct outcomes, "
        + "\(failures.count) failures", "",
      Self.line("kind", "cases", "well", "outcomes", "worst s", "case", "worst MB", "case"),
    ]
    for kind in FuzzKind.allCases {
      guard let row = rows[kind] else { continue }
      lines.append(
        Self.line(
          kind.rawValue, "\(row.cases)", "\(row.well)", "\(row.outcomes.count)",
          String(format: "%.3f", row.seconds.value), "\(row.seconds.number)",
          String(format: "%.1f", row.kilobytes.value / 1024), "\(row.kilobytes.number)"))
    }
    let failed = failures.sorted { $0.key < $1.key }.map { Self.failure($0.key, $0.value) }
    return (lines + (failed.isEmpty ? [] : [""] + failed)).joined(separator: "\n")
  }

  private static func line(_ cells: String...) -> String {
    cells.enumerated().map { index, cell in
      let room = String(repeating: " ", count: max(0, (index == 0 ? 12 : 10) - cell.count))
      return index == 0 ? cell + room : room + cell
    }.joined()
  }
}

/// A tally that several workers add to.
final class SharedTally: Sendable {
  private let tally: Mutex<FuzzTally>

  init(_ tally: FuzzTally) { self.tally = Mutex(tally) }

  func ended(_ number: Int, _ outcome: FuzzOutcome, seconds: Double, kilobytes: Int) {
    tally.withLock { $0.ended(number, outcome, seconds: seconds, kilobytes: kilobytes) }
  }

  func died(_ number: Int, signal: Int32) { tally.withLock { $0.died(number, signal: signal) } }

  func finished() -> FuzzTally { tally.withLock { $0 } }
}
