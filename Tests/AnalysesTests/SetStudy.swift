import Analyses
import Foundation
import JSON
import LanguageModel
import Passes
import SampleStudies
import Storage
import StudyFile

/// The study of a set of `Tests/reference/set_study.py`, and what TransformerLens and scikit-learn
/// found of it.
enum SetStudySample {
  static let set = NeuronSet(
    [(3, 436), (4, 52), (3, 31)].map { NeuronAddress(layer: $0.0, neuron: $0.1) })!

  /// - Parameter more: lines of the study file
  static func file(_ more: String = "") throws -> StudyFile {
    try StudyFile(
      yaml: """
        title: The Dutch set
        model: builtin:demo
        corpora:
          - {name: Dutch, path: "builtin:corpora/nl.txt"}
          - {name: German, path: "builtin:corpora/de.txt"}
          - {name: English, path: "builtin:corpora/en.txt"}
          - {name: Spanish, path: "builtin:corpora/es.txt"}
          - {name: French, path: "builtin:corpora/fr.txt"}
        target: Dutch
        neurons: [L3N436, L4N52, L3N31]
        choosing: {share: 0.45, documents: 16, window: 24}
        measuring: {documents: 20, window: 24}
        \(more)
        """)
  }

  static func resolved(_ more: String = "") throws -> ResolvedStudy {
    try ResolvedStudy(try file(more), environment: [:])
  }

  static func evidence(_ study: ResolvedStudy) throws -> Evidence {
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    return try Sweep(
      study, needs: Registry.needs(of: study), environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
  }

  /// The findings of the study; its evidence is run once for each call.
  static func findings(_ more: String = "") throws -> Findings {
    try Findings(try evidence(try resolved(more)))
  }

  static func golden() throws -> JSON {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/set.json").path
    return try JSON(parsing: FileBytes(reading: path))
  }
}
