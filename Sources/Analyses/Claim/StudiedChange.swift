import Passes
import ReportModel
import StudyFile

/// What the study's ablation changes on a corpus, of a neuron or of a set.
struct StudiedChange {
  let loss: LossChange
  let sample: DocumentSample.Size
}

extension Findings {
  /// What the study's ablation changes on a corpus; nil where that was not measured.
  func change(on corpus: String) -> StudiedChange? {
    switch study.file.subject {
    case .neuron:
      let kind = AblationControls.Kind(study.file.ablation.value).rawValue
      return result(of: AblationControls.self)?.corpora[corpus].flatMap { found in
        found.ablations[kind].map { StudiedChange(loss: $0, sample: found.sample) }
      }
    case .set:
      return result(of: SetAblation.self)?.corpora[corpus].map {
        StudiedChange(loss: $0.together, sample: $0.sample)
      }
    }
  }

  /// How well the subject tells the target's tokens on held-out documents; nil where that was not
  /// measured.
  package var heldOutMCC: Measured? {
    result(of: ProbeSweep.self)?.signedMCC ?? result(of: SetProbe.self)?.together.mcc
  }

  /// The change of the target's loss in percent, and whether the documents are new; nil where that
  /// was not measured.
  package var targetLoss: (percent: Measured, isNew: Bool)? {
    change(on: study.file.target).map { ($0.loss.percent, !$0.sample.holdsSelection) }
  }
}
