import Foundation
import Testing

/// `reportgen`, run as its users run it.
struct CommandRun {
  /// The exit code, or 128 + the signal that ended it.
  let status: Int32
  let output: String
  let errors: String

  /// The program beside the test bundle.
  static let program: String = {
    let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") }
    return URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "reportgen").path
  }()

  /// Runs the program in `folder` to its end; a shell sets limits up where `shell` says so.
  ///
  /// - Parameter shell: a command line that ends by running `"$@"`, such as
  ///   `ulimit -f 8; exec "$@"`.
  init(
    _ arguments: [String], in folder: String, environment: [String: String] = [:],
    shell: String? = nil, seconds: Double = 60
  ) throws {
    let running = try RunningCommand(
      arguments, in: folder, environment: environment, shell: shell)
    try running.wait(seconds: seconds)
    self = running.result
  }

  fileprivate init(status: Int32, output: String, errors: String) {
    self.status = status
    self.output = output
    self.errors = errors
  }
}

/// A run that has not ended yet.
final class RunningCommand {
  private let process = Process()
  private let folder: ScratchFolder

  init(
    _ arguments: [String], in folder: String, environment: [String: String] = [:],
    shell: String? = nil
  ) throws {
    self.folder = try ScratchFolder()
    let command = [CommandRun.program] + arguments
    process.executableURL = URL(filePath: shell == nil ? command[0] : "/bin/sh")
    process.arguments =
      shell.map { ["-c", $0, "sh"] + command } ?? Array(command.dropFirst())
    process.currentDirectoryURL = URL(filePath: folder)
    // Nobody's cache but this run's own, unless the test names one.
    let own = ["TMPDIR": self.folder.path, "XDG_CACHE_HOME": self.folder.path + "/cache"]
    process.environment = ProcessInfo.processInfo.environment
      .filter { !["SOURCE_DATE_EPOCH", "HF_HUB_CACHE", "HF_HOME"].contains($0.key) }
      .merging(own, uniquingKeysWith: { $1 })
      .merging(environment, uniquingKeysWith: { $1 })
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nothing to drain, and nothing to wait for.
    process.standardOutput = try stream("output")
    process.standardError = try stream("errors")
    try process.run()
  }

  private func stream(_ name: String) throws -> FileHandle {
    try folder.write("", to: name)
    return try FileHandle(forWritingTo: URL(filePath: folder.path + "/" + name))
  }

  var isRunning: Bool { process.isRunning }
  var errors: String { folder.text("errors") }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until it ends, and ends it when it takes too long.
  func wait(seconds: Double = 60) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while process.isRunning {
      if ContinuousClock.now > deadline {
        send(SIGKILL)
        Issue.record("no end after \(seconds) s")
        process.waitUntilExit()
        return
      }
      usleep(500)
    }
  }

  var result: CommandRun {
    let signalled = process.terminationReason == .uncaughtSignal
    return CommandRun(
      status: process.terminationStatus + (signalled ? 128 : 0), output: folder.text("output"),
      errors: folder.text("errors"))
  }

  /// Temporary files that the run has left.
  var leftovers: [String] {
    folder.names.filter { !["output", "errors"].contains($0) && !$0.hasPrefix("cache") }
  }
}
