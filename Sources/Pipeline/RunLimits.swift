import Diagnostics
import LanguageModel
import LinearAlgebra

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How much of the machine a run may take.
package struct RunLimits: Sendable {
  /// The limit in bytes; nil stands for the machine's free memory.
  package var memory: Int?
  /// The number of threads that run the model; nil stands for the number of cores. No result
  /// depends on it.
  package var threads: Int?

  package init(memory: Int? = nil, threads: Int? = nil) {
    self.memory = memory
    self.threads = threads
  }

  /// Decides, before the model is loaded, how much of it is kept in memory. Refuses a run that does
  /// not fit even layer by layer.
  ///
  /// - Parameter need: the bytes needed, estimated from the model's headers and the study's sizes.
  /// - Throws: `Diagnostic` of kind `.resources`.
  package func residency(of model: String, need: (Residency) -> Int) throws -> Residency {
    guard let limit = memory ?? FreeMemory.bytes else { return .whole }
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

/// The memory that a run can still use.
enum FreeMemory {
  /// The machine's free memory, or what the process's control group leaves, whichever is less; nil if
  /// the system does not tell.
  static var bytes: Int? {
    let kibibytes = number(after: "MemAvailable:", in: "/proc/meminfo")
    let free = kibibytes?.multipliedReportingOverflow(by: 1024).partialValue
    return [ControlGroup().memoryLeft, free].compactMap(\.self).min()
  }

  private static func number(after key: String, in file: String) -> Int? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    return line?.dropFirst(key.count).split(separator: " ").first.flatMap { Int($0) }
  }
}
