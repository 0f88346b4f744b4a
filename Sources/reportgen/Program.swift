import ArgumentParser
import Diagnostics
import LinearAlgebra

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process: its signals, its command line and its exit codes.
enum Program {
  static func run() -> Never {
    openStandardStreams()
    signal(SIGPIPE, SIG_IGN)
    // With the signal ignored, a file-size limit becomes an error of `write`, which is reported.
    signal(SIGXFSZ, SIG_IGN)
    // A half-written file is never visible, so nothing has to be undone and the process can exit at
    // once.
    signal(SIGINT) { _ in _exit(130) }
    signal(SIGTERM) { _ in _exit(143) }
    listenToSignals()
    // SIGBUS arrives when another process cuts a memory-mapped file short.
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
      Messages.error(problem)
      exit(problem.kind.rawValue)
    } catch let problems as Diagnostics {
      problems.all.forEach(Messages.error)
      exit(problems.kind.rawValue)
    } catch {
      Messages.error(
        Diagnostic(
          .resources, file: "reportgen", expected: "to go on", found: "\(error)",
          advice: "Try again."))
      exit(Diagnostic.Kind.resources.rawValue)
    }
  }

  /// Runs the command of the command line, or prints its help.
  ///
  /// - Returns: the exit code of the command.
  /// - Throws: `Diagnostic`.
  private static func runCommand() throws -> Int32 {
    // Swift reads the command line from /proc; a chroot may have none.
    guard !CommandLine.arguments.isEmpty else {
      throw Diagnostic(
        .resources, file: "/proc/self/cmdline", expected: "the command line of this process",
        found: "nothing",
        advice: "Mount /proc in this chroot or container: mount -t proc proc /proc")
    }
    do {
      var command = try ReportgenCommand.parseAsRoot()
      try NumericsProfile.check(ProcessInfo.processInfo.environment)
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
      // Every other message begins with a lower-case `error:` too.
      Messages.usage(text.hasPrefix("Error: ") ? "error: " + text.dropFirst(7) : text)
      return Diagnostic.Kind.study.rawValue
    }
  }

  /// Opens closed standard streams on /dev/null. Otherwise a file of the report could get the
  /// number of standard error, and progress would be written into it.
  private static func openStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Unblocks the signals that end the program. A parent's thread pool may have passed them on
  /// blocked, and then nobody could stop it.
  private static func listenToSignals() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGBUS] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
