import Foundation
import JSON
import Pipeline
import Reporting
import StudyFile

/// A valid study of the tiny model that requests every analysis, and its findings.
package struct TinyStudy: Sendable {
  static let corpora: [String: String] = [
    "nl.txt": """
    De leden van de Commissie hebben het voorstel aangenomen.
    Wij danken de rapporteur voor zijn werk.

    Het debat is gesloten en de stemming vindt morgen plaats.
    Ik verklaar de zitting voor hervat.
    Mevrouw de Voorzitter, dit is een motie van orde.
    """,
    "de.json": """
    ["Die Aussprache ist geschlossen.", "Ich danke dem Berichterstatter.", "",
     "Die Abstimmung findet morgen statt.", "Frau Präsidentin, zur Geschäftsordnung."]
    """,
    "en.jsonl": """
    {"text": "The debate is closed."}
    {"text": "The vote will take place tomorrow.", "id": 3}

    {"text": "I declare the session resumed."}
    """,
    "notes.md": "What we **think**.\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
  ]

  package static let yaml = """
    title: A tiny neuron
    slug: tiny
    model: ./model
    corpora:
      - {name: Dutch, path: nl.txt}
      - name: German
        path: de.json
        note: Four sentences.
      - {name: English, path: en.jsonl, documents: 3}
      - {name: Stories, path: nl.txt, role: evaluation, documents: 2}
    target: Dutch
    other: [German, English]
    layer: 1
    neuron: auto
    documents: 100
    probe: {documents: 5, k: 4, test_size: 0.2, seed: 3, splits: 2, candidates: 3}
    ablation: {corpora: [target, Stories], value: other-mean}
    prompts:
      - {text: "De leden", answers: ["e", " d"]}
      - {text: "The", answers: []}
    positions: {neurons: [auto, 3], corpora: [target, other]}
    padded: {batch: 2, batches: {Stories: 1, other: 3}}
    expect:
      - {figure: sparse_probe.test_accuracy, at_least: 0.1}
      - {figure: ablation.corpora.Dutch.masked.clean, equals: 5.7, tolerance: 1}
    published:
      - {figure: ablation.corpora.Dutch.padded.clean, value: 5.5, tolerance: 1, source: cell 33}
      - {figure: activation_histogram.percent.target, value: [1, 2], tolerance: 100, source: cell 1}
    notes: notes.md
    date: 2026-01-31
    """

  /// A study of a set of the tiny model, with few controls.
  package static let setYAML = """
    title: A tiny set
    slug: tiny-set
    model: ./model
    corpora:
      - {name: Dutch, path: nl.txt}
      - {name: German, path: de.json}
      - {name: English, path: en.jsonl}
      - {name: Stories, path: nl.txt, role: evaluation, documents: 2}
    target: Dutch
    neurons: [L0N3, L2N9, L1N5, L0N4]
    choosing: {share: 0.5}
    evidence:
      set_probe: {random: 2, resamples: 100}
      set_ablation: {random: 2, matched: 1, scaled: 3, directions: 2, resamples: 100}
    expect:
      - {figure: set_probe.together.accuracy, at_least: 0.1}
      - {figure: set_ablation.corpora.Dutch.beyond.value, at_most: 9}
    notes: notes.md
    """

  /// An atlas of the tiny model.
  static let atlasYAML = """
    kind: atlas
    title: A tiny atlas
    slug: tiny-atlas
    model: ./model
    corpora:
      - {name: Dutch, path: nl.txt}
      - {name: German, path: de.json}
    documents: 20
    window: 16
    seed: 1
    split: {confirmation: 0.6, similarity: 0.8}
    grades: {level: 0.05, confirmed: 0.9, next: 0.8, suggestive: 0.75}
    permutations: 99
    sets: {sizes: [1, 4], documents: 2, window: 8}
    pages: {neurons: 2, named: [L1N3], passages: 1, window: 8}
    date: 2026-01-31
    """

  /// The same as a JSON tree.
  static let atlasTree = """
    {"kind": "atlas", "title": "A tiny atlas", "slug": "tiny-atlas", "model": "./model",
     "revision": "main",
     "corpora": [{"name": "Dutch", "path": "nl.txt"}, {"name": "German", "path": "de.json"}],
     "parallel": false, "documents": 20, "window": 16, "seed": 1,
     "split": {"confirmation": 0.6, "similarity": 0.8},
     "grades": {"level": 0.05, "confirmed": 0.9, "next": 0.8, "suggestive": 0.75},
     "permutations": 99, "sets": {"sizes": [1, 4], "documents": 2, "window": 8},
     "pages": {"neurons": 2, "named": ["L1N3"], "passages": 1, "window": 8},
     "expect": [], "authors": ["A"]}
    """

  /// The study as a JSON tree, for changes that keep its syntax valid.
  static let tree = """
    {"title": "A tiny neuron", "slug": "tiny", "model": "./model", "revision": "main",
     "corpora": [{"name": "Dutch", "path": "nl.txt"},
      {"name": "German", "path": "de.json", "note": "Four sentences."},
      {"name": "English", "path": "en.jsonl", "documents": 3},
      {"name": "Stories", "path": "nl.txt", "role": "evaluation", "documents": 2}],
     "target": "Dutch", "other": ["German", "English"], "layer": 1, "neuron": 3, "documents": 100,
     "probe": {"documents": 5, "k": 4, "test_size": 0.2, "seed": 3, "splits": 2, "candidates": 3},
     "ablation": {"corpora": ["target", "Stories"], "value": "other-mean"},
     "prompts": [{"text": "De leden", "answers": ["e", " d"]}],
     "positions": {"neurons": ["auto", "probe.2"], "corpora": ["target", "other", "English"]},
     "padded": {"batch": 2, "batches": {"Stories": 1, "other": 3}},
     "expect": [{"figure": "sparse_probe.test_accuracy", "at_least": 0.1}],
     "published": [{"figure": "positions.0.counts", "value": [1, 2], "tolerance": 1, "source": "x"}],
     "notes": "notes.md", "date": "2026-01-31"}
    """

  /// Writes the study's folder; `changes` replace files of the same name.
  package static func write(_ changes: [String: [UInt8]] = [:], model: TinyModel, to folder: String)
    throws
  {
    var files = corpora.mapValues { Array($0.utf8) }
    files["study.yml"] = Array(yaml.utf8)
    files["model/config.json"] = Array(model.config.compact.utf8)
    files["model/model.safetensors"] = model.safetensors
    files["model/tokenizer.json"] = Array(model.tokenizer.compact.utf8)
    files.merge(changes) { $1 }
    try FileManager.default.createDirectory(
      atPath: folder + "/model", withIntermediateDirectories: true)
    for (name, bytes) in files {
      try Data(bytes).write(to: URL(filePath: folder + "/" + name))
    }
  }

  /// Runs the whole study in a folder, up to its findings.
  package static func findings(in folder: String) throws -> FindingsFile {
    let file = try StudyFile(reading: folder + "/study.yml")
    return try StudyRun(
      file, limits: RunLimits(threads: 1), environment: ["TMPDIR": folder]
    ).outcome().findings
  }
}
