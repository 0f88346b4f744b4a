import JSON
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a report was made. It is the only file of a report that may differ between two builds.
package struct Provenance: Sendable, Codable, Equatable {
  package static let name = "provenance.json"

  package struct File: Sendable, Codable, Equatable {
    package var path: String
    package var sha256: String

    package init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  /// A part of the build with its duration in seconds.
  package struct Phase: Sendable, Codable, Equatable {
    package var name: String
    package var seconds: Double
    /// The floating-point operations of the model's matrix products in this phase, if they were
    /// counted.
    package var operations: Double?

    package init(name: String, seconds: Double, operations: Double? = nil) {
      self.name = name
      self.seconds = seconds
      self.operations = operations
    }
  }

  /// The system as `uname` describes it, without the machine's name and the builder of its kernel.
  package struct Machine: Sendable, Codable, Equatable {
    package var system: String
    package var release: String
    package var architecture: String

    package init(system: String, release: String, architecture: String) {
      self.system = system
      self.release = release
      self.architecture = architecture
    }

    /// The machine that runs this program.
    package static var current: Machine {
      var name = utsname()
      guard uname(&name) == 0 else { return Machine(system: "", release: "", architecture: "") }
      return Machine(
        system: text(name.sysname),
        release: String(text(name.release).prefix { $0.isNumber || $0 == "." }),
        architecture: text(name.machine))
    }

    private static func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
  }

  /// The version of the program.
  package var version: String
  package var study: File
  /// The name of the model; below, its revision if it comes from the hub, and its files.
  package var model: String
  package var revision: String?
  package var modelFiles: [File]
  package var tokenizer: String
  package var corpora: [File]
  /// The library for matrix products, and the kernel that it uses.
  package var blas: String
  /// The instruction set of the program's own kernels.
  package var kernels: String
  package var threads: Int
  package var machine: Machine
  /// The time when the build began, in ISO 8601 and UTC.
  package var started: String
  package var phases: [Phase]
  package var seeds: [Int]
  /// The floating-point operations that the study needs; a multiply-add counts as two.
  package var operations: Double
  /// The ids of findings that an earlier build had computed from the same program, model, text and
  /// settings.
  package var cached: [String]?
  package var notes: [String]
  /// All other files of the report with their checksums; added when the report is published.
  package var reportFiles: [File]?

  /// Reads a published file.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(reading path: String) throws {
    self = try JSON.decode(Provenance.self, from: FileBytes(reading: path))
  }

  /// The first digits of the checksum of the model's file, or of its files' checksums together,
  /// wherever the files lie.
  package var modelChecksum: String? {
    let sums = modelFiles.map(\.sha256).sorted()
    guard sums.count > 1 else { return sums.first.map { String($0.prefix(12)) } }
    return "\(Checksum.sha256(of: sums.joined(separator: "\n")).prefix(12)) of \(sums.count) files"
  }

  enum CodingKeys: String, CodingKey {
    case version, study, model, revision, corpora, blas, kernels, threads, machine, started, phases
    case seeds, operations, cached, notes
    case modelFiles = "model_files"
    case reportFiles = "report_files"
    case tokenizer = "tokenizer_sha256"
  }

  package init(
    version: String, study: File, model: String, revision: String?, modelFiles: [File],
    tokenizer: String, corpora: [File], blas: String, kernels: String, threads: Int,
    machine: Machine, started: String, phases: [Phase], seeds: [Int], operations: Double,
    cached: [String] = [], notes: [String]
  ) {
    self.version = version
    self.study = study
    self.model = model
    self.revision = revision
    self.modelFiles = modelFiles
    self.tokenizer = tokenizer
    self.corpora = corpora
    self.blas = blas
    self.kernels = kernels
    self.threads = threads
    self.machine = machine
    self.started = started
    self.phases = phases
    self.seeds = seeds
    self.operations = operations
    self.cached = cached
    self.notes = notes
  }

  /// The text of the file.
  ///
  /// - Throws: `Diagnostic` of kind `.data` for a number that is not finite.
  package var text: String {
    get throws { try JSON(encoding: self, file: Self.name).text }
  }

  /// A provenance of any version with the present checksums of the report's files.
  ///
  /// A text that is not a JSON object is returned unchanged.
  static func sealing(_ text: String, _ files: [TextFile]) -> String {
    guard
      let members = try? JSON(parsing: FileBytes(Array(text.utf8), name: name)).object
    else { return text }
    let sums = files.sorted { $0.path < $1.path }.map { file in
      JSON.object([
        .init(key: "path", value: .string(file.path)),
        .init(key: "sha256", value: .string(Checksum.sha256(of: file.text))),
      ])
    }
    let key = CodingKeys.reportFiles.rawValue
    return JSON.object(
      members.filter { $0.key != key } + [.init(key: key, value: .array(sums))]
    ).text
  }
}
