import Atlas
import Diagnostics
import Fuzzing
import JSON
import Pipeline
import Storage
import StudyFile
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An atlas from its file to its findings, on the tiny model and three languages of the demo.
struct AtlasRunTests {
  private static let yaml = TinyAtlas.yaml(lines: "parallel: yes")

  private static func withFolder(_ body: (_ folder: String) throws -> Void) throws {
    try TinyAtlas.withFolder(body)
  }

  private static func run(
    _ folder: String, _ lines: String = "", replacing: (String, String)? = nil, threads: Int = 2,
    cache: ContentCache? = nil
  ) throws -> AtlasRun {
    var text = yaml + lines
    if let (old, new) = replacing {
      #expect(text.contains(old))
      text = text.replacing(old, with: new)
    }
    return try AtlasRun(
      try AtlasFile(yaml: text, folder: folder), limits: RunLimits(threads: threads),
      environment: ["TMPDIR": folder], cache: cache)
  }

  @Test func threadsAndTheCacheChangeNoByte() throws {
    try Self.withFolder { folder in
      let cache = ContentCache(folder: folder + "/cache", program: "test") { _ in }
      let alone = try Self.run(folder, threads: 1).outcome()
      #expect(alone.operations.total > 0)
      #expect(try Self.run(folder, threads: 3).outcome().findings.text == alone.findings.text)
      #expect(try Self.run(folder, cache: cache).outcome().findings.text == alone.findings.text)
      let kept = try Self.run(folder, cache: cache).outcome()
      #expect(kept.findings.text == alone.findings.text)
      #expect(kept.operations.total == 0 && kept.provenance.cached == ["atlas"])
    }
  }

  @Test func findingsHoldTogether() throws {
    try Self.withFolder { folder in
      let run = try Self.run(folder)
      let outcome = try run.outcome()
      let found = outcome.findings.findings
      #expect(run.estimate.operations.total >= outcome.operations.total)
      #expect(found.model.neurons == 48 && found.labelNames == ["Dutch", "German", "English"])
      #expect(found.design.withinPassages && found.design.passages == 40)
      #expect(found.design.cells == 144 && found.design.edges.count == 63)
      for (index, label) in found.orderedLabels.enumerated() {
        #expect(label.discovery.documents == 16 && label.confirmation.documents == 24)
        let cells = found.cells[index]
        #expect(label.confirmed == cells.grade.count { $0 == 2 })
        #expect(label.suggestive == cells.grade.count { $0 == 1 })
        #expect(cells.rank.sorted() == Array(1...48) && cells.rank[label.best] == 1)
        #expect(cells.reachedAtlas.allSatisfy { (0...99).contains($0) })
        #expect(zip(cells.reachedLabel, cells.reachedAtlas).allSatisfy(<=))
        #expect(
          zip(cells.low, cells.auc).allSatisfy(<=) && zip(cells.auc, cells.high).allSatisfy(<=))
        #expect(!cells.next.contains(index))
        // Every counted token is in some bin of some page's histogram.
        let tokens = label.discovery.tokens + label.confirmation.tokens
        for page in found.pages { #expect(page.histograms[index].reduce(0, +) == tokens) }
      }
      let named = try #require(found.pages.first { $0.place == 19 })
      #expect(named.isNamed && found.address(19).description == "L1N3")
      for page in found.pages {
        #expect(page.labels.allSatisfy { found.cells[$0].grade[page.place] > 0 })
        #expect(page.passages.count { $0.kind == .strongest } == 2)
        #expect(
          page.passages.allSatisfy { $0.tokens.count == $0.values.count && $0.tokens.count <= 10 })
        #expect(
          page.passages.filter { $0.kind == .missed }
            .allSatisfy { $0.label == page.shownFor && $0.confirms && $0.mean <= page.cut + 0.01 })
        // The strongest passage holds the neuron's largest activation.
        let peak = page.passages.first?.values.max() ?? 0
        #expect(abs(peak - found.neurons.max[page.place]) <= 0.01 * abs(peak))
      }
      let sets = try #require(found.sets)
      #expect(sets.effects.count == 4 * 3 * 2 && sets.documents == [10, 10, 10])
      #expect(sets.effects.allSatisfy { $0.hasIntervals && $0.neurons.count == $0.size })
      let best = try #require(sets.effect(.auc, label: 1, size: 1))
      #expect(best.neurons == [found.orderedLabels[1].best])
    }
  }

  @Test func everySettingIsUsed() throws {
    try Self.withFolder { folder in
      let base = try Self.run(folder).outcome().findings.findings
      func found(_ old: String, _ new: String) throws -> AtlasFindings {
        try Self.run(folder, replacing: (old, new)).outcome().findings.findings
      }
      let seeded = try found("parallel: yes", "parallel: yes\nseed: 5")
      #expect(seeded.cells.map(\.auc) != base.cells.map(\.auc))
      let few = try found(
        "parallel: yes", "parallel: yes\ndocuments: 20\nsplit: {confirmation: 0.5}")
      #expect(few.orderedLabels.allSatisfy { $0.confirmation.documents == 10 })
      #expect(few.notes.contains { $0.contains("Fewer than 20 documents confirm Dutch, German") })
      let short = try found("parallel: yes", "parallel: yes\nwindow: 5")
      #expect(short.orderedLabels.allSatisfy { $0.confirmation.tokens == 24 * 5 && $0.cut == 40 })
      #expect(short.orderedLabels.allSatisfy { $0.repeated == 0 })
      let apart = try found("parallel: yes", "parallel: no")
      #expect(!apart.design.withinPassages && apart.design.passages == 0)
      let loose = try found(
        "parallel: yes", "parallel: yes\ngrades: {suggestive: 0.5, confirmed: 0.5, next: 0.5}")
      #expect(loose.design.selected > base.design.selected)
      #expect(loose.design.confidence < base.design.confidence)
      #expect(try found("sets: {sizes: [1, 4], documents: 10, window: 12}", "sets: no").sets == nil)
      #expect(try found("permutations: 99", "permutations: 49").nulls != base.nulls)
      let pages = try found("neurons: 3, named: [L1N3]", "neurons: 0")
      #expect(pages.pages.isEmpty && !base.pages.isEmpty)
    }
  }

  @Test func equalCheckpointsAreComputedOnceAndNamedEqual() throws {
    try Self.withFolder { folder in
      for name in ["early", "copy"] {
        try FileManager.default.copyItem(atPath: folder + "/model", toPath: folder + "/" + name)
        try TinyAtlas.disturb(folder + "/\(name)/model.safetensors")
      }
      let outcome = try Self.run(folder, "revisions: [./early, ./model, ./copy]\n").outcome()
      let found = outcome.findings.findings
      let states = found.checkpoints
      #expect(states.map(\.name) == ["./early", "./model", "./copy"])
      #expect(states.map(\.equals) == [nil, "./model", "./early"])
      #expect(states[0].labels == states[2].labels && states[0].weights == states[2].weights)
      #expect(states[1].labels.map(\.auc) == found.orderedLabels.map(\.auc))
      #expect(states[1].labels.map(\.change.count) == [2, 2, 2])
      let own = try Self.run(folder, replacing: ("model: ./model", "model: ./early")).outcome()
      let early = own.findings.findings
      #expect(states[0].labels.map(\.auc) == early.orderedLabels.map(\.auc))
      #expect(states[0].labels.map(\.confirmed) == early.orderedLabels.map(\.confirmed))
      #expect(
        states[0].labels.enumerated().allSatisfy { index, figures in
          figures.final == early.cells[index].auc[found.orderedLabels[index].best]
        })
    }
  }

  /// A cache as the hub's own programs leave it: revisions are folders of links to blobs, and a hub that
  /// serves one blob under two revisions has one state under two names.
  @Test func revisionsOfTheHubAreStates() throws {
    try Self.withFolder { folder in
      let files = FileManager.default
      let base = folder + "/hub/models--org--tiny"
      for place in ["refs", "blobs"] {
        try files.createDirectory(
          atPath: base + "/" + place, withIntermediateDirectories: true)
      }
      for name in try files.contentsOfDirectory(atPath: folder + "/model") {
        try files.copyItem(atPath: folder + "/model/" + name, toPath: base + "/blobs/" + name)
      }
      let weights = "model.safetensors"
      try files.copyItem(atPath: base + "/blobs/" + weights, toPath: base + "/blobs/early")
      try TinyAtlas.disturb(base + "/blobs/early")
      for (revision, blob) in [("main", weights), ("step0", "early"), ("step8", "early")] {
        let commit = Checksum.sha256(of: revision).prefix(40)
        try Data(commit.utf8).write(to: URL(filePath: base + "/refs/" + revision))
        let snapshot = base + "/snapshots/\(commit)"
        try files.createDirectory(atPath: snapshot, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: folder + "/model") {
          try files.createSymbolicLink(
            atPath: snapshot + "/" + name,
            withDestinationPath: "../../blobs/" + (name == weights ? blob : name))
        }
      }
      func run(_ lines: String) throws -> AtlasRun {
        let text = Self.yaml.replacing("model: ./model", with: "model: org/tiny") + lines
        return try AtlasRun(
          try AtlasFile(yaml: text, folder: folder), limits: RunLimits(threads: 2),
          environment: ["TMPDIR": folder, "HF_HUB_CACHE": folder + "/hub"])
      }
      let outcome = try run("revisions: [step0, step8]\n").outcome()
      let states = outcome.findings.findings.checkpoints
      #expect(states.map(\.name) == ["step0", "step8"])
      #expect(states.map(\.equals) == [nil, "step0"])
      #expect(states[0].weights != outcome.findings.findings.model.weights)
      let local = try Self.run(
        folder,
        "revisions: [./hub/models--org--tiny/snapshots]\n".replacing(
          "snapshots", with: "snapshots/\(Checksum.sha256(of: "step0").prefix(40))")
      ).outcome()
      #expect(states[0].labels == local.findings.findings.checkpoints[0].labels)
      let refusal = #expect(throws: (any Error).self) { _ = try run("revisions: [step0, step9]\n") }
      #expect("\(try #require(refusal))".contains("step9"))
    }
  }

  /// A misspelt checkpoint was told after the model had run, and by `plan` not at all.
  @Test func aCheckpointThatIsMissingIsToldBeforeTheModelRuns() throws {
    try Self.withFolder { folder in
      #expect {
        _ = try Self.run(folder, "revisions: [./model, ./nowhere]\n")
      } throws: {
        "\($0)".contains("nowhere")
      }
    }
  }

  @Test func repeatedDocumentsAreLeftOutAndALabelNeedsText() throws {
    try Self.withFolder { folder in
      let lines = (0..<12).map {
        "Document \($0) speaks of the vote of tomorrow and of item \($0 * 7)."
      }
      try Data((lines + [lines[3]]).joined(separator: "\n").utf8)
        .write(to: URL(filePath: folder + "/a.txt"))
      try Data("One.\nTwo is here.".utf8).write(to: URL(filePath: folder + "/b.txt"))
      func atlas(_ second: String) throws -> AtlasRun {
        let text = """
          kind: atlas
          title: T
          model: ./model
          corpora:
            - {name: A, path: a.txt}
            - {name: B, path: "\(second)"}
          """
        return try AtlasRun(
          try AtlasFile(yaml: text, folder: folder), environment: ["TMPDIR": folder])
      }
      #expect(try atlas("builtin:corpora/nl.txt").atlas.repeated == [1, 0])
      #expect {
        _ = try atlas("b.txt")
      } throws: {
        "\($0)".contains("corpora[1] (B)") && "\($0)".contains("on both sides of the split")
      }
    }
  }

  @Test func aTrainingRunsStatesShowHowLabelsCameAbout() throws {
    // Four states of one run, trained by Tests/reference/atlas_checkpoints.py.
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Checkpoints").path
    let names = ["nl", "de", "en", "es", "fr", "it", "pt", "sv"]
    let corpora = names.map { "  - {name: \($0), path: \"builtin:corpora/\($0).txt\"}" }
    let text = """
      kind: atlas
      title: Training
      model: ./step1500
      revisions: [./step0, ./step20, ./step100]
      parallel: yes
      window: 96
      permutations: 99
      sets: {sizes: [8], documents: 10, window: 24}
      pages: {neurons: 0}
      corpora:

      """
    let file = try AtlasFile(yaml: text + corpora.joined(separator: "\n"), folder: folder)
    let found = try AtlasRun(
      file, environment: ["TMPDIR": FileManager.default.temporaryDirectory.path]
    ).outcome().findings.findings
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let states = found.checkpoints
    #expect(states.allSatisfy { $0.equals == nil && $0.labels.count == 8 })
    // What the trained model's best neurons say of a label, they do not say at the beginning.
    let final = states.map { mean($0.labels.map(\.final)) }
    let own = mean(found.orderedLabels.map(\.auc))
    #expect(final[0] < 0.75 && own > 0.9, "\(final), \(own)")
    #expect(final[2] < own, "\(final), \(own)")
    // Nor does ablating the best of the beginning cost anything.
    let effects = (0..<8).map { found.sets?.effect(.auc, label: $0, size: 8)?.change[$0] ?? 0 }
    #expect(mean(states[0].labels.flatMap(\.change)) < 0.01)
    #expect(mean(effects) > 0.02, "\(effects)")
  }

  @Test func findingsOfAnotherShapeAreRefused() throws {
    try Self.withFolder { folder in
      let good = try Self.run(
        folder, replacing: ("sets: {sizes: [1, 4], documents: 10, window: 12}", "sets: no")
      )
      .outcome().findings.findings
      func refused(_ field: String, _ change: (inout AtlasFindings) -> Void) {
        var bad = good
        change(&bad)
        #expect(
          performing: {
            let text = try JSON(encoding: bad, file: "f").text
            _ = try AtlasFindingsFile(reading: FileBytes(Array(text.utf8), name: "findings.json"))
          }, throws: { "\($0)".contains(field) })
      }
      refused("cells.auc") { $0.cells[0].auc.removeLast() }
      refused("cells.next") { $0.cells[1].next[3] = 3 }
      refused("cells.grade") { $0.cells[1].grade[3] = 7 }
      refused("cells.rank") { $0.cells[1].rank[3] = 0 }
      refused("neurons.promoted") { $0.neurons.promoted[0] = [9_999_999] }
      refused("neurons.cluster") { $0.neurons.cluster[0] = -2 }
      refused("model") { $0.model.layers = .max }
      refused("labels") { $0.labels["Dutch"] = nil }
      refused("file.slug") { $0.file.slug = "../up" }
      refused("format") { $0.format = 9 }
      refused("pages.place") { $0.pages[0].place = 48 }
      refused("pages.first_bin") { $0.pages[0].firstBin = -1 }
      refused("pages.passages.values") { $0.pages[0].passages[0].values.removeLast() }
      refused("nulls.z") { $0.nulls[0].z = [] }
      refused("neurons.fires") { $0.neurons.fires[0] = [-1] }
    }
  }
}
