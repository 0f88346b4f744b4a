import ArgumentParser
import Diagnostics
import Foundation
import LanguageModel
import LinearAlgebra

/// How much of the machine a run may take.
struct RunLimits: ParsableArguments {
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

  /// Decides, before the model is loaded, how much of it is to be in memory, and refuses what would
  /// not fit layer by layer either.
  ///
  /// - Parameter need: bytes, estimated from the model's headers and the study's sizes.
  /// - Throws: `Diagnostic` of kind `.resources`.
  func residency(of model: String, need: (Residency) -> Int) throws -> Residency {
    guard let limit = memory?.bytes ?? MemorySize.available?.bytes else { return .whole }
    if need(.whole) <= limit { return .whole }
    let need = need(.layerwise)
    if need <= limit { return .layerwise }
    throw Diagnostic(
      .resources, file: model, field: "memory",
      expected: "at most \(Quantity.bytes(limit)), \(memory == nil ? "what is free" : "the limit")",
      found: "a need of about \(Quantity.bytes(need)), layer by layer",
      advice: "Use --threads 1, fewer or shorter documents, a smaller model, or a larger machine.")
  }
}

/// A number of bytes, as `--memory` takes it.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
  }

  /// `800M`, `1.5G`, `2000000`; units are powers of 1000.
  init?(argument: String) {
    let units: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
    let unit = argument.last.flatMap { units[$0] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard let number = Double(digits), case let bytes = number * (unit ?? 1), bytes >= 1,
      bytes < 1e18
    else { return nil }
    self.bytes = Int(bytes)
  }

  /// What the machine has free, or what its control group leaves; nil where the system does not
  /// tell.
  static var available: MemorySize? {
    let kibibytes = number(after: "MemAvailable:", in: "/proc/meminfo")
    let groups = [
      ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
      (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"
      ),
    ]
    let left = groups.compactMap { limit, used in
      number(after: "", in: limit).map { $0 - min($0, number(after: "", in: used) ?? 0) }
    }
    return (left + [kibibytes?.multipliedReportingOverflow(by: 1024).partialValue])
      .compactMap(\.self).min().map(MemorySize.init)
  }

  private static func number(after key: String, in file: String) -> Int? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    return line?.dropFirst(key.count).split(separator: " ").first.flatMap { Int($0) }
  }
}
