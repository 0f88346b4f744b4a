import Diagnostics
import JSON
import LinearAlgebra
import Storage

/// A folder of divided work: the manifest and the parts that processes have left.
package struct WorkFolder: Sendable {
  package let folder: String
  package let manifest: WorkManifest
  package let parts: PartFolder

  /// Opens a folder in which work has been planned.
  ///
  /// - Throws: `Diagnostic` of kind `.study` if nothing is planned there, of kind `.data` if the manifest
  ///   cannot be read.
  package init(_ folder: String) throws {
    let path = FileWriting.joined(folder, WorkManifest.name)
    guard Self.exists(path) else {
      throw Diagnostic(
        .study, file: folder, expected: "a folder of work, with \(WorkManifest.name)",
        found: "none", advice: "`reportgen work plan STUDY --work \(folder)` plans it.")
    }
    let file = try FileBytes(reading: path)
    let manifest: WorkManifest
    do {
      manifest = try JSON.decode(WorkManifest.self, from: file)
    } catch var fault as Diagnostic {
      fault.advice =
        "It is no plan of this program, or a damaged one; plan the work in another folder."
      throw fault
    }
    guard manifest.format == WorkManifest.format else {
      throw Diagnostic(
        .data, file: path, field: "format", expected: WorkManifest.format,
        found: manifest.format, advice: "Plan the work again in another folder.")
    }
    guard manifest.results == ProgramVersion.results else {
      throw Diagnostic(
        .data, file: path, field: "results",
        expected: "\(ProgramVersion.results), the version of this program's numbers",
        found: "\(manifest.results)",
        advice: "Run all units with the program that planned them, or plan again in another folder."
      )
    }
    self.init(folder, manifest)
  }

  private init(_ folder: String, _ manifest: WorkManifest) {
    (self.folder, self.manifest) = (folder, manifest)
    parts = Self.parts(folder)
  }

  /// Where the parts of a folder of work stand.
  package static func parts(_ folder: String) -> PartFolder {
    PartFolder(FileWriting.joined(folder, "parts"))
  }

  /// The cache of results that the processes share.
  package static func cache(
    _ folder: String, _ numerics: NumericsProfile, notice: @escaping @Sendable (String) -> Void
  ) -> ContentCache {
    ContentCache(
      parts: parts(folder),
      program: "results \(ProgramVersion.results)\nnumerics \(numerics.rawValue)", notice: notice)
  }

  private static func exists(_ path: String) -> Bool { (try? FileBytes(mapping: path)) != nil }

  /// Writes the manifest of new work. The same work may be planned again, which changes nothing.
  ///
  /// - Returns: whether the work was planned before.
  /// - Throws: `Diagnostic` of kind `.study` if other work is planned there.
  package static func plan(_ manifest: WorkManifest, in folder: String) throws -> (
    WorkFolder, isKnown: Bool
  ) {
    let path = FileWriting.joined(folder, WorkManifest.name)
    if exists(path) {
      let known = try WorkFolder(folder)
      guard known.manifest.isSame(as: manifest) else {
        throw Diagnostic(
          .study, file: folder, expected: "an empty folder, or one with the same plan",
          found: "a plan of \(known.manifest.study)"
            + (known.manifest.study == manifest.study ? " with other inputs or settings" : ""),
          advice: "Name another folder, or remove this one if nobody needs its parts.")
      }
      return (known, true)
    }
    let text = try JSON(encoding: manifest, file: path).text
    try FileWriting.writeDurably(path, text)
    return (WorkFolder(folder, manifest), false)
  }

  /// What stands of a pass, by the names of files alone: a part that has its name is whole, unless it was
  /// damaged later.
  package struct Progress: Sendable {
    package let pass: String
    package let units: Int
    package let done: Int
    /// The units that have left no part, or not all of theirs.
    package let missing: [Int]
    package let operations: Double
    /// The operations of the units that are done.
    package let doneOperations: Double
  }

  package func progress() -> [Progress] {
    let keys = parts.keys()
    return manifest.passes.map { pass in
      let missing = pass.units.indices.filter { !pass.units[$0].parts.allSatisfy(keys.contains) }
      let left = missing.reduce(0.0) { $0 + pass.units[$1].operations }
      return Progress(
        pass: pass.name, units: pass.units.count, done: pass.units.count - missing.count,
        missing: missing, operations: pass.operations, doneOperations: pass.operations - left)
    }
  }

  /// Checks that the passes that `pass` comes after are complete.
  ///
  /// - Throws: `Diagnostic` of kind `.incomplete` that names what is missing.
  package func checkReady(_ pass: WorkManifest.Pass) throws {
    let waiting = progress().filter { pass.after.contains($0.pass) && !$0.missing.isEmpty }
    if let first = waiting.first { throw incomplete(first.pass, first.missing) }
  }

  /// Reads every part of a pass, or the arrays of one layer of each.
  ///
  /// - Throws: `Diagnostic` of kind `.incomplete` that names the units whose parts are missing or damaged;
  ///   of kind `.study` if no part has arrays of the layer.
  package func check(
    _ pass: WorkManifest.Pass, layer: Int? = nil, workers: Int = ParallelLoop.cores
  ) throws {
    let states = ParallelLoop.map(pass.units.count, workers: workers) { unit in
      pass.units[unit].parts.map { parts.check($0, layer: layer) }
        .reduce(into: (missing: false, damaged: false, hasLayer: false)) {
          switch $1 {
          case .whole(let layers): if let layer, layers.contains(layer) { $0.hasLayer = true }
          case .missing: $0.missing = true
          case .damaged: $0.damaged = true
          }
        }
    }
    let missing = states.indices.filter { states[$0].missing || states[$0].damaged }
    if missing.isEmpty {
      if let layer, !states.contains(where: \.hasLayer) {
        throw Diagnostic(
          .study, file: folder, field: pass.name, expected: "parts with arrays of layer \(layer)",
          found: "none", advice: "Leave out --layer; the parts of `scan` have layers.")
      }
      return
    }
    throw incomplete(pass.name, missing, areDamaged: missing.allSatisfy { !states[$0].missing })
  }

  /// The error that names the unit whose part is missing or damaged.
  func incomplete(_ missing: MissingPart) -> Diagnostic {
    let places = manifest.passes.lazy.compactMap { pass in
      pass.units.firstIndex { $0.parts.contains(missing.key) }.map { (pass.name, $0) }
    }
    let (pass, unit) = places.first ?? ("", 0)
    return Diagnostic(
      .incomplete, file: folder, field: pass, expected: "all units to be done",
      found: "unit \(unit) missing or damaged",
      advice: "Run it again; a damaged part is replaced.")
  }

  /// The error that names units of a pass which have to be run.
  package func incomplete(
    _ pass: String, _ units: [Int], areDamaged: Bool = false
  ) -> Diagnostic {
    let count = manifest.passes.first { $0.name == pass }?.units.count ?? units.count
    let few = units.prefix(8).map(String.init).joined(separator: ", ")
    let named = units.count > 8 ? few + ", …" : few
    return Diagnostic(
      .incomplete, file: folder, field: pass, expected: "all \(count) units to be done",
      found: areDamaged
        ? "damaged parts of \(units.count): \(named)" : "\(units.count) missing: \(named)",
      advice: "Run them: reportgen work run \(folder) \(pass) --unit \(units.first ?? 0)")
  }
}

extension WorkFolder {
  /// The rate at which the parts that stand have come, and the seconds that the rest takes at that rate:
  /// from the times of the first and the last of them. Nil before two units are done.
  package func pace(_ progress: [Progress]) -> (rate: Double, secondsLeft: Double)? {
    let missing = Dictionary(
      progress.map { ($0.pass, Set($0.missing)) }, uniquingKeysWith: { first, _ in first })
    var (first, last): (Double?, Double?) = (nil, nil)
    var firstOperations = 0.0
    for pass in manifest.passes {
      for (index, unit) in pass.units.enumerated()
      where missing[pass.name]?.contains(index) == false {
        guard let key = unit.parts.last, let time = parts.time(of: key) else { continue }
        if time < first ?? .infinity { (first, firstOperations) = (time, unit.operations) }
        last = max(last ?? time, time)
      }
    }
    guard let first, let last, last > first else { return nil }
    let done = progress.reduce(0) { $0 + $1.doneOperations } - firstOperations
    let left = progress.reduce(0) { $0 + $1.operations - $1.doneOperations }
    guard done > 0 else { return nil }
    let rate = done / (last - first)
    return (rate, left / rate)
  }
}
