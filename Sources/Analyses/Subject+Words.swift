import StudyFile

// What can be asked of one neuron and not of a set, and the other way round: an explicit wish is
// refused by name, with the reason and with what to do instead.

extension Subject {
  /// `one neuron`, `a set`
  var words: String {
    switch self {
    case .neuron: "one neuron"
    case .set: "a set"
    }
  }
}

extension Analysis {
  /// Why it is not run for a subject that it does not answer for, and what to do.
  static func whyNot(_ subject: Subject) -> String {
    switch subject {
    case .set:
      "\(id) \(ofOneNeuron[id] ?? "asks about one neuron"). "
        + "Leave it out, or study one of the neurons with layer: and neuron:."
    case .neuron: "\(id) asks about several neurons together: name them with neurons:."
    }
  }
}

/// What in an analysis belongs to one neuron, as the predicate of a sentence.
private let ofOneNeuron = [
  "examples": "reads one neuron's activations; set_examples shows each neuron of a set",
  "activation_histogram": "draws one neuron's activations",
  "languages": "compares one neuron with its layer; set_probe says how the set reads the target",
  "sparse_probe": "chooses neurons; a set is chosen already, and set_probe fits its neurons",
  "neuron_accuracy": "chooses neurons; set_probe judges each of a set",
  "layer_probes": "ranks the neurons of one layer",
  "probe_sweep": "ranks one neuron among all; set_probe holds a set against random sets",
  "ablation": "is the notebook's ablation of one neuron; set_ablation ablates a set",
  "ablation_controls": "edits one neuron; set_ablation has the controls of a set",
  "comparison": "puts neurons beside one; set_ablation has each neuron beside the set",
  "effects": "follows what one neuron writes through later components",
  "neuron_logits": "unembeds the one direction that a neuron writes",
  "logit_attribution": "shows one neuron's term beside the components'",
  "weight_similarity": "compares the one direction that a neuron writes with what others read",
  "downstream": "follows the neurons that weight_similarity finds for one neuron",
  "upstream": "splits the input of one neuron",
  "positions": "draws one neuron along a document",
  "position_response": "asks when one neuron fires",
  "prompts": "runs prompts without one neuron",
  "objections": "answers objections to studies of one neuron",
]
