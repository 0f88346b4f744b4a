import Storage

/// One of several processes' shares of a list of units.
package struct WorkShare: Sendable, Hashable {
  /// From 0 on.
  package let index: Int
  package let count: Int

  package init(_ index: Int, of count: Int) {
    (self.index, self.count) = (index, count)
  }

  /// The share's range of a list; all shares together are the list.
  package func range(of length: Int) -> Range<Int> {
    index * length / count..<(index + 1) * length / count
  }
}

/// Outcomes of runs, by what each run is, that processes leave one another.
package struct SharedOutcomes: Sendable, Codable {
  private var outcomes: [String: PackOutcome] = [:]

  package init() {}

  init(_ runs: [(PassLedger.PackRun, PackOutcome)]) {
    outcomes = Dictionary(runs.map { ($0.content, $1) }) { first, _ in first }
  }

  package var isEmpty: Bool { outcomes.isEmpty }

  package mutating func formUnion(_ other: Self) {
    outcomes.merge(other.outcomes) { $0.merging($1) { $1 } }
  }

  subscript(_ run: PassLedger.PackRun) -> PackOutcome? { outcomes[run.content] }
}

extension PassLedger.PackRun {
  /// A checksum of everything besides the model that the run's outcome depends on.
  fileprivate var content: String {
    guard let intervention else { return pack.digest }
    return Checksum.sha256(
      of: ([pack.digest, intervention.content] + beside.map(\.content)).joined(separator: "\n"))
  }
}

extension EditedUnit {
  /// The unit's runs, as the ledger knows them.
  var packRuns: [PassLedger.PackRun] {
    let beside = runs.count > 1 ? Array(interventions) : []
    return interventions.map {
      PassLedger.PackRun(pack: pack, intervention: $0, beside: beside)
    }
  }
}

extension CleanUnit {
  /// The unit without what only the process that runs it can use; nil if nothing is left.
  var shared: CleanUnit? {
    var unit = self
    unit.readings = unit.readings.filter {
      switch $0 {
      case .residual, .post: false
      default: true
      }
    }
    return unit.readings.isEmpty && unit.gathered.isEmpty ? nil : unit
  }
}

extension Wave {
  /// All runs, as the ledger knows them.
  var runs: [PassLedger.PackRun] {
    clean.map { .clean($0.pack) } + edited.flatMap(\.packRuns)
  }
}
