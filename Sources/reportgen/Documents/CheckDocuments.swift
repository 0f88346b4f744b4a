import Reporting

/// The output of `reportgen check --json`.
struct CheckDocument: CommandDocument {
  static let command = "check"

  let format = 1
  let holds: Bool
  let expectations: [Expectation]

  struct Expectation: Encodable {
    let figure: String
    let expected: String
    let value: Double?
    /// The reason why there is no value; absent if there is one.
    let problem: String?
    let holds: Bool
  }

  init(_ checks: [CheckResult]) {
    holds = checks.allSatisfy(\.holds)
    expectations = checks.map {
      Expectation(
        figure: $0.figure, expected: $0.expected, value: $0.value, problem: $0.problem,
        holds: $0.holds)
    }
  }
}

/// The output of `reportgen verify --json`.
struct VerifyDocument: CommandDocument {
  static let command = "verify"

  let format = 1
  /// The number of files whose checksums the report holds.
  let files: Int
  let faults: [Fault]
  /// The comparison with a new run; absent without `--rerun`.
  let rerun: Rerun?

  struct Fault: Encodable {
    let path: String
    let kind: String
  }

  struct Rerun: Encodable {
    let numbers: Int
    let largest: Double
    let differences: [Difference]
  }

  struct Difference: Encodable {
    let address: String
    let published: String
    let rerun: String
  }

  init(_ integrity: ReportIntegrity, rerun: FindingsComparison? = nil) {
    files = integrity.files
    faults = integrity.faults.map { Fault(path: $0.path, kind: $0.kind.rawValue) }
    self.rerun = rerun.map { comparison in
      Rerun(
        numbers: comparison.numbers, largest: comparison.largest,
        differences: comparison.faults.map {
          Difference(address: $0.address, published: $0.expected, rerun: $0.found)
        })
    }
  }
}
