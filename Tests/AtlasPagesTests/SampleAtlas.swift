import Atlas
import AtlasPages
import Foundation
import JSON
import Reporting
import SiteRenderer
import Storage
import StudyFile

/// Small findings made by hand: three labels and eight neurons in two layers.
///
/// L0N1 is confirmed for Dutch, L1N2 suggestive for German; French has nothing. L0N3 never fires.
enum SampleAtlas {
  static let neurons = 8

  /// Text that acts or breaks out of HTML, Markdown, JavaScript or CSV.
  static let hostile =
    "</title><script>window.ran=1</script> ![x](javascript:alert(1)) ]]> | ` ``` \" ' <!-- \u{202E} "
    + "*b* {{x}} =1+1 \u{2028} \\"

  static func file(
    labels: [String] = ["Dutch", "German", "French"], title: String = "A small atlas",
    slug: String = "small-atlas", note: String? = nil, expect: String = "[]"
  ) throws -> AtlasFile {
    let corpora = labels.enumerated().map {
      "{\"name\": \(quoted($0.element)), \"path\": \"\($0.offset).txt\", \"role\": \"study\""
        + (note.map { ", \"note\": \(quoted($0))" } ?? "") + "}"
    }
    let text = """
      {"kind": "atlas", "title": \(quoted(title)), "slug": "\(slug)", "model": "builtin:demo",
       "revision": "main", "revisions": [], "corpora": [\(corpora.joined(separator: ", "))],
       "parallel": true, "documents": 40, "seed": 0,
       "split": {"confirmation": 0.6, "similarity": 0.8},
       "grades": {"level": 0.05, "confirmed": 0.9, "next": 0.8, "suggestive": 0.75},
       "permutations": 999, "sets": {"sizes": [1, 2, 4], "documents": 20, "window": 64},
       "pages": {"neurons": 2, "named": [], "passages": 2, "window": 8}, "expect": \(expect)}
      """
    return try JSON.decode(AtlasFile.self, from: FileBytes(Array(text.utf8), name: "sample"))
  }

  /// A column that is the same for all neurons but those named.
  static func column(_ value: Double, _ others: [Int: Double] = [:]) -> [Double] {
    (0..<neurons).map { others[$0] ?? value }
  }

  static func whole(_ value: Int, _ others: [Int: Int] = [:]) -> [Int] {
    (0..<neurons).map { others[$0] ?? value }
  }

  private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value
  {
    try JSON.decode(type, from: FileBytes(Array(text.utf8), name: "sample"))
  }

  private static func quoted(_ text: String) -> String { JSON.string(text).line }

  /// A label that no neuron stands for.
  static func plainColumns() throws -> LabelColumns {
    try decoded(
      LabelColumns.self,
      """
      {"discovery": \(column(0.5)), "rank": \((1...neurons).map { $0 }), "auc": \(column(0.5)),
       "low": \(column(0.4)), "high": \(column(0.6)), "d": \(column(0)), "mcc": \(column(0)),
       "threshold": \(whole(1)), "next": \(whole(2)), "next_auc": \(column(0.5)),
       "next_low": \(column(0.4)), "reached_label": \(whole(900)), "reached_atlas": \(whole(990)),
       "q": \(column(1)), "firing": \(column(0.4)), "lape": \(whole(0)), "grade": \(whole(0))}
      """)
  }

  static func findings(
    labels: [String] = ["Dutch", "German", "French"], title: String = "A small atlas",
    slug: String = "small-atlas", token: String = " het", expect: String = "[]"
  ) throws -> AtlasFindings {
    let plain = try plainColumns()
    let dutch = dutch(plain)
    let german = german(plain)
    let own = try [
      label(labels[0], confirmed: 1, suggestive: 0, lape: 1, best: 1, dutch),
      label(labels[1], confirmed: 0, suggestive: 1, lape: 0, best: 6, german),
      label(labels[2], confirmed: 0, suggestive: 0, lape: 0, best: 0, plain),
    ]
    var findings = try decoded(AtlasFindings.self, frame(labels, title, slug, expect))
    findings.labels = Dictionary(uniqueKeysWithValues: own.map { ($0.name, $0) })
    findings.neurons = try neuronColumns()
    findings.cells = [dutch, german, plain]
    findings.nulls = try (labels.map(quoted) + ["null"]).map { name in
      try decoded(
        NullLine.self,
        """
        {"label": \(name), "z": [2, 2.5, 3, 3.5, 4, 4.5], "auc": [0.6, 0.62, 0.64, 0.66, 0.68, 0.7]}
        """)
    }
    findings.clusters = [
      try decoded(NeuronCluster.self, "{\"members\": [1, 2], \"r\": 0.93}")
    ]
    findings.pages = [
      try detail(1, label: 0, token: token), try detail(6, label: 1, token: token),
    ]
    findings.tokens = [token, " de"]
    findings.sets = try sets()
    return findings
  }

  /// Findings without columns.
  private static func frame(
    _ labels: [String], _ title: String, _ slug: String, _ expect: String
  ) throws -> String {
    let file = try JSON(
      encoding: file(labels: labels, title: title, slug: slug, expect: expect), file: "sample")
    return """
      {"format": 1, "kind": "atlas", "file": \(file.line),
       "model": {"name": "builtin:demo", "family": "gpt_neox", "layers": 2, "d_model": 4, "d_mlp": 4,
        "vocabulary": 100, "context": 64, "processing": "none", "front": 1,
        "beginning": "<|endoftext|>", "is_gated": false, "weights": "ab"},
       "design": {"within_passages": true, "passages": 40, "cells": 24, "selected": 2,
        "confidence": 0.9958, "edges": [-0.1, 0.5, 1.5], "lape": {"entropy": 1, "share": 0.5},
        "correlated": 5000},
       "labels": {}, "neurons": {"mean": [], "deviation": [], "min": [], "max": [], "firing": [],
        "entropy": [], "cluster": [], "promoted": [], "fires": []},
       "cells": [], "nulls": [], "clusters": [], "pages": [], "tokens": [], "checkpoints": [],
       "notes": ["A note."]}
      """
  }

  private static func dutch(_ plain: LabelColumns) -> LabelColumns {
    var dutch = plain
    dutch.discovery = column(0.5, [1: 0.99, 6: 0.7])
    dutch.rank = [3, 1, 4, 5, 6, 7, 2, 8]
    dutch.auc = column(0.5, [1: 0.985, 6: 0.7])
    dutch.low = column(0.4, [1: 0.951])
    dutch.high = column(0.6, [1: 0.998])
    dutch.next = whole(1)
    dutch.nextAUC = column(0.5, [1: 0.97])
    dutch.nextLow = column(0.4, [1: 0.91])
    dutch.reachedLabel = whole(900, [1: 0])
    dutch.reachedAtlas = whole(990, [1: 0])
    dutch.q = column(1, [1: 0.0002])
    dutch.lape = whole(0, [1: 1])
    dutch.grade = whole(0, [1: 2])
    return dutch
  }

  private static func german(_ plain: LabelColumns) -> LabelColumns {
    var german = plain
    german.discovery = column(0.5, [6: 0.9])
    german.rank = [2, 3, 4, 5, 6, 7, 1, 8]
    german.auc = column(0.5, [6: 0.86])
    german.low = column(0.4, [6: 0.78])
    german.high = column(0.6, [6: 0.93])
    german.next = whole(0)
    german.reachedAtlas = whole(990, [6: 120])
    german.q = column(1, [6: 0.01])
    german.grade = whole(0, [6: 1])
    return german
  }

  private static func neuronColumns() throws -> NeuronColumns {
    let promoted = (0..<neurons).map { [$0 % 2] }
    let fires = (0..<neurons).map { [1 - $0 % 2] }
    return try decoded(
      NeuronColumns.self,
      """
      {"mean": \(column(0.2)), "deviation": \(column(0.3, [3: 0])), "min": \(column(-0.17)),
       "max": \(column(2.5, [3: 0])), "firing": \(column(0.4, [3: 0, 5: 0.7])),
       "entropy": \(column(1.09)), "cluster": \(whole(-1, [1: 0, 2: 0])), "promoted": \(promoted),
       "fires": \(fires)}
      """)
  }

  private static func label(
    _ name: String, confirmed: Int, suggestive: Int, lape: Int, best: Int, _ column: LabelColumns
  ) throws -> AtlasLabel {
    try decoded(
      AtlasLabel.self,
      """
      {"name": \(quoted(name)), "discovery": {"documents": 16, "tokens": 1600},
       "confirmation": {"documents": 24, "tokens": 2400}, "repeated": 1, "cut": 2,
       "confirmed": \(confirmed), "suggestive": \(suggestive), "lape": \(lape),
       "clusters": \(min(confirmed, 1)), "best": \(best), "auc": \(column.auc[best]),
       "low": \(column.low[best]), "high": \(column.high[best]), "sha256": "cd"}
      """)
  }

  static func detail(_ place: Int, label: Int, token: String) throws -> NeuronDetail {
    let passages = AtlasPassage.Kind.allCases.flatMap { kind in
      (0..<2).map { number in
        """
        {"kind": "\(kind.rawValue)", "label": \(number), "document": \(number), "confirms": true,
         "share": \(kind == .band ? "0.5" : "null"), "mean": 0.7,
         "tokens": ["Zij", \(quoted(token)), " boek"], "values": [0.1, 2.4, -1.0]}
        """
      }
    }
    return try decoded(
      NeuronDetail.self,
      """
      {"place": \(place), "labels": [\(label)], "is_named": false, "shown_for": \(label), "cut": 0.8,
       "first_bin": 1, "histograms": [[10, 30, 60], [80, 15, 5], [85, 10, 5]],
       "promotes": [{"token": \(quoted(token)), "score": 1.2}],
       "suppresses": [{"token": " the", "score": -0.8}], "reads": [{"token": " een", "score": 0.3}],
       "passages": [\(passages.joined(separator: ", "))]}
      """)
  }

  static func checkpoint(
    _ name: String, confirmed: Int = 0, equals: String? = nil, change: [Double] = []
  ) throws -> AtlasCheckpoint {
    let figures = """
      {"confirmed": \(confirmed), "suggestive": 0, "best": 2, "auc": 0.6, "low": 0.5, "high": 0.7,
       "final": 0.55, "change": \(change)}
      """
    return try decoded(
      AtlasCheckpoint.self,
      """
      {"name": "\(name)", "weights": "ab", "equals": \(equals.map(quoted) ?? "null"),
       "labels": [\(figures), \(figures), \(figures)]}
      """)
  }

  /// Ablating Dutch's neurons raises the loss of Dutch most; German's that of French.
  static func sets() throws -> SetEffects {
    let own: [[Double]] = [[0.4, 0.01, 0], [0, 0.05, 0.1], [0, 0, 0.2]]
    var effects: [String] = []
    for ranking in SetEffects.Ranking.allCases {
      for label in 0..<3 {
        for size in [1, 2, 4] {
          let share: Double = ranking == .auc ? 1 : 0.1
          let scale: Double = share * Double(size) / 4
          let change = own[label].map { $0 * scale }
          effects.append(
            """
            {"ranking": "\(ranking.rawValue)", "label": \(label), "size": \(size),
             "neurons": \((0..<size).map { $0 }), "change": \(change),
             "low": \(change.map { $0 - 0.005 }), "high": \(change.map { $0 + 0.005 }),
             "has_intervals": true}
            """)
        }
      }
    }
    return try decoded(
      SetEffects.self,
      """
      {"documents": [20, 20, 20], "tokens": [1000, 1000, 1000], "loss": [4, 4, 4],
       "sizes": [1, 2, 4], "effects": [\(effects.joined(separator: ", "))]}
      """)
  }

  static func report(_ findings: AtlasFindings) throws -> AtlasReport {
    AtlasReport(try AtlasFindingsFile(findings))
  }

  static func report() throws -> AtlasReport { try report(findings()) }

  static func pages() throws -> PageBuilder { PageBuilder(templates: try TemplateLibrary()) }

  static func site(
    _ findings: AtlasFindings, limits: AtlasSite.Limits = .init()
  ) throws -> AtlasSite {
    try AtlasSite(report(findings), pages: pages(), limits: limits)
  }

  static func text(_ path: String, of site: AtlasSite) -> String? {
    site.files.first { $0.path == path }?.text
  }
}
