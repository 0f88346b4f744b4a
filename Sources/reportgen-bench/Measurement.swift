import Foundation
import LinearAlgebra
import Synchronization

/// One line of the benchmark's table.
struct Measurement {
  var name: String
  /// The number of operations, elements or bytes that took `seconds`.
  var amount: Double
  var unit: String
  var seconds: Double
  /// The upper bound of the rate, in `unit` per second, and the name of that bound.
  var bound: Double?
  var boundName = ""
  /// The largest |found − exact| / (1 + |exact|); nil if it is not measured.
  var error: Double?

  var rate: Double { amount / seconds }
  var share: Double? { bound.map { rate / $0 } }
}

extension Measurement {
  /// Forgets the largest resident size so far, where the system lets a process do so (Linux).
  static func resetPeak() {
    try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
  }

  /// The largest resident size of this process so far, or since `resetPeak`.
  static var peakBytes: Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #endif
  }
}

/// Times work that runs on every core at once, as in a sweep.
enum Stopwatch {
  /// The seconds for one call of `body` on each core: the best of several rounds of about `target`
  /// seconds. Making the scratch and a first call that warms it up are not timed.
  static func seconds<Scratch>(
    cores: Int = ParallelLoop.cores, target: Double = 0.15, rounds: Int = 5,
    scratch: @escaping @Sendable () -> Scratch, body: @escaping @Sendable (inout Scratch) -> Void
  ) -> Double {
    let repeats = repeats(for: target / 2, cores: cores, scratch: scratch, body: body)
    return (0..<rounds).map { _ in
      round(of: repeats, cores: cores, scratch: scratch, body: body)
    }.min().map { $0 / Double(repeats) } ?? 0
  }

  /// The seconds for one call of `body` on each core, as a mean over a run of about `target` seconds.
  static func sustainedSeconds<Scratch>(
    cores: Int, target: Double = 3,
    scratch: @escaping @Sendable () -> Scratch, body: @escaping @Sendable (inout Scratch) -> Void
  ) -> Double {
    let tried = repeats(for: 0.1, cores: cores, scratch: scratch, body: body)
    let trial = round(of: tried, cores: cores, scratch: scratch, body: body)
    let repeats = max(1, Int(Double(tried) * target / trial))
    return round(of: repeats, cores: cores, scratch: scratch, body: body) / Double(repeats)
  }

  /// How many calls of `body` take at least `target` seconds, as a power of two.
  private static func repeats<Scratch>(
    for target: Double, cores: Int, scratch: @escaping @Sendable () -> Scratch,
    body: @escaping @Sendable (inout Scratch) -> Void
  ) -> Int {
    var repeats = 1
    while repeats < 1 << 20,
      round(of: repeats, cores: cores, scratch: scratch, body: body) < target
    {
      repeats *= 2
    }
    return repeats
  }

  /// The seconds that the slowest core takes for so many calls.
  private static func round<Scratch>(
    of repeats: Int, cores: Int, scratch: @escaping @Sendable () -> Scratch,
    body: @escaping @Sendable (inout Scratch) -> Void
  ) -> Double {
    let clock = ContinuousClock()
    let slowest = Mutex(Duration.zero)
    ParallelLoop.forEach(cores, workers: cores) { _ in
      var own = scratch()
      body(&own)
      let start = clock.now
      for _ in 0..<repeats { body(&own) }
      let taken = clock.now - start
      slowest.withLock { $0 = max($0, taken) }
    }
    return slowest.withLock { $0 } / .seconds(1)
  }
}
