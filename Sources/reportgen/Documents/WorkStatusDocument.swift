import LinearAlgebra
import Pipeline

/// The output of `reportgen work status --json` and of `work plan --json`.
struct WorkStatusDocument: CommandDocument {
  static let command = "work"

  let format = 1
  let study: String
  let kind: String
  let numerics: NumericsProfile
  /// Whether every unit of every pass has left its parts.
  let isComplete: Bool
  let passes: [Pass]
  /// The operations a second at which parts have come, and the seconds that the rest takes at that rate;
  /// absent before two units are done.
  let rate: Double?
  let secondsLeft: Double?

  struct Pass: Encodable {
    let name: String
    let after: [String]
    let units: Int
    let done: Int
    /// The numbers of the units that are missing.
    let missing: [Int]
    let operations: Double
    let memoryBytes: Int

    enum CodingKeys: String, CodingKey {
      case name, after, units, done, missing, operations
      case memoryBytes = "memory_bytes"
    }
  }

  enum CodingKeys: String, CodingKey {
    case format, study, kind, numerics, passes, rate
    case isComplete = "complete"
    case secondsLeft = "seconds_left"
  }

  init(_ work: WorkFolder) {
    let manifest = work.manifest
    (study, kind, numerics) = (manifest.study, manifest.kind, manifest.numerics)
    let progress = work.progress()
    passes = zip(manifest.passes, progress).map { pass, progress in
      Pass(
        name: pass.name, after: pass.after, units: progress.units, done: progress.done,
        missing: progress.missing, operations: progress.operations, memoryBytes: pass.memory)
    }
    isComplete = progress.allSatisfy { $0.missing.isEmpty }
    let pace = work.pace(progress)
    (rate, secondsLeft) = (pace?.rate, pace?.secondsLeft)
  }
}

extension WorkStatusDocument: CustomStringConvertible {
  /// The state as a person reads it.
  var description: String {
    var lines = ["\(study): " + (isComplete ? "complete" : "not complete")]
    for pass in passes {
      let share = pass.units == 0 ? "nothing to do" : "\(pass.done) of \(pass.units)"
      let missing =
        pass.missing.isEmpty || pass.done == 0
        ? ""
        : "; missing " + pass.missing.prefix(8).map(String.init).joined(separator: ", ")
          + (pass.missing.count > 8 ? ", …" : "")
      lines.append("  \(pass.name.column(8))  \(share)\(missing)")
    }
    if let rate, let secondsLeft, !isComplete {
      lines.append(
        "  \(Quantity.operations(rate))/s so far, about \(Quantity.duration(secondsLeft)) left")
    }
    return lines.joined(separator: "\n")
  }
}
