import Atlas
import Diagnostics
import Fuzzing
import LinearAlgebra
import Passes
import Pipeline
import Storage
import StudyFile
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Divided work: the bytes are those of one process, in any order and whatever happens to a unit.
struct WorkTests {
  private static let atlas = TinyAtlas.yaml(
    english: "english.txt", window: 40, lines: "revisions: [./early, ./copy]")

  private static func withFolder(_ body: (_ folder: String) throws -> Void) throws {
    try TinyAtlas.withFolder { folder in
      for name in ["early", "copy"] {
        try FileManager.default.copyItem(atPath: folder + "/model", toPath: folder + "/" + name)
      }
      try TinyAtlas.disturb(folder + "/early/model.safetensors")
      let english = try #require(try Folder.embedded.file("corpora/en.txt"))
      try english.withBytes { try Data($0).write(to: URL(filePath: folder + "/english.txt")) }
      try body(folder)
    }
  }

  /// A way of dividing and running the work.
  private struct Way {
    var minutes = 1e-6
    var threads = 1
    var reversed = false
    var numerics = NumericsProfile.widest
  }

  private static func work(
    _ file: NamedFile, _ folder: String, _ way: Way, in place: String
  ) throws -> Work {
    try Work(
      file, corporaFolder: nil, limits: RunLimits(threads: way.threads),
      setting: .init(folder: place, numerics: way.numerics, unitMinutes: way.minutes),
      environment: ["TMPDIR": folder])
  }

  private static func planned(
    _ work: Work, kind: String, _ way: Way, in place: String
  ) throws -> (folder: WorkFolder, isKnown: Bool) {
    try WorkFolder.plan(
      WorkManifest(
        numerics: way.numerics, kind: kind, study: kind + ".yml", model: nil, corpora: nil,
        threads: nil, unitMinutes: way.minutes, inputs: work.inputs, passes: work.passes),
      in: place)
  }

  private static func finish(_ work: Work, in folder: WorkFolder, _ way: Way) throws {
    for pass in folder.manifest.passes {
      let units = Array(pass.units.indices)
      for unit in way.reversed ? units.reversed() : units {
        try work.run(unit...unit, of: pass.name, in: folder)
      }
    }
  }

  private static func file(_ folder: String) throws -> AtlasFile {
    try AtlasFile(yaml: atlas, folder: folder)
  }

  /// The findings of an atlas that a folder of work holds, without running a model.
  private static func rendered(_ folder: String, _ place: String) throws -> String {
    var run = try AtlasRun(
      try file(folder), environment: ["TMPDIR": folder],
      cache: WorkFolder.cache(place, .widest) { _ in })
    run.rendering = WorkOutcome(try WorkFolder(place))
    return try run.outcome().findings.text
  }

  @Test func anAtlasHasTheBytesOfOneProcess() throws {
    try Self.withFolder { folder in
      let alone = try AtlasRun(
        try Self.file(folder), limits: RunLimits(threads: 2), environment: ["TMPDIR": folder]
      ).outcome().findings
      #expect(alone.findings.checkpoints.map(\.equals) == [nil, "./model"])
      let ways = [
        Way(), Way(minutes: 20, threads: 2), Way(minutes: 3e-6, threads: 3, reversed: true),
      ]
      var counts: [Int] = []
      for (index, way) in ways.enumerated() {
        let place = folder + "/work\(index)"
        let work = try Self.work(.atlas(try Self.file(folder)), folder, way, in: place)
        let (planned, isKnown) = try Self.planned(work, kind: "atlas", way, in: place)
        #expect(!isKnown)
        counts.append(planned.manifest.passes.reduce(0) { $0 + $1.units.count })
        #expect(planned.progress().allSatisfy { $0.done == 0 && $0.missing.count == $0.units })
        // A pass waits for those before it.
        let early = #expect(throws: Diagnostic.self) {
          try work.run(0...0, of: "select", in: planned)
        }
        #expect(early?.kind == .incomplete && early?.field == "scan")
        try Self.finish(work, in: planned, way)
        #expect(planned.progress().allSatisfy { $0.missing.isEmpty })
        #expect(try Self.rendered(folder, place) == alone.text)
        // Everything stands, so that nothing is run again: the model could not even be read.
        for pass in planned.manifest.passes { try planned.check(pass) }
      }
      #expect(counts[0] > counts[1] && counts[1] == 6)
    }
  }

  /// An engine ends a unit that takes longer than it was given: what units read and write counts, too.
  @Test func passesKnowWhatTheyReadAndWrite() throws {
    try Self.withFolder { folder in
      let place = folder + "/work"
      let file = try AtlasFile(
        yaml: TinyAtlas.yaml(english: "english.txt", window: 40, lines: ""), folder: folder)
      let work = try Self.work(.atlas(file), folder, Way(), in: place)
      let (planned, _) = try Self.planned(work, kind: "atlas", Way(), in: place)
      let scan = try planned.manifest.pass("scan")
      for unit in scan.units.indices { try work.run(unit...unit, of: "scan", in: planned) }
      let keys = scan.units.flatMap(\.parts)
      let bytes = try keys.reduce(0) { sum, key in
        try sum + FileBytes(mapping: planned.parts.path(key)).count
      }
      // Each file begins with its arrays' names.
      let expected = AtlasPlan(try ResolvedAtlas(file, environment: [:])).partBytes
      #expect(expected <= Double(bytes) && Double(bytes) < expected + 8192 * Double(keys.count))
      #expect(keys.count > 1 && scan.files == 0)
      #expect(try planned.manifest.pass("select").files == expected / 2e8)
      #expect(try planned.manifest.pass("finish").files > expected / 2e8)
    }
    let pass = WorkManifest.Pass(
      name: "finish", after: [], memory: 0, files: 600,
      units: [.init(parts: [], operations: 60 * WorkManifest.rate)])
    #expect(pass.minutes == 10 + 4 * 11)
    #expect(pass.seconds.all == 660)
  }

  /// What the plan has tokenised and divided is not done again by every unit.
  @Test func unitsTakeTheDocumentsThatThePlanHasKept() throws {
    try Self.withFolder { folder in
      let place = folder + "/work"
      let work = try Self.work(.atlas(try Self.file(folder)), folder, Way(), in: place)
      _ = try Self.planned(work, kind: "atlas", Way(), in: place)
      try work.keepShared()
      let atlas = try ResolvedAtlas(try Self.file(folder), environment: [:])
      #expect(atlas.documents.contains { $0.confirms })
      let divided = DividedDocuments(labels: 3) { atlas.divided.part($0) }
      #expect(divided == atlas.divided)

      // Documents that a reader could tell from those that it would find itself.
      let fewer = DividedDocuments(
        labels: atlas.labels.map { Array($0.dropFirst()) }, repeated: atlas.labels.map { _ in [7] },
        cut: [1, 2, 3])
      let cache = WorkFolder.cache(place, .widest) { _ in }
      let kept = WorkFolder.parts(place)
      let own = atlas.labels.indices.compactMap { label in
        kept.keys().first {
          guard case .part(let part) = kept.read($0) else { return false }
          return part.kind == "documents"
            && part.numbers("ids") == atlas.labels[label].flatMap(\.ids)
        }
      }
      #expect(Set(own).count == 3)
      func read(_ file: AtlasFile) throws -> DividedDocuments {
        try ResolvedAtlas(file, environment: [:], cache: cache).divided
      }
      for (label, key) in own.enumerated() {
        try FileManager.default.removeItem(atPath: kept.path(key))
        // While one label's part is missing, all are found anew.
        let without = try read(Self.file(folder))
        #expect(without == atlas.divided)
        try kept.write(fewer.part(label), as: key)
      }
      let same = try read(Self.file(folder))
      #expect(same == fewer)
      for line in ["seed: 8", "window: 9", "split: {confirmation: 0.5}"] {
        let other = try AtlasFile(yaml: Self.atlas + line + "\n", folder: folder)
        let (found, own) = (try read(other), try ResolvedAtlas(other, environment: [:]).divided)
        #expect(found == own, "\(line)")
      }
    }
  }

  @Test func aStudyHasTheBytesOfOneProcess() throws {
    try Self.withFolder { folder in
      let studies = [
        (TinyStudy.yaml, ""), (TinyStudy.yaml, "neuron: best\nlayer: auto\n"),
        (TinyStudy.setYAML, "\n"), (TinyStudy.setYAML, "\nablation: {value: resample}\n"),
      ]
      for (index, (base, lines)) in studies.enumerated() {
        var yaml = base
        for line in lines.split(separator: "\n") {
          let key = line.prefix { $0 != ":" } + ":"
          yaml =
            yaml.split(separator: "\n").filter { !$0.hasPrefix(key) }.joined(separator: "\n")
            + "\n"
        }
        let file = try StudyFile(yaml: yaml + lines, folder: folder)
        let alone = try StudyRun(
          file, limits: RunLimits(threads: 2), environment: ["TMPDIR": folder]
        ).outcome().findings.json.text
        for (number, way) in [Way(), Way(minutes: 20, threads: 2)].enumerated() {
          let place = folder + "/study\(index)\(number)"
          let work = try Self.work(.study(file), folder, way, in: place)
          let (planned, _) = try Self.planned(work, kind: "study", way, in: place)
          try Self.finish(work, in: planned, way)
          var run = try StudyRun(
            file, environment: ["TMPDIR": folder],
            cache: WorkFolder.cache(place, .widest) { _ in })
          run.rendering = WorkOutcome(planned)
          #expect(try run.outcome().findings.json.text == alone)
        }
        // Without the work there is nothing to render.
        var bare = try StudyRun(
          file, environment: ["TMPDIR": folder],
          cache: WorkFolder.cache(folder + "/none", .widest) { _ in })
        bare.rendering = WorkOutcome(try WorkFolder(folder + "/study\(index)0"))
        #expect(throws: Diagnostic.self) { try bare.outcome() }
      }
    }
  }

  @Test func theAblationsOfASetAreDivided() throws {
    try Self.withFolder { folder in
      let file = try StudyFile(yaml: TinyStudy.setYAML, folder: folder)
      let (way, place) = (Way(), folder + "/set")
      let work = try Self.work(.study(file), folder, way, in: place)
      let (planned, _) = try Self.planned(work, kind: "study", way, in: place)
      for pass in planned.manifest.passes.prefix(while: { $0.name != "analyse" }) {
        for unit in pass.units.indices { try work.run(unit...unit, of: pass.name, in: planned) }
      }
      let ablate = try planned.manifest.pass("ablate")
      #expect(ablate.units.count > 1)
      for unit in ablate.units {
        guard case .part(let part) = planned.parts.read(unit.parts[0]) else {
          Issue.record("a unit has left nothing")
          return
        }
        // The losses of at least one document under an edit.
        #expect(part.numbers("value", of: UInt8.self)?.count ?? 0 > 200)
      }
    }
  }

  @Test func damagedPartsAreNamedAndComputedAgain() throws {
    try Self.withFolder { folder in
      let (way, place) = (Way(), folder + "/work")
      let work = try Self.work(.atlas(try Self.file(folder)), folder, way, in: place)
      let (planned, _) = try Self.planned(work, kind: "atlas", way, in: place)
      try Self.finish(work, in: planned, way)
      let whole = try Self.rendered(folder, place)
      // Damage in one layer's arrays is found there, and only there.
      let first = planned.manifest.passes[0]
      let (damaged, layers) = (planned.parts.path(first.units[0].parts[0]), 0..<3)
      let bytes = try Data(contentsOf: URL(filePath: damaged))
      var changed = bytes
      changed[bytes.count - 1] ^= 1
      for layer in layers { try planned.check(first, layer: layer) }
      let none = #expect(throws: Diagnostic.self) { try planned.check(first, layer: 3) }
      #expect(none?.kind == .study)
      try changed.write(to: URL(filePath: damaged))
      try planned.check(first, layer: 0)
      let found = #expect(throws: Diagnostic.self) { try planned.check(first, layer: 2) }
      #expect(found?.kind == .incomplete)
      try bytes.write(to: URL(filePath: damaged))
      for (index, pass) in planned.manifest.passes.enumerated() {
        let unit = pass.units.count - 1
        for key in pass.units[unit].parts {
          let path = planned.parts.path(key)
          let bytes = try Data(contentsOf: URL(filePath: path))
          var changed = bytes
          changed[bytes.count - 1] ^= 1
          let foreign = planned.manifest.passes[(index + 1) % 5].units[0].parts[0]
          let damages = [
            Data(), bytes.prefix(bytes.count / 2), changed,
            try Data(contentsOf: URL(filePath: planned.parts.path(foreign))),
          ]
          for damage in damages {
            try damage.write(to: URL(filePath: path))
            let fault = #expect(throws: Diagnostic.self) { try planned.check(pass) }
            #expect(fault?.kind == .incomplete && fault?.field == pass.name)
            #expect(fault?.found == "damaged parts of 1: \(unit)")
            try work.run(unit...unit, of: pass.name, in: planned)
            #expect(try Data(contentsOf: URL(filePath: path)) == bytes, "\(pass.name)")
          }
        }
      }
      // What reads a damaged part refuses it.
      let scan = planned.manifest.passes[0]
      try Data().write(to: URL(filePath: planned.parts.path(scan.units[1].parts[0])))
      let last = try #require(planned.manifest.passes.last)
      try FileManager.default.removeItem(atPath: planned.parts.path(last.units[0].parts[0]))
      let fault = #expect(throws: Diagnostic.self) {
        try work.run(0...0, of: "finish", in: planned)
      }
      #expect(fault?.kind == .incomplete && fault?.field == "scan")
      #expect(fault?.found == "unit 1 missing or damaged")
      try work.run(1...1, of: "scan", in: planned)
      try work.run(0...0, of: "finish", in: planned)
      #expect(try Self.rendered(folder, place) == whole)
    }
  }

  @Test func aPlanHoldsWhileItsInputsDo() throws {
    try Self.withFolder { folder in
      let (way, place) = (Way(), folder + "/work")
      let work = try Self.work(.atlas(try Self.file(folder)), folder, way, in: place)
      let (planned, _) = try Self.planned(work, kind: "atlas", way, in: place)
      try work.check(against: planned.manifest)
      #expect(try Self.planned(work, kind: "atlas", way, in: place).isKnown)
      // Other work finds its folder taken.
      let other = Way(minutes: 20)
      let wide = try Self.work(.atlas(try Self.file(folder)), folder, other, in: place)
      let taken = #expect(throws: Diagnostic.self) {
        try Self.planned(wide, kind: "atlas", other, in: place)
      }
      #expect(taken?.kind == .study)
      // Any input that changes is named.
      for (name, text) in [
        ("english.txt", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"),
        ("early/model.safetensors", nil),
      ] {
        let path = folder + "/" + name
        let before = try Data(contentsOf: URL(filePath: path))
        var after = before
        after[before.count - 2] ^= 0x10
        try (text.map { Data($0.utf8) } ?? after).write(to: URL(filePath: path))
        let changed = try Self.work(.atlas(try Self.file(folder)), folder, way, in: place)
        let fault = #expect(throws: Diagnostic.self) {
          try changed.check(against: planned.manifest)
        }
        #expect(fault?.kind == .data && fault?.file.hasSuffix(name) == true)
        try before.write(to: URL(filePath: path))
      }
      for (units, pass) in [(0...99, "scan"), (5...5, "finish"), (0...0, "sweep")] {
        let fault = #expect(throws: Diagnostic.self) {
          try work.run(units, of: pass, in: planned)
        }
        #expect(fault?.kind == .study)
      }
    }
  }

  @Test func aDamagedManifestIsRefused() throws {
    try Self.withFolder { folder in
      let (way, place) = (Way(minutes: 20), folder + "/work")
      let work = try Self.work(.atlas(try Self.file(folder)), folder, way, in: place)
      _ = try Self.planned(work, kind: "atlas", way, in: place)
      let path = place + "/" + WorkManifest.name
      let whole = try String(contentsOfFile: path, encoding: .utf8)
      for (old, new) in [
        ("\"format\"", "\"form\""), ("reportgen work 1", "reportgen work 9"),
        ("\"results\": \(ProgramVersion.results)", "\"results\": 999"),
        ("\"units\": [", "\"units\": [7, "), (whole, String(whole.prefix(200))), (whole, "{}"),
      ] {
        #expect(whole.contains(old))
        try whole.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
        let fault = #expect(throws: Diagnostic.self) { try WorkFolder(place) }
        #expect(fault?.kind == .data && fault?.file == path)
      }
      #expect(throws: Diagnostic.self) { try WorkFolder(folder + "/nowhere") }
    }
  }

}
