import ArgumentParser
import Foundation
import JSON
import LanguageModel
import LinearAlgebra
import Passes
import Pipeline
import Storage
import StudyFile

/// Measures divided work: what units cost beside one process, and what plans, states and parts cost as
/// they grow.
struct WorkBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Measures divided work: units beside one process, large plans, many parts.")

  @OptionGroup var study: BenchStudy

  @Option(help: "A folder with a file of text for each label, for units beside one process.")
  var labels: String?

  @Option(help: "The most documents of a label.")
  var documents = 200

  @Option(help: "Lines that are added to the atlas of --labels, such as `sets: no`.")
  var setting: [String] = []

  @Option(name: .customLong("unit-minutes"), help: "The minutes of a unit.")
  var unitMinutes = 0.1

  @Option(help: "The tokens of a plan without weights, such as 1e8.")
  var tokens: Double?

  @Option(help: "The number of parts that are checked and added up, with the demo's sizes.")
  var parts: Int?

  @Option(help: "The number of units whose state is read.")
  var units: Int?

  func run() throws {
    if let labels { try overhead(labels) }
    if let tokens { try plan(Int(tokens)) }
    if let units { try state(units) }
    if let parts { try merge(parts) }
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "reportgen-work-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// Prints a line at once: a run may take minutes.
  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private func setting(_ folder: String) -> Work.Setting {
    .init(folder: folder, numerics: .widest, unitMinutes: unitMinutes)
  }

  /// Runs an atlas in one process, then unit by unit; each unit finds its files, loads the model and
  /// reads its parts anew, as a process would.
  private func overhead(_ labels: String) throws {
    try study.withModel { model in
      try withFolder { folder in
        let yaml = try AtlasBench.yaml(
          model: model, labels: labels, documents: documents, setting)
        let file = try AtlasFile(yaml: yaml, folder: folder)
        let environment = ProcessInfo.processInfo.environment
        var whole = ""
        let alone = try Self.seconds {
          whole = try AtlasRun(file, environment: environment).outcome().findings.text
        }
        Self.say(String(format: "  one process %.2f s", alone))
        func work() throws -> Work {
          try Work(
            .atlas(file), corporaFolder: nil, limits: RunLimits(), setting: setting(folder),
            environment: environment)
        }
        let planned = try work()
        let (stands, _) = try WorkFolder.plan(
          WorkManifest(
            numerics: .widest, kind: "atlas", study: "bench", model: nil, corpora: nil,
            threads: nil, unitMinutes: unitMinutes, inputs: planned.inputs,
            passes: planned.passes), in: folder)
        try planned.keepShared()
        var sum = 0.0
        for pass in stands.manifest.passes {
          let seconds = try pass.units.indices.map { unit in
            try Self.seconds {
              let own = try work()
              try own.check(against: stands.manifest)
              try own.run(unit...unit, of: pass.name, in: stands)
            }
          }
          sum += seconds.reduce(0, +)
          Self.say(
            String(
              format: "  %@ %d units, %.2f s", pass.name, seconds.count, seconds.reduce(0, +)))
        }
        var rendered = try AtlasRun(
          file, environment: environment, cache: WorkFolder.cache(folder, .widest) { _ in })
        rendered.rendering = WorkOutcome(stands)
        let isEqual = try rendered.outcome().findings.text == whole
        Self.say(
          String(
            format: "one process %.2f s, units %.2f s: %.3f; findings %@", alone, sum, sum / alone,
            isEqual ? "equal" : "DIFFERENT"))
      }
    }
  }

  /// Documents of 1,000 tokens that all differ.
  private static func documents(tokens: Int) -> [BlockScan.Document] {
    (0..<max(1, tokens / 1000)).map { document in
      BlockScan.Document(
        (0..<1000).map { Int32(truncatingIfNeeded: (document &* 1000 &+ $0) & 0x3FFF) },
        part: document & 1, row: document)
    }
  }

  /// Plans the scan of a model of this shape whose weights are nowhere.
  private func plan(_ tokens: Int) throws {
    let shape = try study.shape.architecture
    try withFolder { folder in
      Measurement.resetPeak()
      var pass: WorkManifest.Pass?
      var bytes = 0
      let seconds = try Self.seconds {
        let scan = BlockScan([Self.documents(tokens: tokens)], front: 1, samples: 1024)
        let planned = WorkManifest.Pass(
          scan, model: ["no weights"], shape, memory: 0,
          setting: .init(folder: folder, numerics: .avx512, unitMinutes: 20))
        _ = try WorkFolder.plan(
          WorkManifest(
            numerics: .avx512, kind: "atlas", study: "bench", model: nil, corpora: nil,
            threads: nil, unitMinutes: 20, inputs: [], passes: [planned]), in: folder)
        bytes = try FileBytes(mapping: folder + "/" + WorkManifest.name).count
        pass = planned
      }
      guard let pass else { return }
      let peak = Measurement.peakBytes
      Self.say(
        String(
          format:
            "%@ × %.0e tokens: %d units of %d parts, %.3g FLOP, %.2f h on two cores, %.2f h on 64 "
            + "nodes of 16; manifest %.1f MB in %.2f s, peak %.0f MB", study.shape.rawValue,
          Double(tokens), pass.units.count, pass.units.reduce(0) { $0 + $1.parts.count },
          pass.operations, pass.operations / WorkManifest.rate / 3600,
          pass.operations / (64 * 8 * WorkManifest.rate) / 3600, Double(bytes) / 1e6, seconds,
          Double(peak) / 1e6))
    }
  }

  /// Reads the state of work of which half is done.
  private func state(_ units: Int) throws {
    try withFolder { folder in
      let keys = (0..<units).map { Checksum.sha256(of: "unit \($0)") }
      let pass = WorkManifest.Pass(
        name: "scan", after: [], memory: 0,
        units: keys.map { .init(parts: [$0], operations: 1e12) })
      let (stands, _) = try WorkFolder.plan(
        WorkManifest(
          numerics: .widest, kind: "atlas", study: "bench", model: nil, corpora: nil, threads: nil,
          unitMinutes: 20, inputs: [], passes: [pass]), in: folder)
      var part = Part(kind: "scan")
      part.add("value", [1] as [UInt8])
      for key in keys.prefix(units / 2) { try stands.parts.write(part, as: key) }
      var done = 0
      let seconds = try Self.seconds {
        let work = try WorkFolder(folder)
        let progress = work.progress()
        done = progress[0].done
        _ = work.pace(progress)
      }
      Self.say(String(format: "state of %d units, %d done: %.3f s", units, done, seconds))
    }
  }

  /// Checks parts of the demo's sizes and adds them up.
  private func merge(_ count: Int) throws {
    let shape = try Architecture.demo
    let neurons = shape.layers * shape.dMLP
    try withFolder { folder in
      // A document of 65,537 tokens is a block of its own.
      let ids = (0..<65_537).map { Int32($0 & 0xFFF) }
      let scan = BlockScan(
        [(0..<count).map { BlockScan.Document(ids, part: $0 & 1, row: $0) }], front: 1, samples: 0)
      let parts = PartFolder(folder)
      let keys = (0..<count).map { Checksum.sha256(of: "block \($0)") }
      for (index, key) in keys.enumerated() {
        guard let block = Self.block(index, of: scan, neurons: neurons) else { return }
        try parts.write(Part(block, shape), as: key)
      }
      let bytes = try FileBytes(mapping: parts.path(keys[0])).count
      let checking = Self.seconds {
        _ = ParallelLoop.map(count, workers: ParallelLoop.cores) { parts.holds(keys[$0]) }
      }
      var totals = ScanTotals(of: scan, neurons: neurons)
      let adding = Self.seconds {
        for (index, key) in keys.enumerated() {
          guard case .part(let part) = parts.read(key),
            let block = BlockTotals(index, of: scan, part, shape)
          else { continue }
          totals.add(block, of: scan)
        }
      }
      Self.say(
        String(
          format: "%d parts of %.1f MB: checked in %.2f s, added up in %.2f s", count,
          Double(bytes) / 1e6, checking, adding))
    }
  }

  private static func block(_ index: Int, of scan: BlockScan, neurons: Int) -> BlockTotals? {
    let strongest = neurons * BlockScan.strongest
    let (values, documents) = (
      [Float](repeating: 1, count: strongest), [Int32](repeating: 0, count: strongest)
    )
    guard
      let best = StrongestDocuments(
        count: BlockScan.strongest, values: values, documents: documents, positions: documents)
    else { return nil }
    return BlockTotals(
      index, of: scan, neurons: neurons,
      counts: (0..<2 * neurons * ActivationBins.count).map { UInt32(($0 &* 31 &+ index) & 0xFFF) },
      sum: Array(repeating: 1, count: neurons), squares: Array(repeating: 1, count: neurons),
      least: Array(repeating: -1, count: neurons), strongest: best,
      means: Array(repeating: 0.5, count: neurons), samples: [])
  }
}

extension Architecture {
  /// The sizes of the demo's model.
  fileprivate static var demo: Architecture {
    get throws {
      guard let file = try Folder.embedded.file("demo/config.json") else {
        throw CleanExit.message("The program carries no demo.")
      }
      return try Architecture(config: JSON(parsing: file), file: file.name)
    }
  }
}
