/// One key of a study file, as the manual describes it.
package struct StudyKey: Sendable {
  /// The path of the key as the manual writes it: `probe.k`, `corpora[].path`.
  package let path: String
  /// The values that are allowed.
  package let values: String
  /// The default in words; empty where the key is required.
  package let standard: String
  package let meaning: String

  package init(path: String, values: String, standard: String, meaning: String) {
    self.path = path
    self.values = values
    self.standard = standard
    self.meaning = meaning
  }
}

/// The keys of a study file with their meanings. The words are in switches over the keys that the
/// reader accepts, so that the compiler refuses a key without words.
package enum StudyKeys {
  /// The groups of keys, each with its heading.
  package static let groups: [(heading: String, keys: [StudyKey])] = [
    ("The study", keys(StudyFile.CodingKeys.self)),
    ("A corpus, an item of `corpora`", keys(CorpusEntry.CodingKeys.self, "corpora[].")),
    ("A draw, `sample`", keys(SampleSettings.CodingKeys.self, "corpora[].sample.")),
    ("The probes, `probe`", keys(ProbeSettings.CodingKeys.self, "probe.")),
    ("The ablation, `ablation`", keys(AblationSettings.CodingKeys.self, "ablation.")),
    ("The choosing documents, `choosing`", keys(ChoosingSettings.CodingKeys.self, "choosing.")),
    ("The measured documents, `measuring`", keys(MeasuringSettings.CodingKeys.self, "measuring.")),
    ("The limits of the verdict, `verdict`", keys(VerdictLimits.CodingKeys.self, "verdict.")),
    ("A prompt, an item of `prompts`", keys(PromptEntry.CodingKeys.self, "prompts[].")),
    ("Curves by position, `positions`", keys(PositionSettings.CodingKeys.self, "positions.")),
    ("Padded averages, `padded`", keys(PaddedSettings.CodingKeys.self, "padded.")),
    ("An expectation, an item of `expect`", keys(Expectation.CodingKeys.self, "expect[].")),
    (
      "A published figure, an item of `published`",
      keys(PublishedFigure.CodingKeys.self, "published[].")
    ),
  ]

  private static func keys<Key: ManualKey>(_: Key.Type, _ prefix: String = "") -> [StudyKey] {
    Key.allCases.map { key in
      let words = key.words
      return StudyKey(
        path: prefix + key.stringValue, values: words.values, standard: words.standard,
        meaning: words.meaning)
    }
  }
}

private protocol ManualKey: CodingKey, CaseIterable {
  typealias Words = (values: String, standard: String, meaning: String)

  var words: Words { get }
}

extension StudyFile.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .title: ("one line of text", "", "What the report is called.")
    case .slug:
      (
        "lower-case letters, digits, dashes", "from the title",
        "The name of the report's folder in the site."
      )
    case .model:
      (
        "a folder, or a name on the Hugging Face hub", "",
        "The model. A hub name is looked up in the Hugging Face cache; nothing is downloaded."
      )
    case .revision: ("a branch, a tag or a commit", "`main`", "Which revision of a hub model.")
    case .bos:
      (
        "`yes`, `no`", "as the model's family does",
        "Whether the beginning-of-text token stands before every document."
      )
    case .corpora: ("a list of corpora", "", "The texts, see below.")
    case .target: ("a corpus", "", "The corpus that the neuron is said to fire on.")
    case .other:
      (
        "a list of corpora", "all but the target and the evaluation corpora",
        "The class that the target is told from; its documents are interleaved."
      )
    case .layer:
      (
        "a number from 0, `auto`", "",
        "The layer; `auto` takes the one whose best neuron tells best. A study with `neurons` has "
          + "none."
      )
    case .neuron:
      (
        "a number from 0, `best`, `auto`, `probe.N`", "`auto`",
        "The neuron; `best` has the highest held-out MCC on the choosing documents, `auto` is the "
          + "first of the sparse probe, `probe.N` its N-th."
      )
    case .neurons:
      (
        "a list of 2 to 256 neurons, `[L3N436, L4N52]`", "none",
        "A set of neurons of any layers, which is studied together, instead of `layer` and "
          + "`neuron`."
      )
    case .compare: ("a list of neurons", "none", "Neurons of the layer that are shown beside it.")
    case .documents: ("a number from 2", "`1000`", "The most documents of a class.")
    case .probe: ("a mapping", "see below", "How neurons are ranked and probed.")
    case .choosing: ("a mapping", "see below", "Which documents choose the neuron.")
    case .measuring: ("a mapping", "see below", "How much every sampled analysis measures.")
    case .verdict: ("a mapping", "see below", "The limits of the verdict's tests.")
    case .ablation: ("a mapping", "see below", "Where and how the neuron is ablated.")
    case .evidence:
      ("a mapping", "all, by default sizes", "Which further analyses run, and how widely.")
    case .prompts: ("a list of prompts", "none", "Texts whose next tokens are followed.")
    case .positions: ("a mapping", "see below", "Activation and loss by token position.")
    case .padded:
      (
        "a mapping", "none",
        "Averages as a notebook takes them, over padded batches of these sizes."
      )
    case .expect: ("a list of expectations", "none", "What `reportgen check` holds the report to.")
    case .published:
      (
        "a list of figures", "none",
        "Figures published elsewhere, shown beside the reproduced ones."
      )
    case .notes:
      (
        "the path of a Markdown file", "none",
        "Your own words in the report; they may take figures."
      )
    case .date: ("`YYYY-MM-DD`", "none", "The date of the report.")
    case .authors: ("a list of names", "none", "Who made the study, for its citation.")
    case .url: ("`https://…`", "none", "Where the report is published, for its citation.")
    case .doi: ("`10.PREFIX/SUFFIX`", "none", "Its DOI, for its citation.")
    }
  }
}

extension CorpusEntry.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .name:
      ("one line of text", "", "What the corpus is called, in the study and in the report.")
    case .path:
      (
        "a path, a pattern, or a list of them", "",
        "Where it stands: `.txt` with a document a line, `.json` with an array of strings, `.jsonl` "
          + "with an object in each line; `.txt.gz` and `.jsonl.gz` likewise, packed."
      )
    case .role:
      (
        "`study`, `evaluation`", "`study`",
        "An evaluation corpus takes no part in choosing; only measurements run on it."
      )
    case .text:
      ("a field", "`text`", "Which field of a JSON line is the document; dots lead into objects.")
    case .conditions:
      ("`{FIELD: VALUE or [VALUES]}`", "all lines", "Which JSON lines are taken.")
    case .characters:
      ("`[LEAST, MOST]`", "any length", "How many Unicode scalars a document has, ends included.")
    case .sample:
      ("`{documents: N, seed: S}`", "none", "Takes a random choice of those that match.")
    case .documents: ("a number from 1", "all", "Takes the first documents that match.")
    case .note: ("one line of text", "none", "What a reader should know of it, such as its source.")
    }
  }
}

extension SampleSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .documents: ("a number from 1", "", "How many documents are drawn.")
    case .seed:
      ("a number from 0", "`0`", "The seed of the draw, as NumPy's `RandomState` takes it.")
    }
  }
}

extension ProbeSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    let standard = ProbeSettings()
    return switch self {
    case .documents:
      (
        "a number from 2", "`\(standard.documents)`",
        "The first documents of each class that are probed."
      )
    case .k: ("a number from 1", "`\(standard.k)`", "How many neurons the sparse probe chooses.")
    case .testSize:
      (
        "a number above 0 and below 1", "`\(standard.testSize)`",
        "The share of tokens or documents that is held out."
      )
    case .seed: ("a number from 0", "`\(standard.seed)`", "The seed of the first split.")
    case .splits: ("a number from 1", "`\(standard.splits)`", "How many splits single neurons get.")
    case .candidates:
      (
        "a number from 1", "`\(standard.candidates)`",
        "How many neurons are fitted alone in each split."
      )
    }
  }
}

extension AblationSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .corpora:
      (
        "a list of corpora; `target` and `other` are the classes",
        "`[target]` and evaluation corpora",
        "Where the loss without the neuron is measured."
      )
    case .value:
      (
        "`other-mean`, `own-mean`, `zero`, `resample`, a number", "`other-mean`",
        "What the neuron is set to: its mean over either class, zero, another document's "
          + "activations, or a number."
      )
    }
  }
}

extension ChoosingSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    let standard = ChoosingSettings()
    return switch self {
    case .share:
      (
        "a number above 0 and below 1", "`\(standard.share)`",
        "The share of each corpus's documents that are set apart for choosing."
      )
    case .documents:
      (
        "a number from 2", "`\(standard.documents)`",
        "The most documents of each class that choose."
      )
    case .window:
      ("a number from 1", "`\(standard.window)`", "Tokens of a document that are read.")
    case .seed: ("a number from 0", "`\(standard.seed)`", "The seed of the draw.")
    case .atlas:
      (
        "a mapping, as an atlas's page of a neuron gives it", "none",
        "The rule by which the atlas divided its documents, instead of the share: what chose the "
          + "neuron there is not measured."
      )
    }
  }
}

extension MeasuringSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    let standard = MeasuringSettings()
    return switch self {
    case .documents:
      (
        "a number from \(MeasuringSettings.fewest)", "`\(standard.documents)`",
        "Documents of a corpus or of a class that every sampled analysis measures."
      )
    case .window:
      ("a number from 1", "`\(standard.window)`", "Tokens of a document that are run.")
    }
  }
}

extension VerdictLimits.CodingKeys: ManualKey {
  fileprivate var words: Words {
    let standard = VerdictLimits()
    return switch self {
    case .detects:
      ("0 to 1", "`\(standard.detects)`", "The least lower end of the held-out MCC.")
    case .matters:
      (
        "a number from 0", "`\(standard.matters)`",
        "The least rise of the target's loss, in percent."
      )
    case .specific:
      (
        "0 to 1", "`\(standard.specific)`",
        "The least share of the edits of equal size that raise the loss by less."
      )
    }
  }
}

extension PromptEntry.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .text: ("text", "", "The prompt, its leading space included.")
    case .answers:
      (
        "a list of single tokens", "none",
        "Next tokens that are followed; the logit difference is the first minus the second."
      )
    }
  }
}

extension PositionSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .neurons: ("a list of neurons", "the neuron", "Whose activation is drawn.")
    case .corpora:
      (
        "a list of corpora; `target` and `other` are the classes", "`[target, other]`",
        "The texts that it is drawn for."
      )
    }
  }
}

extension PaddedSettings.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .batch: ("a number from 1", "", "Documents in a batch.")
    case .batches: ("`{CORPUS: N}`", "none", "Batch sizes of single corpora that differ.")
    }
  }
}

extension Expectation.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .figure: ("an address", "", "A number of the findings: `sparse_probe.test_accuracy`.")
    case .atLeast: ("a number", "one of three", "It is this or more.")
    case .atMost: ("a number", "one of three", "It is this or less.")
    case .equals: ("a number", "one of three", "It is this, up to the tolerance.")
    case .tolerance: ("a number from 0", "`0`", "How far it may be off; with `equals` alone.")
    }
  }
}

extension PublishedFigure.CodingKeys: ManualKey {
  fileprivate var words: Words {
    switch self {
    case .figure: ("an address", "", "The number or list of the findings that it is held against.")
    case .value: ("a number, or a list of them", "", "What was published.")
    case .tolerance: ("a number from 0", "", "How far the reproduced figure may be off.")
    case .source: ("one line of text", "", "Where it was published.")
    }
  }
}
