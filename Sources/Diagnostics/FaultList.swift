/// Collects all faults, so that a person can correct them in one go.
package struct FaultList {
  private(set) var all: [Diagnostic] = []

  package init() {}

  /// Returns the result of `body`, or nil if it throws; its error is kept.
  package mutating func attempt<R>(_ body: () throws -> R) -> R? {
    do {
      return try body()
    } catch {
      add(error)
      return nil
    }
  }

  package mutating func add(_ error: any Error) {
    switch error {
    case let fault as Diagnostic: add(fault)
    case let faults as Diagnostics: for fault in faults.all { add(fault) }
    default:
      add(
        Diagnostic(
          .resources, file: "reportgen", expected: "to go on", found: "\(error)",
          advice: "Try again."))
    }
  }

  /// Adds a fault, unless the same one has been added already.
  package mutating func add(_ fault: Diagnostic) {
    if !all.contains(fault) { all.append(fault) }
  }

  /// - Throws: the only fault, or `Diagnostics` if there are several.
  package func check() throws {
    guard let first = all.first else { return }
    if all.count == 1 { throw first }
    throw Diagnostics(all: all)
  }
}

/// Several faults at once. A fault of the study file decides the exit code before any other.
package struct Diagnostics: Error, Sendable, Equatable {
  /// The faults, at least two, in the order in which they were found.
  package let all: [Diagnostic]

  package var kind: Diagnostic.Kind { all.map(\.kind).min { $0.rawValue < $1.rawValue } ?? .study }

  package var message: String { all.map(\.message).joined(separator: "\n") }
}
