import ArgumentParser
import Pipeline

/// The options that limit how much of the machine a command uses.
struct LimitArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse a study that needs more memory than this: 800M, 4G.",
      discussion: "The memory that the machine has free unless given.", valueName: "limit"))
  var memory: MemorySize?

  @Option(
    help: ArgumentHelp(
      "Threads that run the model; the machine's cores unless given. No number depends on it.",
      valueName: "count"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, found \(threads).")
    }
  }

  var limits: RunLimits { RunLimits(memory: memory?.bytes, threads: threads) }
}

/// A number of bytes, as `--memory` accepts it.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
  }

  /// Parses `800M`, `1.5G` or `2000000`; units are powers of 1000.
  init?(argument: String) {
    let units: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    let unit = argument.last.flatMap { units[$0] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard let number = Double(digits), case let bytes = number * (unit ?? 1), bytes >= 1,
      bytes < 1e18
    else { return nil }
    self.bytes = Int(bytes)
  }
}
