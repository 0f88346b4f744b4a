import Analyses

/// The manual's words on an analysis, besides the question that the analysis states itself.
package struct AnalysisWords: Sendable {
  /// How a reader should take its figures.
  package let reading: String
  /// The definition of what is computed, in words and formulas.
  package let formula: String
  /// The publications that the definition is taken from, or why it is this project's own.
  package let source: String

  /// The words by the analysis's id. A test checks that every analysis of the registry has some.
  package static let all: [String: AnalysisWords] = [
    "examples": .init(
      """
      Read the passages whole: a neuron that seems to stand for a language may stand for a name or \
      a letter.
      """,
      """
      Documents that did not choose the neuron, ranked by their highest activation: the strongest, \
      the weakest and those at three quantiles. A passage that shares 8 tokens in a row with one \
      already shown is left out. Errors are the tokens that a logistic regression on the neuron \
      alone classifies wrongly; false alarms are ranked by its log-odds, misses by hook_pre.
      """,
      """
      Bills et al. 2023, “Language models can explain neurons in language models”; passages from \
      all quantiles after Bricken et al. 2023, “Towards Monosemanticity”.
      """),
    "activation_histogram": .init(
      """
      Two humps that hardly overlap speak for a feature; a long tail that both classes share \
      speaks against one.
      """,
      """
      The percentage of each class's probe tokens in each bin. The classes share the bins, whose \
      width is Freedman and Diaconis's for both together, rounded to 1, 2 or 5 times a power of \
      ten.
      """,
      """
      Gurnee et al. 2023, “Finding Neurons in a Haystack”; bin width after Freedman and Diaconis \
      1981.
      """),
    "languages": .init(
      "A neuron for one language is high on that language's row alone.",
      """
      The mean and the quantiles of the activation on each corpus, over documents that did not \
      choose the neuron. MCC of one corpus against all others together, for every neuron of the \
      layer: a token belongs to the side whose mean is nearer, and the means are those of the \
      other of two folds of documents.
      """,
      "MCC after Matthews 1975; one corpus against the rest after Rifkin and Klautau 2004."),
    "sparse_probe": .init(
      """
      Tokens of one document are in both parts of the split, so accuracy is that of new tokens; \
      `probe_sweep` holds out whole documents and is the stricter test.
      """,
      """
      Neurons ranked by |mean on the target − mean on the other class| over the training tokens; \
      one L2 logistic regression (C = 1) on the first k together.
      """,
      "Gurnee et al. 2023."),
    "neuron_accuracy": .init(
      "There are several splits: look at the spread, not at one number.",
      """
      A one-feature L2 logistic regression (C = 1) for each candidate of each split by token; the \
      share of held-out tokens that it classifies correctly, averaged over the splits of the same \
      neuron.
      """,
      "Gurnee et al. 2023, with k = 1."),
    "layer_probes": .init(
      "The distribution shows whether the neuron stands out or is one of many.",
      """
      A one-feature L2 logistic regression (C = 1) for each neuron of the layer, on the documents \
      of `probe_sweep`. The share `probe.test_size` of the documents of each class is held out, \
      and accuracy is that on their tokens.
      """,
      "Gurnee et al. 2023, with k = 1."),
    "probe_sweep": .init(
      """
      The MCC should exceed that of the random directions and of the best neuron under shuffled \
      labels; it is 0 by chance and 1 at best.
      """,
      """
      MCC = (TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN)) over the held-out judgements of all \
      folds together. A token belongs to the class whose mean activation is nearer, and the means \
      are those of all other folds of documents. The interval is Student's over documents, from \
      the jackknife of Fisher's z. With n shuffles of the documents' labels, in m of which the \
      best of all neurons reaches the neuron's MCC, p = (1 + m) / (1 + n).
      """,
      """
      Gurnee et al. 2023; MCC after Matthews 1975; shuffled labels after Hewitt and Liang 2019, \
      their maximum over all neurons after Westfall and Young 1993; jackknife after Tukey 1958.
      """),
    "ablation": .init(
      """
      In nats per token: a rise of 0.01 is 1 % of perplexity. It has no interval and includes \
      documents that chose the neuron. Padded averages are for comparison with notebooks alone.
      """,
      """
      The mean of −log p(next token), ablated minus clean, over real tokens (masked) or over whole \
      padded batches (padded). The neuron is set to `ablation.value` at every position, BOS \
      included.
      """,
      "Mean ablation after Wang et al. 2022, “Interpretability in the Wild”."),
    "ablation_controls": .init(
      """
      The neuron's change should exceed those under edits of equal size, and it should be large on \
      the target alone.
      """,
      """
      Ablated minus clean loss from position 1 on, in nats per token and in percent of the clean \
      loss, with the neuron set to its mean over the other class, its own mean, zero, and, with at \
      least 20 donors, to activations of other documents. Controls are random neurons and random \
      directions scaled to shift each document's residual stream as far as the study's ablation \
      does, then neurons with an edit of like size and plain random neurons. Intervals are over \
      documents: none below 10, Student's up to 40, BCa beyond.
      """,
      """
      Mean ablation after Wang et al. 2022; resampling after Chan et al. 2022, “Causal Scrubbing”; \
      BCa after Efron 1987. Edits of equal size are this project's: a random neuron's own ablation \
      moves the residual stream far less.
      """),
    "comparison": .init(
      """
      Neurons with the same effect may share the work; ablating one of them then shows too little.
      """,
      """
      The measures of `probe_sweep`, and the change of the loss on both classes under the study's \
      ablation, for each neuron that `compare` names.
      """,
      """
      This project, which joins two other analyses here. That other parts make up for an ablated \
      one: McGrath et al. 2023, “The Hydra Effect”.
      """),
    "effects": .init(
      """
      Direct and indirect effect need not add up to the total; the remainder says by how much they \
      do not.
      """,
      """
      Path patching. Total: the neuron is ablated and the model runs on. Direct: the neuron is \
      ablated, and every later head and MLP writes what it wrote in the clean run. Indirect: the \
      neuron is clean, and they write what they wrote in the ablated run. By component: one of \
      them alone does. p values are Student's over documents, after Holm's correction.
      """,
      """
      Wang et al. 2022; Goldowsky-Dill et al. 2023, “Localizing Model Behavior with Path \
      Patching”; direct and indirect effects after Vig et al. 2020; Holm 1979.
      """),
    "neuron_logits": .init(
      "A list of words of one language is evidence; a list of fragments is none.",
      """
      w_out · W_U for every token of the vocabulary, and the moments of their cosines beside those \
      of the layer's other neurons. The mean over tokens of what each component adds to the logit \
      of the true next token, clean and ablated, with the final norm's scale of its own run and of \
      the clean run. The logit lens after every layer.
      """,
      """
      Output direction and moments after Gurnee et al. 2024, “Universal Neurons in GPT2 Language \
      Models”; attribution after Elhage et al. 2021; logit lens after nostalgebraist 2020.
      """),
    "logit_attribution": .init(
      """
      The components and the difference of b_U add up to the logit difference at the end of the \
      prompt, before a soft cap if the model has one.
      """,
      """
      (component's output / the run's own final scale) · (W_U[first] − W_U[second]), where the \
      output is centred if the final norm centres.
      """,
      """
      Elhage et al. 2021, “A Mathematical Framework for Transformer Circuits”; logit difference \
      after Wang et al. 2022.
      """),
    "weight_similarity": .init(
      """
      A cosine counts only beyond the marks, which show what a layer of random directions reaches \
      by chance.
      """,
      """
      cos(W_out of the neuron, W_in of a later neuron) and their dot product, in gated models also \
      with W_gate. The marks are the expected largest |cos| among as many uniformly random \
      directions as a layer has neurons.
      """,
      "Gurnee et al. 2024."),
    "downstream": .init(
      """
      The weights say which later neurons could read the neuron; this says which of them change \
      without it.
      """,
      """
      The mean activation, clean minus ablated at every position, on the first evaluation corpus, \
      for the ten neurons of each later layer with the largest |cos| in `weight_similarity` and \
      for all others. Findings keep the notebook's sign; pages show ablated minus clean.
      """,
      """
      This project: the notebook's test of `weight_similarity` by ablation, a form of causal \
      mediation (Vig et al. 2020).
      """),
    "upstream": .init(
      """
      The parts and b_in add up to the pre-activation. A change of later neurons is the neuron's \
      own only where it exceeds those under edits of equal size.
      """,
      """
      The mean over tokens of (component's output / scale of the norm before the MLP) · w_in; in \
      gated models the same for the gate. For later neurons, (mean ablated − mean clean) / clean \
      standard deviation, beside random neurons and random directions scaled to the size of the \
      study's ablation.
      """,
      """
      Decomposition after Elhage et al. 2021; gated neurons after Gerstner and Schütze 2025. Edits \
      of equal size are this project's, as in `ablation_controls`.
      """),
    "positions": .init(
      """
      A neuron for a language rises within the first tokens and stays high. Late positions hold \
      long documents alone, so watch their number.
      """,
      "The mean activation and the mean loss over the documents that reach a position.",
      "Loss by position after Kaplan et al. 2020, “Scaling Laws for Neural Language Models”."),
    "position_response": .init(
      """
      The fixed cohort has the same documents at every position. A switch of language says \
      something only beside a switch between two documents of one class.
      """,
      """
      Means by position with intervals over documents: none below 10, Student's up to 40, \
      percentiles of the bootstrap beyond. The number of tokens until the activation is on the \
      target's side of the midpoint of the class means. A switch is BOS, the first tokens of one \
      document, then the first of another.
      """,
      """
      This project: the cohort keeps position and length of documents apart. Percentile bootstrap \
      after Efron 1979.
      """),
    "prompts": .init(
      "Single prompts illustrate; they prove nothing.",
      """
      The probability, log-probability, logit and rank of the next token at the last position, \
      clean and with the study's ablation at every position.
      """,
      """
      This project: the measures stand side by side because a probability can rise while the logit \
      falls.
      """),
    "objections": .init(
      "Each objection names the sections that answer it, or says why it is open.",
      """
      No numbers of its own. An objection is answered if the study runs the analyses that answer \
      it and has what they need: later layers, prompts, positions, documents that did not choose \
      the neuron.
      """,
      "This project: a list of eighteen objections that reviewers raise to studies of neurons."),
    "set_examples": .init(
      "A set of neurons for one language should have its passages in that language, each of them.",
      """
      The passages of either class around the documents' highest activations of a neuron, from the \
      measured documents; one that shares 8 tokens in a row with one already shown is left out.
      """,
      "As `examples`."),
    "set_probe": .init(
      """
      All together should tell the target better than the best neuron alone and than the best random \
      set of the same layers; strongly correlated neurons add little to each other.
      """,
      """
      One L2 logistic regression (C = 1) on exactly the set's activations, and one on each neuron \
      alone, fitted on the tokens of the choosing documents (at most 20,000, evenly spaced) and judged \
      on all tokens of the measured ones: Matthews' correlation over tokens, and the area under the \
      ROC curve of the documents' mean activations or mean log-odds. Random sets have as many neurons \
      of each layer.
      """,
      """
      Gurnee et al. 2023, with k = the set; MCC after Matthews 1975; area and interval after DeLong, \
      DeLong and Clarke-Pearson 1988.
      """),
    "set_ablation": .init(
      """
      The change under all at once should exceed those under edits of equal size, and be large on the \
      target alone. Where it exceeds the sum of each alone, the neurons stand in for each other; where \
      it falls short, their effects overlap.
      """,
      """
      Ablated minus clean loss from the first text token on, with every neuron of the set put to its \
      value at once, each in its own layer; a later layer's neuron is put to its value in the run that \
      the earlier ones have changed already. The means are over the choosing documents. The sum of \
      each alone and the change beyond it are paired by document. The curve takes the first k neurons \
      in the study's order. Control sets have as many neurons of each layer, none in two of them: at \
      random; matched by the share of tokens with an activation above 0; random ones scaled so that \
      each neuron shifts each document's residual stream as far as its counterpart does in the clean \
      run; and moves along random directions, as far at every token.
      """,
      """
      Sets of language neurons after Tang et al. 2024, “Language-Specific Neurons”; mean ablation after \
      Wang et al. 2022; neurons that stand in for each other: McGrath et al. 2023. Edits of equal size \
      are this project's, as in `ablation_controls`.
      """),
  ]

  private init(_ reading: String, _ formula: String, _ source: String) {
    self.reading = reading
    self.formula = formula
    self.source = source
  }
}
