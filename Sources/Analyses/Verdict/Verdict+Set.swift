import ReportModel
import StudyFile

// The verdict on a set: the same four tests with the set's own numbers, all neurons together.
extension Verdict.Numbers {
  /// What the tests' and sentences' words are about.
  package struct SubjectWords: Sendable, Equatable {
    package let subject: Subject
    /// `L3N436`, `these 2 neurons`
    package let name: String

    package init(subject: Subject = .neuron, name: String) {
      (self.subject, self.name) = (subject, name)
    }

    /// The analysis that tells whether it detects the target; below, what the model loses.
    var detecting: String { subject == .neuron ? ProbeSweep.id : SetProbe.id }
    var ablating: String { subject == .neuron ? AblationControls.id : SetAblation.id }

    /// What is claimed of the subject: `L3N436 is a neuron for Dutch`.
    func claim(_ target: String) -> String {
      switch subject {
      case .neuron: "\(name) is a neuron for \(target)"
      case .set: "\(name) together stand for \(target)"
      }
    }

    /// What its reading of the target is held against: the best random directions or sets.
    func controls(_ count: Int) -> String {
      switch subject {
      case .neuron: "\(count.of("random direction")) of its layer"
      case .set: "\(count.of("random set")) of their layers"
      }
    }

    /// What it does if it tells nothing, as a sentence without full stop.
    func tellsNothing(_ target: String) -> String {
      switch subject {
      case .neuron:
        "\(name) does not tell \(target) better than the best random direction of its layer"
      case .set:
        "\(name.prefix(1).uppercased() + name.dropFirst()) together do not tell \(target) better than "
          + "the best random set of their layers"
      }
    }

    /// `its change`, `their change`
    var possessive: String { subject == .neuron ? "its" : "their" }

    /// What documents that are no test on new text were used for.
    var chosen: String { subject == .neuron ? "choosing the neuron" : "fitting the set" }
    /// On which documents a claim in sample holds.
    var inSample: String {
      subject == .neuron ? "it was chosen on" : "they were fitted on"
    }
  }

  /// The numbers of a study of a set.
  init(set findings: Findings) {
    let study = findings.study
    let ablation = findings.result(of: SetAblation.self)
    self.init(
      subject: SubjectWords(subject: .set, name: study.subject), target: study.file.target,
      limits: study.file.verdict ?? VerdictLimits(),
      detection: findings.result(of: SetProbe.self).map(Verdict.Detection.init),
      loss: ablation?.corpora[study.file.target].map {
        Verdict.Loss(
          change: $0.together.change, percent: $0.together.percent,
          documents: $0.sample.documents, isNew: !$0.sample.holdsSelection,
          donors: study.file.ablation.value == .resample ? $0.sample.documents - 1 : nil)
      },
      controls: ablation.flatMap { result in
        (result.corpora[study.file.target]?.together.change.value).map { own in
          Verdict.Specificity(
            beaten: result.controls.equal.count { $0 < own }, count: result.controls.equal.count)
        }
      },
      others: study.file.other.compactMap { name in
        (ablation?.corpora[name]?.together.percent).map { .init(corpus: name, percent: $0) }
      })
    names = study.subjectNames
  }
}

extension Verdict.Detection {
  init(_ probe: SetProbe.Result) {
    self.init(
      mcc: probe.together.mcc, bestDirection: probe.random.map(\.mcc).max() ?? 0,
      directions: probe.random.count, place: nil, neurons: 0,
      documents: probe.judged.target.documents + probe.judged.other.documents,
      isNew: probe.isNew)
  }
}

extension Verdict {
  /// The rule on a set, in words.
  static func setRule(_ limits: VerdictLimits) -> String {
    """
    Detects: by MCC of one regression on all neurons of the set, on documents that it was not fitted \
    on, the lower end of the 95 % interval is at least \(Wording.fixed(limits.detects, 2)) and above \
    the best random set of the same layers. Matters: without all of them the target's loss rises by \
    at least \(Wording.fixed(limits.matters, 2)) %, the lower end above zero. Specific: by more than \
    under at least \(Wording.fixed(100 * limits.specific, 0)) % of the edits of equal size, and by a \
    larger share of its loss than on any other corpus. New text: these hold on documents that the set \
    was not fitted on. Strong: all four. Strong, in sample: the first three. Weak: a lower end above \
    its null. None: every interval includes its null. A test that was not run makes the verdict weak \
    at best.
    """
  }
}
