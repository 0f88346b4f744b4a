import Diagnostics
import LinearAlgebra
import Reporting
import Storage
import StudyFile

/// The work of a study or an atlas, divided into units that separate processes run.
package struct Work {
  /// What decides how work is divided, and where it stands.
  package struct Setting: Sendable {
    package var folder: String
    package var numerics: NumericsProfile
    package var unitMinutes: Double
    /// Receives messages for the user, one line each.
    package var notice: @Sendable (String) -> Void

    package init(
      folder: String, numerics: NumericsProfile, unitMinutes: Double,
      notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      (self.folder, self.numerics) = (folder, numerics)
      (self.unitMinutes, self.notice) = (unitMinutes, notice)
    }

    var store: WorkStore {
      WorkStore(
        parts: WorkFolder.parts(folder), cache: WorkFolder.cache(folder, numerics, notice: notice),
        budget: max(1, unitMinutes * 60 * WorkManifest.rate))
    }
  }

  private let divided: any DividedWork
  private let setting: Setting

  /// Finds and checks what a study or an atlas names.
  ///
  /// - Throws: `Diagnostic`.
  package init(
    _ file: NamedFile, corporaFolder: String?, limits: RunLimits, setting: Setting,
    environment: [String: String], progress: any RunObserver = UnobservedRun()
  ) throws {
    let store = setting.store
    self.setting = setting
    switch file {
    case .study(let file):
      divided = try StudyWork(
        StudyRun(
          file, corporaFolder: corporaFolder, limits: limits, environment: environment,
          cache: store.cache, progress: progress), store)
    case .atlas(let file):
      divided = try AtlasWork(
        AtlasRun(
          file, corporaFolder: corporaFolder, limits: limits, environment: environment,
          cache: store.cache, progress: progress), store)
    }
  }

  package var passes: [WorkManifest.Pass] { divided.passes }
  package var inputs: [WorkManifest.Input] { divided.inputs }

  /// Keeps in the folder of work what every unit would compute anew, such as the tokens of all
  /// documents. Units that do not find it compute it.
  ///
  /// - Throws: `Diagnostic` if the folder cannot be written.
  package func keepShared() throws { try divided.keepShared() }

  /// Checks that the work is still what a manifest plans.
  ///
  /// - Throws: `Diagnostic` of kind `.data` that names the file which has changed since.
  package func check(against manifest: WorkManifest) throws {
    try manifest.check(inputs)
    guard WorkManifest.bare(passes) == WorkManifest.bare(manifest.passes) else {
      throw Diagnostic(
        .data, file: FileWriting.joined(setting.folder, WorkManifest.name), field: "passes",
        expected: "the units of this work", found: "others",
        advice: "Plan the work again in another folder; another version of the program planned it.")
    }
  }

  /// Runs what is missing of some units.
  ///
  /// - Throws: `Diagnostic`; of kind `.incomplete` if a pass before is not complete, of kind `.study` if
  ///   the pass has no such unit.
  package func run(_ units: ClosedRange<Int>, of pass: String, in folder: WorkFolder) throws {
    let pass = try folder.manifest.pass(pass)
    guard pass.units.indices.contains(units.lowerBound),
      pass.units.indices.contains(units.upperBound)
    else {
      throw Diagnostic(
        .study, file: folder.folder, field: pass.name,
        expected: pass.units.isEmpty
          ? "no unit: there is nothing to do in this pass"
          : "units from 0 to \(pass.units.count - 1)",
        found: units.count == 1 ? "\(units.lowerBound)" : "\(units.lowerBound)-\(units.upperBound)",
        advice:
          "`reportgen work status \(folder.folder) --count \(pass.name)` says how many there are.")
    }
    try folder.checkReady(pass)
    do {
      try divided.run(pass, units: Array(units))
    } catch let missing as MissingPart {
      throw folder.incomplete(missing)
    }
  }
}

/// What a build renders of divided work.
package struct WorkOutcome: Sendable {
  private let manifest: WorkManifest
  /// Thrown where a finding is missing: nothing is computed.
  let refusal: Diagnostic

  package init(_ folder: WorkFolder) {
    manifest = folder.manifest
    refusal = folder.incomplete(manifest.passes.last?.name ?? "", [0], areDamaged: true)
  }

  /// The kernels that the findings come from.
  var numerics: NumericsProfile { manifest.numerics }

  /// - Throws: `Diagnostic` of kind `.data` that names an input which has changed since the plan.
  func check(_ inputs: [WorkManifest.Input]) throws { try manifest.check(inputs) }
}

extension Provenance {
  /// The same, with the kernels of the profile that other machines have computed under.
  func naming(_ numerics: NumericsProfile?) -> Provenance {
    guard let numerics else { return self }
    var provenance = self
    provenance.blas = "OpenBLAS, profile \(numerics.rawValue)"
    provenance.kernels = "profile \(numerics.rawValue)"
    return provenance
  }
}
