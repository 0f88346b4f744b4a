import Foundation
import Fuzzing

/// One worker: runs this program as a child process, reads its lines and records its death.
struct WorkerProcess {
  let arguments: [String]
  let deadline: Date

  /// Runs until the worker ends.
  ///
  /// - Returns: the case during which the worker died; nil if it finished.
  func run(_ tally: SharedTally) -> Int? {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
    process.arguments = arguments
    // Backtraces take long to make, and nobody reads them.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"]) { own, _ in own }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    var open: Int?
    var rest = Data()
    while case let data = output.fileHandleForReading.availableData, !data.isEmpty {
      rest += data
      while let end = rest.firstIndex(of: 0x0A) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        open = read(line, open, tally)
      }
      if Date() > deadline { process.terminate() }
    }
    process.waitUntilExit()
    guard process.terminationReason == .uncaughtSignal || process.terminationStatus != 0,
      Date() < deadline, let number = open
    else { return nil }
    tally.died(number, signal: process.terminationStatus)
    return number
  }

  /// - Returns: the case that is running after this line; nil if there is none.
  private func read(_ line: String, _ open: Int?, _ tally: SharedTally) -> Int? {
    if line.hasPrefix("> ") { return Int(line.dropFirst(2)) }
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
    let head = (parts.first ?? "").split(separator: " ")
    guard parts.count == 3, head.count == 5, head[0] == "<", let number = Int(head[1]),
      let seconds = Double(head[2]), let kilobytes = Int(head[3]),
      let kind = FuzzKind(rawValue: String(head[4]))
    else { return open }
    let outcome = FuzzOutcome(
      kind: kind, text: String(parts[1]), fault: parts[2].isEmpty ? nil : String(parts[2]))
    tally.ended(number, outcome, seconds: seconds, kilobytes: kilobytes)
    return nil
  }
}
