import ArgumentParser
import Foundation
import Fuzzing

@main
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reportgen-fuzz",
    abstract: "Runs damaged models, studies, corpora and findings through the readers.",
    discussion: """
      Every case must end well or with a diagnostic, within its bounds of time and memory; the exit \
      code is 1 when one does not. A case is known by its number and the seed.
      """)

  @Option(help: "How many cases to run.")
  var cases = 100_000

  @Option(help: "The seed of all cases.")
  var seed: UInt64 = 1

  @Option(help: "The number of the first case.")
  var first = 0

  @Option(help: "Stop after this many seconds.")
  var seconds = Double.infinity

  @Option(help: "Only cases that damage this.")
  var only: FuzzKind?

  @Option(
    name: .customLong("case"), help: "Run this one case in this process, and say how it ends.")
  var single: Int?

  @Option(help: "Processes at once.")
  var workers = 2

  @Option(help: "Processor seconds that a case may take.")
  var caseSeconds = 10

  @Option(help: "Megabytes that a case may add to the process.")
  var caseMegabytes = 256

  /// The distance between a worker's case numbers: it runs `first`, `first + stride`, …
  @Option(help: .hidden)
  var stride: Int?

  func run() throws {
    let folder = NSTemporaryDirectory() + "reportgen-fuzz-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if let single {
      let outcome = try Fuzzer(seed: seed, folder: folder).run(single)
      print("case \(single), \(outcome.kind.rawValue): \(outcome.fault ?? outcome.text)")
      if outcome.fault != nil { throw ExitCode(1) }
    } else if let stride {
      try FuzzWorker(
        numbers: numbers(from: first, stride), caseSeconds: caseSeconds
      ).run(Fuzzer(seed: seed, folder: folder))
    } else {
      let tally = try runWorkers()
      print(tally.text)
      if !tally.failures.isEmpty { throw ExitCode(1) }
    }
  }

  /// The case numbers of a worker.
  private func numbers(from start: Int, _ stride: Int) -> [Int] {
    Swift.stride(from: start, to: first + cases, by: stride).filter {
      only == nil || FuzzKind(of: $0) == only
    }
  }

  private func runWorkers() throws -> FuzzTally {
    let tally = SharedTally(FuzzTally(seconds: Double(caseSeconds), megabytes: caseMegabytes))
    let deadline = Date(timeIntervalSinceNow: min(seconds, 1e9))
    let lanes = max(1, workers)
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
      var start: Int? = first + lane
      while let from = start, Date() < deadline {
        let worker = WorkerProcess(arguments: arguments(from: from, lanes), deadline: deadline)
        start = worker.run(tally).map { $0 + lanes }
      }
    }
    return tally.finished()
  }

  private func arguments(from start: Int, _ stride: Int) -> [String] {
    [
      "--seed", "\(seed)", "--first", "\(start)", "--cases", "\(first + cases - start)", "--stride",
      "\(stride)", "--case-seconds", "\(caseSeconds)",
    ] + (only.map { ["--only", $0.rawValue] } ?? [])
  }
}

extension FuzzKind: ExpressibleByArgument {}
