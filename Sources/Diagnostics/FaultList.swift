/// Everything that is wrong, so that a person mends all of it at once.
package struct FaultList {
  private(set) var all: [Diagnostic] = []

  package init() {}

  /// What `body` gives; nil where it found something wrong, which is kept.
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

  /// A fault that was told before is not told again.
  package mutating func add(_ fault: Diagnostic) {
    if !all.contains(fault) { all.append(fault) }
  }

  /// - Throws: the fault, or `Diagnostics` of several.
  package func check() throws {
    guard let first = all.first else { return }
    if all.count == 1 { throw first }
    throw Diagnostics(all: all)
  }
}

/// Several faults at once; the exit code is that of the gravest mistake of the author, the study's.
package struct Diagnostics: Error, Sendable, Equatable {
  /// At least two, in the order in which they were found.
  package let all: [Diagnostic]

  package var kind: Diagnostic.Kind { all.map(\.kind).min { $0.rawValue < $1.rawValue } ?? .study }

  package var message: String { all.map(\.message).joined(separator: "\n") }
}
