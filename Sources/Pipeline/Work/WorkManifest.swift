import Diagnostics
import JSON
import LinearAlgebra
import Storage

/// The plan of divided work, which stands in its folder as `manifest.json`: what the work is, on which
/// inputs, and the names of the parts that each unit leaves.
package struct WorkManifest: Sendable, Codable, Equatable {
  package static let name = "manifest.json"
  package static let format = "reportgen work 1"

  /// A file that the work reads.
  package struct Input: Sendable, Codable, Equatable {
    package var path: String
    package var sha256: String

    package init(path: String, sha256: String) {
      (self.path, self.sha256) = (path, sha256)
    }

    init(_ file: (name: String, sha256: String)) {
      self.init(path: file.name, sha256: file.sha256)
    }
  }

  /// Units that may all run at once, when the passes that they come after are complete.
  package struct Pass: Sendable, Codable, Equatable {
    package var name: String
    /// The passes that have to be complete before.
    package var after: [String]
    /// What a unit needs of memory, in bytes.
    package var memory: Int
    /// About how long a unit reads parts and writes findings, in seconds.
    package var files: Double
    package var units: [Unit]

    package init(
      name: String, after: [String], memory: Int, files: Double = 0, units: [Unit]
    ) {
      (self.name, self.after, self.memory) = (name, after, memory)
      (self.files, self.units) = (files, units)
    }

    package var operations: Double { units.reduce(0) { $0 + $1.operations } }

    /// About how long the longest unit takes, and all of them one after another, in seconds on two cores.
    package var seconds: (longest: Double, all: Double) {
      (
        files + (units.map(\.operations).max() ?? 0) / rate,
        files * Double(units.count) + operations / rate
      )
    }

    /// The minutes to ask an engine for: four times what the longest unit takes, and ten for a busy
    /// machine.
    package var minutes: Int { 10 + Int((4 * seconds.longest / 60).rounded(.up)) }
  }

  package struct Unit: Sendable, Codable, Equatable {
    /// The keys of the parts that it leaves.
    package var parts: [String]
    package var operations: Double

    package init(parts: [String], operations: Double) {
      (self.parts, self.operations) = (parts, operations)
    }
  }

  package var format = WorkManifest.format
  package var program = ProgramVersion.current
  /// The version of the numbers.
  package var results = ProgramVersion.results
  package var numerics: NumericsProfile
  /// `study` or `atlas`.
  package var kind: String
  /// The study or atlas as the user has named it, from the folder that the commands run in.
  package var study: String
  package var model: String?
  package var corpora: String?
  package var threads: Int?
  package var unitMinutes: Double
  package var inputs: [Input]
  package var passes: [Pass]

  enum CodingKeys: String, CodingKey {
    case format, program, results, numerics, kind, study, model, corpora, threads, inputs, passes
    case unitMinutes = "unit_minutes"
  }

  package init(
    numerics: NumericsProfile, kind: String, study: String, model: String?, corpora: String?,
    threads: Int?, unitMinutes: Double, inputs: [Input], passes: [Pass]
  ) {
    (self.numerics, self.kind, self.study) = (numerics, kind, study)
    (self.model, self.corpora, self.threads) = (model, corpora, threads)
    (self.unitMinutes, self.inputs, self.passes) = (unitMinutes, inputs, passes)
  }

  /// The operations per second that hours are estimated with: two cores of an ordinary machine.
  package static let rate = 1e11

  /// Whether it is the plan of the same work in the same units. What is only estimated, and the version of
  /// the program, do not count.
  package func isSame(as other: WorkManifest) -> Bool {
    var (own, other) = (self, other)
    (own.passes, other.passes) = (Self.bare(own.passes), Self.bare(other.passes))
    (other.program, other.threads) = (own.program, own.threads)
    return own == other
  }

  /// Checks that the files which the work reads are those of the plan.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the first which has changed since.
  func check(_ inputs: [Input]) throws {
    let now = Dictionary(inputs.map { ($0.path, $0.sha256) }) { first, _ in first }
    for input in self.inputs where now[input.path] != input.sha256 {
      throw Diagnostic(
        .data, file: input.path, field: "sha256",
        expected: "\(input.sha256.prefix(12))…, as when the work was planned",
        found: now[input.path].map { "\($0.prefix(12))…" } ?? "a study that does not name it",
        advice: "Restore the file, or plan the work again in another folder.")
    }
  }

  /// Passes without estimates.
  static func bare(_ passes: [Pass]) -> [Pass] {
    passes.map { pass in
      Pass(
        name: pass.name, after: pass.after, memory: 0,
        units: pass.units.map { Unit(parts: $0.parts, operations: 0) })
    }
  }

  /// The pass of a name.
  ///
  /// - Throws: `Diagnostic` of kind `.study` that lists the passes.
  package func pass(_ name: String) throws -> Pass {
    guard let pass = passes.first(where: { $0.name == name }) else {
      throw Diagnostic(
        .study, file: "PASS", expected: "one of \(passes.map(\.name).joined(separator: ", "))",
        found: name, advice: "`reportgen work status DIR --passes` lists the passes of the work.")
    }
    return pass
  }
}
