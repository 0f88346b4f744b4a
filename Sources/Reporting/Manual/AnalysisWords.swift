import Analyses

/// What the manual says of an analysis besides its own question.
package struct AnalysisWords: Sendable {
  /// How to read its figures.
  package let reading: String
  /// What is computed.
  package let formula: String
  package let source: String

  /// By the analysis's id. A test asks for the words of every analysis of the registry.
  package static let all: [String: AnalysisWords] = [
    "examples": .init(
      "Read whole documents: a neuron that seems to mean a language may mean a name or a letter.",
      "Documents ranked by their largest activation, near copies left out by shingles of tokens; "
        + "tokens that a logistic regression on the neuron alone gets wrong: fitted on the documents "
        + "that chose it, judged on others.",
      "Practice of activation atlases and OpenAI's neuron viewer (Bills et al. 2023)."),
    "activation_histogram": .init(
      "Two humps that hardly overlap speak for a feature; a long common tail against one.",
      "Percent of the probe tokens of either class in each bin; the bin width is NumPy's `auto` rule.",
      "Gurnee et al. 2023, “Finding Neurons in a Haystack”."),
    "languages": .init(
      "A neuron of one language is high on one row alone.",
      "Mean activation on each corpus; Matthews correlation of the nearest class mean for that "
        + "corpus against all others, documents in two folds, each judged by the other's means.",
      "One-against-all version of the sparse probe."),
    "sparse_probe": .init(
      "Accuracy is held out by token; `probe_sweep` holds out by document and is the stricter one.",
      "Neurons ranked by |mean on the target − mean on the others|; L2 logistic regression (C = 1) on the first k.",
      "Gurnee et al. 2023."),
    "neuron_accuracy": .init(
      "Several splits: look at the spread, not at one number.",
      "One-feature L2 logistic regression for each candidate of each split; share of held-out tokens told rightly.",
      "Gurnee et al. 2023, k = 1."),
    "layer_probes": .init(
      "The distribution shows whether it stands out or is one of many.",
      "A one-feature logistic regression for each neuron of the layer, fitted on some of the "
        + "sweep's documents and judged on the others.",
      "Gurnee et al. 2023."),
    "probe_sweep": .init(
      "It should be beyond the random directions and the shuffled labels; MCC is 0 by chance and 1 at best.",
      "MCC = (TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN)) of all judgements together, each "
        + "document judged while its fold is held out; intervals by the jackknife over documents.",
      "Gurnee et al. 2023; control tasks after Hewitt and Liang 2019."),
    "ablation": .init(
      "In nats per token; 0.01 is 1 % of surprise. Padded averages are for comparison with notebooks alone.",
      "Mean of −log p(next token), ablated minus clean, over real tokens (masked) or whole padded batches (padded).",
      "Mean ablation after Wang et al. 2022."),
    "ablation_controls": .init(
      "The neuron should lie beyond the edits of equal size, and do so on the target alone.",
      "Ablated minus clean loss from position 1 on, in nats and as a share of the clean loss, for "
        + "up to six ways of ablation; 95 % intervals over documents.",
      "Controls after Gurnee et al. 2023; bootstrap after Efron and Tibshirani 1993."),
    "comparison": .init(
      "Several neurons that do the same share the work; ablating one then shows too little.",
      "The measures of the sweep and of the ablation for each neuron that `compare` names.",
      "—"),
    "effects": .init(
      "Direct and indirect need not add up to the total; the remainder says by how much they do not.",
      "Path patching: the loss with the ablated output seen by the unembedding alone, and by each later head and MLP alone.",
      "Wang et al. 2022, “Interpretability in the Wild”; Goldowsky-Dill et al. 2023."),
    "neuron_logits": .init(
      "A list of one language's words is evidence; a list of fragments is none.",
      "W_out · W_U of the neuron, centred over the vocabulary; mean share in the logit of the next token; logit lens of every layer with and without it.",
      "nostalgebraist 2020 (logit lens); Elhage et al. 2021."),
    "logit_attribution": .init(
      "Bars add up to the logit difference at the end of the prompt.",
      "(contribution to the residual stream / final norm's scale) · (W_U[first] − W_U[second]).",
      "Elhage et al. 2021, “A Mathematical Framework for Transformer Circuits”."),
    "weight_similarity": .init(
      "Random directions of the model's width show how much similarity comes by chance.",
      "cos(W_out[neuron], W_in[·, later]) and their dot product; chance from the distribution of cosines on the unit sphere.",
      "Gurnee et al. 2024, “Universal Neurons in GPT2 Language Models”."),
    "downstream": .init(
      "Weights say what could be read; this says what is.",
      "Mean activation clean minus ablated on the first evaluation corpus, as the notebook has it; "
        + "the page shows ablated minus clean.",
      "—"),
    "upstream": .init(
      "Parts add up to its pre-activation; moves beyond those of edits of equal size are its own.",
      "Pre-activation split over embedding, heads, MLPs and bias through the folded norm; standardised change of later activations.",
      "Elhage et al. 2021."),
    "positions": .init(
      "A neuron of a language rises within some tokens and stays.",
      "Mean activation and mean loss of the documents that reach a position.",
      "—"),
    "position_response": .init(
      "Intervals over documents; the fixed cohort has the same documents at every position.",
      "Position-wise means with intervals over documents; the beginnings of two documents, joined, "
        + "for the switch.",
      "—"),
    "prompts": .init(
      "Single prompts illustrate; they prove nothing.",
      "p(token) = softmax of the last position's logits; rank among the vocabulary.",
      "Wang et al. 2022 (logit difference)."),
    "objections": .init(
      "Each names the section that has the evidence, and what is left open.",
      "No computation of its own: which analyses the study runs, and on which documents.",
      "—"),
  ]

  private init(_ reading: String, _ formula: String, _ source: String) {
    self.reading = reading
    self.formula = formula
    self.source = source
  }
}
