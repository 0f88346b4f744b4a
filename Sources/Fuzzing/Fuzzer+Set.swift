import Analyses
import Atlas
import Corpora
import JSON
import Reporting
import Storage
import StudyFile

// Fuzz cases for studies of sets and for atlases.
extension Fuzzer {
  /// A damaged study of a set: its text alone, its findings, or rarely a whole run of it.
  func runSet(_ random: inout FuzzRandom) throws {
    switch random.below(8) {
    case 0:
      let changes = ["study.yml": setText(&random)]
      try TinyStudy.write(changes, model: model, to: folder)
      try show(try TinyStudy.findings(in: folder))
    case 1..<5:
      let file = FileBytes(setText(&random), name: "study.yml")
      let study = try StudyFile(parsing: file, folder: folder)
      _ = try JSON(encoding: study, file: "study.json")
      _ = Registry.faults(of: study)
      _ = FigureCatalogue(study, layers: architecture.layers).figures
      _ = try StudyCorpora(loading: study)
    default:
      let bytes = text(Self.excerpt(setFindings, &random), &random)
      try show(try FindingsFile(reading: FileBytes(bytes, name: FindingsFile.name)))
    }
  }

  /// The text of the tiny study of a set, damaged in its bytes or in the list of its neurons.
  private func setText(_ random: inout FuzzRandom) -> [UInt8] {
    guard random.oneIn(2) else {
      return ByteMutator.mutated(Array(TinyStudy.setYAML.utf8), &random)
    }
    let names = [
      "L0N0", "L2N15", "L2N16", "L3N0", "L1N99999999999999999999", "L-1N2", "52", "best", "[]", "~",
      "L0N0", "\"L0N1\"", "L00N1", "{a: b}",
    ]
    let list = (0..<random.below(6)).map { _ in random.pick(names) }
    let extra = random.pick([
      "", "layer: 0", "neuron: best", "compare: [1]", "prompts: []", "positions: {}", "padded: {}",
      "probe: {k: 2}", "probe: {seed: 4294967295}", "ablation: {value: resample}",
      "evidence: {effects: on}", "verdict: {detects: 0}",
    ])
    let lines = TinyStudy.setYAML.split(separator: "\n").map { line in
      line.hasPrefix("neurons:") ? "neurons: [\(list.joined(separator: ", "))]" : String(line)
    }
    return Array((lines + [extra]).joined(separator: "\n").utf8)
  }

  /// A damaged atlas file, up to its documents in two parts.
  func runAtlas(_ random: inout FuzzRandom) throws {
    let bytes: [UInt8]
    if random.oneIn(2) {
      bytes = ByteMutator.mutated(Array(TinyStudy.atlasYAML.utf8), &random)
    } else {
      let tree = try JSON(parsing: FileBytes(Array(TinyStudy.atlasTree.utf8), name: "atlas.json"))
      bytes = text(tree, &random)
    }
    let file = FileBytes(bytes, name: "atlas.yml")
    guard AtlasFile.isAtlas(file) else {
      _ = try StudyFile(parsing: file, folder: folder)
      return
    }
    let atlas = try AtlasFile(parsing: file, folder: folder)
    _ = try JSON(encoding: atlas, file: "atlas.json")
    _ = try ResolvedAtlas(atlas, environment: ["TMPDIR": folder])
  }
}
