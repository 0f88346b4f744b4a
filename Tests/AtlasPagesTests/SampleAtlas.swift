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
    func quoted(_ text: String) -> String { JSON.string(text).line }
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

  static func findings(
    labels: [String] = ["Dutch", "German", "French"], title: String = "A small atlas",
    slug: String = "small-atlas", token: String = " het", expect: String = "[]"
  ) throws -> AtlasFindings {
    let file = try file(labels: labels, title: title, slug: slug, expect: expect)
    let plain = LabelColumns(
      discovery: column(0.5), rank: (1...neurons).map { $0 }, auc: column(0.5), low: column(0.4), high: column(0.6), d: column(0),
      mcc: column(0), threshold: whole(1), next: whole(2), nextAUC: column(0.5),
      nextLow: column(0.4), reachedLabel: whole(900), reachedAtlas: whole(990), q: column(1),
      firing: column(0.4), lape: whole(0), grade: whole(0))
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
    return AtlasFindings(
      file: file,
      model: AtlasModel(
        name: "builtin:demo", revision: nil, family: "gpt_neox", layers: 2, dModel: 4, dMLP: 4,
        vocabulary: 100, context: 64, processing: "none", front: 1, beginning: "<|endoftext|>",
        isGated: false, weights: "ab"),
      design: AtlasDesign(
        withinPassages: true, passages: 40, cells: 24, selected: 2, confidence: 0.9958,
        edges: [-0.1, 0.5, 1.5], lape: .init(entropy: 1, share: 0.5), correlated: 5000),
      labels: [
        labels[0]: label(labels[0], confirmed: 1, suggestive: 0, lape: 1, best: 1, dutch),
        labels[1]: label(labels[1], confirmed: 0, suggestive: 1, lape: 0, best: 6, german),
        labels[2]: label(labels[2], confirmed: 0, suggestive: 0, lape: 0, best: 0, plain),
      ],
      neurons: NeuronColumns(
        mean: column(0.2), deviation: column(0.3, [3: 0]), min: column(-0.17),
        max: column(2.5, [3: 0]), firing: column(0.4, [3: 0, 5: 0.7]), entropy: column(1.09),
        cluster: whole(-1, [1: 0, 2: 0]), promoted: (0..<neurons).map { [$0 % 2] },
        fires: (0..<neurons).map { [1 - $0 % 2] }),
      cells: [dutch, german, plain],
      nulls: (labels + [nil as String?]).map {
        NullLine(label: $0, z: [2, 2.5, 3, 3.5, 4, 4.5], auc: [0.6, 0.62, 0.64, 0.66, 0.68, 0.7])
      },
      clusters: [NeuronCluster(members: [1, 2], r: 0.93)],
      pages: [detail(1, labels: [0], token: token), detail(6, labels: [1], token: token)],
      tokens: [token, " de"], sets: sets(), checkpoints: [], notes: ["A note."])
  }

  private static func label(
    _ name: String, confirmed: Int, suggestive: Int, lape: Int, best: Int, _ column: LabelColumns
  ) -> AtlasLabel {
    AtlasLabel(
      name: name, note: nil, discovery: .init(documents: 16, tokens: 1600),
      confirmation: .init(documents: 24, tokens: 2400), repeated: 1, cut: 2, confirmed: confirmed,
      suggestive: suggestive, lape: lape, clusters: min(confirmed, 1), best: best,
      auc: column.auc[best], low: column.low[best], high: column.high[best], sha256: "cd")
  }

  static func detail(_ place: Int, labels: [Int], token: String) -> NeuronDetail {
    NeuronDetail(
      place: place, labels: labels, isNamed: false, shownFor: labels[0], cut: 0.8, firstBin: 1,
      histograms: [[10, 30, 60], [80, 15, 5], [85, 10, 5]],
      promotes: [.init(token: token, score: 1.2)], suppresses: [.init(token: " the", score: -0.8)],
      reads: [.init(token: " een", score: 0.3)],
      passages: AtlasPassage.Kind.allCases.flatMap { kind in
        (0..<2).map { number in
          AtlasPassage(
            kind: kind, label: number, document: number, confirms: true,
            share: kind == .band ? 0.5 : nil, mean: 0.7,
            tokens: ["Zij", token, " boek"], values: [0.1, 2.4, -1.0])
        }
      })
  }

  /// Ablating Dutch's neurons raises the loss of Dutch most; German's that of French.
  static func sets() -> SetEffects {
    let own: [[Double]] = [[0.4, 0.01, 0], [0, 0.05, 0.1], [0, 0, 0.2]]
    return SetEffects(
      documents: [20, 20, 20], tokens: [1000, 1000, 1000], loss: [4, 4, 4], sizes: [1, 2, 4],
      effects: SetEffects.Ranking.allCases.flatMap { ranking in
        (0..<3).flatMap { label in
          [1, 2, 4].map { size in
            let share = ranking == .auc ? 1 : 0.1
            let change = own[label].map { $0 * share * Double(size) / 4 }
            return SetEffect(
              ranking: ranking, label: label, size: size, neurons: Array(0..<size),
              change: change, low: change.map { $0 - 0.005 }, high: change.map { $0 + 0.005 },
              hasIntervals: true)
          }
        }
      })
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
