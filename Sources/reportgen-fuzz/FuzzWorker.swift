import Foundation
import Fuzzing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs cases one after the other and writes a line before and after each. If the process dies, its
/// reader knows which case was running.
///
/// The lines are `> 17` and `< 17 SECONDS KILOBYTES KIND\tOUTCOME\tFAULT`.
struct FuzzWorker {
  let numbers: [Int]
  let caseSeconds: Int

  /// The limit of the process's address space in bytes, so that a case cannot exhaust the machine.
  private static let addressSpace: UInt64 = 6 << 30

  func run(_ fuzzer: Fuzzer) throws {
    // The signal mask is inherited from the thread that started this process, and may block SIGALRM
    // and SIGTERM.
    var none = sigset_t()
    sigemptyset(&none)
    sigprocmask(SIG_SETMASK, &none, nil)
    #if os(Linux)
      var limit = rlimit(rlim_cur: rlim_t(Self.addressSpace), rlim_max: rlim_t(Self.addressSpace))
      // The address sanitizer needs all of the address space for its shadow memory.
      if getenv("ASAN_OPTIONS") == nil {
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      }
    #endif
    for number in numbers {
      write("> \(number)\n")
      // SIGALRM ends a case that hangs. The limit is generous because the machine may be busy.
      alarm(UInt32(10 * caseSeconds))
      let memory = PeakMemory()
      let start = clock()
      let outcome = fuzzer.run(number)
      let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      alarm(0)
      let fault = (outcome.fault ?? "").split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
      write(
        "< \(number) \(seconds) \(memory.kilobytes) \(outcome.kind.rawValue)"
          + "\t\(outcome.text)\t\(fault)\n")
    }
  }

  private func write(_ line: String) {
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}

/// Measures how far the memory of the process rises above its start.
struct PeakMemory {
  private let before: Int

  init() {
    // Writing 5 sets the high-water mark back to the memory in use (proc(5), clear_refs).
    if let file = fopen("/proc/self/clear_refs", "w") {
      fputs("5", file)
      fclose(file)
    }
    before = Self.highWater
  }

  var kilobytes: Int { max(0, Self.highWater - before) }

  private static var highWater: Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      if text.hasPrefix("VmHWM:") {
        return text.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
      }
    }
    return 0
  }
}
