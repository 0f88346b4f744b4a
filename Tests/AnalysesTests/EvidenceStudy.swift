import Analyses
import Foundation
import JSON
import LanguageModel
import Passes
import SampleStudies
import Storage
import StudyFile

/// The demo study on twelve target documents and four of each other corpus, as
/// `Tests/reference/evidence_neurons.py` runs it, and what that script recorded.
enum EvidenceStudy {
  static func resolved(
    splits: Int = 3, neuron: NeuronReference = .number(436),
    layer: LayerReference = .number(3)
  ) throws -> ResolvedStudy {
    var file = try InSampleStudy.demo.file
    file.corpora.removeAll { $0.role == .evaluation }
    for index in file.corpora.indices {
      file.corpora[index].documents = file.corpora[index].name == file.target ? 12 : 4
    }
    file.neuron = neuron
    file.layer = layer
    file.probe.splits = splits
    file.ablation.corpora = [.target]
    file.padded = nil
    return try ResolvedStudy(file, environment: [:])
  }

  static func evidence(for analysis: some Analysis) throws -> Evidence {
    let study = try resolved()
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    return try Sweep(
      study, needs: analysis.needs(study), environment: ["TMPDIR": NSTemporaryDirectory()]
    ).run(in: model)
  }

  static func golden(_ part: String) throws -> JSON {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/evidence.json").path
    return try JSON(parsing: FileBytes(reading: path))[part]!
  }
}

extension JSON {
  /// The numbers of a list, or the one number.
  var doubles: [Double] { array?.compactMap(\.double) ?? double.map { [$0] } ?? [] }
}
