import ArgumentParser
import Diagnostics
import Foundation

/// The process: signals, the command line, exit codes.
enum Program {
  static func run() -> Never {
    openStandardStreams()
    signal(SIGPIPE, SIG_IGN)
    // A file-size limit is an error of `write`, told as one.
    signal(SIGXFSZ, SIG_IGN)
    // Nothing half-written is ever visible, so there is nothing to undo: leave at once.
    signal(SIGINT) { _ in _exit(130) }
    signal(SIGTERM) { _ in _exit(143) }
    listenToSignals()
    // A memory-mapped file that another process cut short.
    signal(SIGBUS) { _ in
      let text: StaticString = """
        error: an input file: expected it to stay as it is while it is read, found it cut short
          Wait until it is written, then build again.

        """
      _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
      _exit(3)
    }
    do {
      let code = try runCommand()
      try StandardOutput.finish()
      exit(code)
    } catch let problem as Diagnostic {
      report(problem.message)
      exit(problem.kind.rawValue)
    } catch let problems as Diagnostics {
      report(problems.message)
      exit(problems.kind.rawValue)
    } catch {
      report("error: \(error)")
      exit(Diagnostic.Kind.resources.rawValue)
    }
  }

  /// Runs what the command line asks for, be it help.
  ///
  /// - Returns: the exit code of a command that has done its work.
  /// - Throws: `Diagnostic`.
  private static func runCommand() throws -> Int32 {
    do {
      var command = try ReportgenCommand.parseAsRoot()
      try command.run()
      return 0
    } catch let problem as Diagnostic {
      throw problem
    } catch let problems as Diagnostics {
      throw problems
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      let text = ReportgenCommand.fullMessage(for: error)
      if ReportgenCommand.exitCode(for: error) == .success {
        try StandardOutput.writeLine(text)
        return 0
      }
      // As every other message begins.
      report(text.hasPrefix("Error: ") ? "error: " + text.dropFirst(7) : text)
      return Diagnostic.Kind.study.rawValue
    }
  }

  /// Takes the numbers of streams that were closed: a file of the report must not get one of them,
  /// and progress be written into it.
  private static func openStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// A thread pool that starts this program hands its blocked signals down: nobody could stop it.
  private static func listenToSignals() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGBUS] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func report(_ message: String) {
    try? FileHandle.standardError.write(contentsOf: Data((message + "\n").utf8))
  }
}
