import Analyses
import LanguageModel
import Passes
import ReportModel
import SampleStudies
import StudyFile

/// The demo study cut to a few documents, for sections and runs.
enum DemoStudy {
  static func resolved(evaluation: Bool = true, padded: Bool = true) throws -> ResolvedStudy {
    var file = try InSampleStudy.demo.file
    file.documents = 4
    file.probe.documents = 4
    file.probe.splits = 1
    if !padded { file.padded = nil }
    if !evaluation {
      file.corpora.removeAll { $0.role == .evaluation }
      file.ablation.corpora = [.target]
      file.padded = nil
    }
    return try ResolvedStudy(file, environment: [:])
  }

  static func findings() throws -> FindingsStudy {
    FindingsStudy(try resolved(), neuron: NeuronAddress(layer: 3, neuron: 436))
  }

  static func evidence(_ study: ResolvedStudy, for analysis: some Analysis) throws -> Evidence {
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    return try Sweep(study, needs: analysis.needs(study), environment: [:]).run(in: model)
  }
}
