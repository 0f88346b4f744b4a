import Analyses
import Charts
import Corpora
import JSON
import ReportModel
import StudyFile

/// The section "What was studied": model, hook, corpora with their counts, seeds, processing steps.
package struct StudiedText {
  private let study: FindingsStudy

  package init(_ study: FindingsStudy) {
    self.study = study
  }

  package var section: Section {
    Section(
      id: "studied", title: "What was studied",
      blocks: ([model] + neuronChoice + layerChoice + corpusRemarks).map { .prose($0) }
        + [
          .fold(
            "Corpora, settings, processing of the model and its files",
            [.table(corpora)]
              + ([classes, settings, conventions] + modelNotes).map { .prose($0) })
        ])
  }

  /// The hook whose activations are read and changed.
  static func hook(_ study: FindingsStudy) -> String {
    "blocks.\(study.neuron.layer).mlp.hook_post"
  }

  /// The most neurons of a set that the text names; findings.json has all.
  private static let named = 24

  private var model: String {
    let model = study.model
    let revision = model.revision.map { ", revision \(Markdown.code($0))" } ?? ""
    let subject =
      study.file.neurons.map { set in
        let hooks = set.layers.map { Markdown.code("blocks.\($0).mlp.hook_post") }
        let names =
          set.count > Self.named
          ? study.subjectNames : Wording.list(set.neurons.map { "**\($0)**" })
        return "\(set.count.of("neuron")) together, \(names), at "
          + "\(hooks.count == 1 ? "the hook" : "the hooks") \(Wording.list(hooks))"
      } ?? "Neuron **\(study.neuron)** at the hook \(Markdown.code(Self.hook(study)))"
    return """
      \(subject) of \
      \(Markdown.code(model.name))\(revision): \(model.layers.of("layer")), \
      d\\_model \(model.dModel), d\\_mlp \(model.dMLP), a vocabulary of \
      \(model.vocabulary.grouped) and a context of \(model.context.of("token")).
      """
  }

  /// How the neuron was chosen, where the study leaves that to the model.
  private var neuronChoice: [String] {
    if let choice = study.neuronChoice {
      let target = Markdown.text(study.file.target)
      let documents =
        "\(choice.documents.target.of("document")) of \(target) and "
        + "\(choice.documents.other.grouped) of the other class, drawn at random"
      let measured =
        "No analysis beyond the notebook's own measures these documents, unless its section says "
        + "so."
      guard choice.searched > 0 else {
        return [
          """
          The study asks for the best neuron (`neuron: best`), but on \(documents), none is higher \
          on \(target): \(study.neuron) stands in for it. \(measured)
          """
        ]
      }
      let winners = choice.winners.map { winner in
        "\(NeuronAddress(layer: winner.layer, neuron: winner.neuron)) in \(winner.splits.grouped)"
      }
      let tied = choice.tied ?? 0
      let ties =
        tied == 0
        ? ""
        : " \(tied.of("other neuron")) \(tied == 1 ? "has" : "have") the same; the first is taken."
      let splits =
        winners.isEmpty
        ? ""
        : " Of \(choice.splits.of("split")), each alone would choose \(Wording.list(winners))."
      return [
        """
        The study asks for the best neuron (`neuron: best`): of the \
        \(choice.searched.of("neuron")) searched that are higher on \(target), \(study.neuron) has \
        the highest MCC on tokens of documents that its threshold was not fitted on, \
        \(NumberText.fixed(choice.mcc, decimals: 3)), over \(documents).\(ties)\(splits) \(measured)
        """
      ]
    }
    if study.file.subject == .set {
      let choosing = study.file.choosingOrStandard
      let documents =
        choosing.atlas == nil
        ? "a share of \(Self.digits(choosing.share)) of each corpus, drawn at random"
        : "those that chose neurons in the atlas"
      return [
        """
        The study names the neurons of the set (`neurons:`). Its joint reading, the means that \
        ablation sets neurons to and the shares by which control sets are matched are fitted on at \
        most \(choosing.documents.of("document")) of each class, of \(documents). No analysis \
        measures these documents, unless its section says so.
        """
      ]
    }
    guard study.file.neuron == .auto else { return [] }
    return [
      """
      The neuron is the notebook's choice (`neuron: auto`): the one whose mean on \
      \(Markdown.text(study.file.target)) is furthest from its mean on the other class, above it or \
      below, on the first \(study.file.probe.documents.of("document")) of each class. Another neuron \
      may tell the classes apart better.
      """
    ]
  }

  /// The result of `layer: auto` in words.
  private var layerChoice: [String] {
    guard let choice = study.layerChoice, choice.best.indices.contains(choice.layer) else {
      return []
    }
    let list = choice.best.enumerated().map { layer, best in
      "\(NeuronAddress(layer: layer, neuron: best.neuron)) "
        + NumberText.fixed(best.mcc, decimals: 3)
    }.joined(separator: ", ")
    return [
      """
      The study leaves the layer open (`layer: auto`): layer \(choice.layer) is taken, whose best \
      neuron has the highest MCC on tokens of documents that its threshold was not fitted on. The \
      best of each layer: \(list).
      """
    ]
  }

  // MARK: Corpora

  private var corpora: DataTable {
    DataTable(
      title: "Corpora", header: ["Corpus", "Role", "Documents", "Tokens", "File"],
      rows: study.corpora.map { corpus in
        [
          .text(corpus.name), .text(role(corpus)), .integer(corpus.documents),
          .integer(corpus.tokens), .code(corpus.path.description),
        ]
      })
  }

  private var classes: String {
    let (target, other) = (study.classes.target, study.classes.other)
    return """
      The target class has \(target.documents.of("document")) and \(target.tokens.of("token")), the \
      other class \(other.documents.of("document")) and \(other.tokens.of("token")); tokens are \
      counted without BOS, which stands in front of every document.
      """
  }

  private func role(_ corpus: FindingsStudy.CorpusCount) -> String {
    if corpus.role == .evaluation { return "evaluation" }
    if corpus.name == study.file.target { return "target" }
    return study.file.other.contains(corpus.name) ? "other" : "unused"
  }

  /// The author's notes on corpora, and warnings about cut or skipped documents and text used
  /// twice.
  private var corpusRemarks: [String] {
    var remarks = study.corpora.compactMap { corpus in
      corpus.note.map { "\(Markdown.text(corpus.name)): \(Markdown.text($0))" }
    }
    for corpus in study.corpora where corpus.cut > 0 {
      remarks.append(
        "\(corpus.cut.of("document")) of \(Markdown.text(corpus.name)) "
          + "\(corpus.cut == 1 ? "is" : "are") longer than the context and "
          + "\(corpus.cut == 1 ? "was" : "were") cut to \(study.model.context.of("token")) with BOS."
      )
    }
    for corpus in study.corpora where corpus.blank > 0 {
      remarks.append(
        "\(corpus.blank.of("blank document")) of \(Markdown.text(corpus.name)) "
          + "\(corpus.blank == 1 ? "was" : "were") skipped.")
    }
    remarks += study.corpora.compactMap(selection)
    if let shared = study.classes.shared, shared > 0 {
      remarks.append(
        "**\(shared.of("document")) of the target \(shared == 1 ? "stands" : "stand") in the other "
          + "class, too**, word for word: nothing can tell these apart.")
    }
    for repeated in study.repeatedCorpora {
      let count =
        study.corpora.first { $0.name == repeated.name }?.repeats.map {
          "\($0.documents.of("document")) of \(Markdown.text(repeated.name)) repeat"
        } ?? "The documents of \(Markdown.text(repeated.name)) repeat"
      remarks.append(
        "**\(count) text of \(Markdown.text(repeated.source))**: what is measured on them is no "
          + "test on new text.")
    }
    return remarks.isEmpty ? [] : [remarks.map { "- " + $0 }.joined(separator: "\n")]
  }

  private func entry(_ corpus: FindingsStudy.CorpusCount) -> CorpusEntry? {
    study.file.corpora.first { $0.name == corpus.name }
  }

  /// How documents were chosen, in words: `of 5,000 lines and documents read, 1,200 match …`.
  private func selection(_ corpus: FindingsStudy.CorpusCount) -> String? {
    guard let read = corpus.read, let matched = corpus.matched, let entry = entry(corpus) else {
      return nil
    }
    let asked = [
      entry.conditions.map { Markdown.code($0.description) },
      entry.characters.map {
        "\($0.range.lowerBound.grouped) to \($0.range.upperBound.grouped) characters"
      },
    ].compactMap(\.self)
    let rule = asked.isEmpty ? "" : " (\(asked.joined(separator: ", ")))"
    let taken =
      if let sample = entry.sample {
        "\(corpus.documents.grouped) \(corpus.documents == 1 ? "is" : "are") taken, a random sample "
          + "with seed \(sample.seed)"
      } else if corpus.documents < matched {
        "the first \(corpus.documents.grouped) \(corpus.documents == 1 ? "is" : "are") taken"
      } else {
        "all are taken"
      }
    return "\(Markdown.text(corpus.name)): of \(read.of("document")) read, "
      + "\(matched.grouped) \(matched == 1 ? "matches" : "match")\(rule), and \(taken)."
  }

  // MARK: How it was studied

  private var settings: String {
    if study.file.subject == .set {
      return
        "Ablation sets each neuron to \(study.file.ablation.value.wordsOfSeveral), from the first "
        + "token of the text on; seed \(study.file.probe.seed)."
    }
    let probe = study.file.probe
    let last = probe.seed.addingReportingOverflow(max(probe.splits, 1) - 1).partialValue
    let seeds = probe.splits > 1 ? "seeds \(probe.seed) to \(last)" : "seed \(probe.seed)"
    return """
      The notebook's probes see the first \(probe.documents.of("document")) of each class. The sparse probe fits \
      k = \(probe.k) neurons, test size \(Self.digits(probe.testSize)), seed \(probe.seed); single \
      neurons are fitted in \(probe.splits.of("split")) (\(seeds), test size 0.1), \
      \(probe.candidates.of("candidate")) each. Ablation sets the neuron to \
      \(study.file.ablation.value.words) at every position.
      """
  }

  private var conventions: String {
    var text = """
      The model is processed as TransformerLens does by default (`fold_ln`, \
      `center_writing_weights`, `center_unembed`, `fold_value_biases`). \
      \(study.model.processing.map { Markdown.text($0) + " " } ?? "")\(beginning)Losses are in nats per token. Figures are *masked* unless they say *padded*: over real tokens \
      alone.
      """
    if let padded = study.file.padded {
      let others = padded.batches.sorted { $0.key < $1.key }
        .map { "\(Markdown.text($0.key)) \($0.value)" }.joined(separator: ", ")
      text += """
         *Padded* figures average as a script does that pads batches of \(padded.batch)\
        \(others.isEmpty ? "" : " (\(others))") to their longest document, pads included.
        """
    }
    return text
  }

  /// The tokens in front of every text, and the consequence for position 0.
  private var beginning: String {
    guard let front = study.model.front else { return "" }
    if let token = study.model.beginning, front > 0 {
      return
        "Every text starts with \(Markdown.code(ReadableText.token(token))), BOS, which no mean "
        + "over tokens counts. "
    }
    return
      "No BOS stands in front of a text, as the model was trained: the first token counts like "
      + "any other, though models give it outsized activations. "
  }

  private var modelNotes: [String] {
    let notes = study.model.notes
    if notes.isEmpty { return [] }
    return [
      "Of the model's files:", notes.map { "- " + Markdown.text($0) }.joined(separator: "\n"),
    ]
  }

  private static func digits(_ value: Double) -> String { SignificantDigits.text(value) ?? "–" }
}
