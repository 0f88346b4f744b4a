import Passes

/// The eighteen objections that reviewers raise to studies of neurons. Each analysis names those it
/// answers.
package enum KnownObjection: CaseIterable, Sendable {
  case trainingAccuracy, splitDocuments, averagedByRank, oneLayer, lumpedLanguages
  case chosenAndMeasured, ablatedBeginning, batchMeans, fractions, noControls, noIntervals
  case bins, noNull, cancelling, ownScales, changingSigns, fallingLogits, latePositions

  /// The objection as one sentence.
  var objection: String {
    switch self {
    case .trainingAccuracy: "Training accuracy is shown."
    case .splitDocuments: "Tokens of one document land in both parts of a random split."
    case .averagedByRank: "Accuracy is averaged by rank across splits."
    case .oneLayer: "One layer is searched."
    case .lumpedLanguages: "The other class is cut at its end; languages are lumped together."
    case .chosenAndMeasured: "The neuron is ablated on the documents it was chosen on."
    case .ablatedBeginning: "BOS is ablated too, and to one value."
    case .batchMeans: "A loss is a mean of batch means."
    case .fractions: "A fraction is called percent."
    case .noControls: "There are no controls."
    case .noIntervals: "There are no intervals."
    case .bins: "Histograms choose bins for each class and call percent probability."
    case .noNull: "Similarities have no null."
    case .cancelling: "Downstream differences cancel."
    case .ownScales: "Logit attribution leaves out b_U, and each run has its own scale."
    case .changingSigns: "Signs change from plot to plot."
    case .fallingLogits: "A probability can rise while the logit falls."
    case .latePositions: "Late positions hold only long documents."
    }
  }

  /// How the analyses that answer the objection meet it.
  var answer: String {
    switch self {
    case .trainingAccuracy: "Held-out accuracy leads; the training one stands beside it."
    case .splitDocuments: "The sweep of probes splits by document."
    case .averagedByRank: "It is averaged by neuron."
    case .oneLayer: "Every neuron of every layer is probed, beside random directions."
    case .lumpedLanguages: "Each corpus is shown by itself."
    case .chosenAndMeasured:
      "It is chosen on some documents and measured on others, drawn at random."
    case .ablatedBeginning:
      "Ablation starts behind BOS, to two means, zero and, with donors enough, two resamplings."
    case .batchMeans: "It is weighted by token and, beside it, by document."
    case .fractions: "Changes are given in nats and in percent."
    case .noControls:
      "Edits of equal size, of random neurons and along random directions, and other corpora."
    case .noIntervals: "95 % intervals over documents, none for fewer than ten."
    case .bins: "Classes share edges, and the axis says percent."
    case .noNull: "Beside them stand random directions, random neurons, and edits of equal size."
    case .cancelling:
      "Changes are standardised by the clean spread, beside those under edits of equal size."
    case .ownScales: "Sum check with b_U, own and frozen scale, and the neuron's own term."
    case .changingSigns: "Always first answer minus second, said in each caption."
    case .fallingLogits:
      "Rank, logit and log-probability are given, for prompts and averaged over documents."
    case .latePositions: "Each position's count, and a fixed cohort with intervals."
    }
  }

  /// What a study needs for the answer to hold; nil for nothing.
  var condition: StudyCondition? {
    switch self {
    case .chosenAndMeasured: .heldOut
    case .noNull, .cancelling: .laterLayers
    case .ownScales, .changingSigns: .answers
    case .fallingLogits: .prompts
    case .latePositions: .positions
    default: nil
    }
  }

  /// Whether the answer is followed by the numbers of resamples.
  var isResampled: Bool { self == .noIntervals }

  /// The ids of the analyses that answer it, in the registry's order.
  package func sections(among analyses: [any Analysis] = Registry.all) -> [String] {
    analyses.filter { type(of: $0).answers.contains(self) }.map(\.id)
  }
}

/// What a study needs for an answer to hold.
enum StudyCondition: CaseIterable {
  case laterLayers, prompts, answers, positions, heldOut

  /// Why a study does not meet the condition; nil if it does.
  func shortfall(in study: ResolvedStudy) -> String? {
    switch self {
    case .laterLayers:
      study.laterLayers.isEmpty ? "The studied layer is the last: nothing comes later." : nil
    case .prompts: study.prompts.isEmpty ? "The study has no prompts." : nil
    case .answers:
      study.prompts.contains { $0.answers.count > 1 }
        ? nil : "No prompt of the study has two answers."
    case .positions:
      study.file.positions.corpora.isEmpty ? "The study names no corpus for positions." : nil
    case .heldOut:
      DocumentSample(of: .target, in: study).size.holdsSelection
        ? "The target has no documents but those that the neuron was chosen on; the sections say "
          + "so, and their numbers flatter it." : nil
    }
  }
}
