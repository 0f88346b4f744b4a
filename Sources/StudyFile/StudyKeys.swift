/// One key of a study file, for the manual.
package struct StudyKey: Sendable {
  /// As it is written: `probe.k`, `corpora[].path`.
  package let path: String
  /// What may stand there.
  package let values: String
  /// What holds where the key is left out; empty where it must be given.
  package let standard: String
  package let meaning: String
}

/// The keys of a study file with their meanings. The words stand in switches over the keys that the
/// reader knows, so that no key can come without them.
package enum StudyKeys {
  /// The groups, each with a heading and its keys.
  package static let groups: [(heading: String, keys: [StudyKey])] = [
    ("The study", keys(StudyFile.CodingKeys.self)),
    ("A corpus, an item of `corpora`", keys(CorpusEntry.CodingKeys.self, "corpora[].")),
    ("A draw, `sample`", keys(SampleSettings.CodingKeys.self, "corpora[].sample.")),
    ("The probes, `probe`", keys(ProbeSettings.CodingKeys.self, "probe.")),
    ("The ablation, `ablation`", keys(AblationSettings.CodingKeys.self, "ablation.")),
    ("Analyses beyond the notebook's, `evidence`", EvidenceSettings.manual),
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
        "The layer; `auto` takes the one whose best neuron tells best."
      )
    case .neuron:
      (
        "a number from 0, `auto`, `probe.N`", "`auto`",
        "The neuron; `auto` is the first of the sparse probe, `probe.N` its N-th."
      )
    case .compare: ("a list of neurons", "none", "Neurons of the layer that are shown beside it.")
    case .documents: ("a number from 2", "`1000`", "The most documents of a class.")
    case .probe: ("a mapping", "see below", "How neurons are ranked and probed.")
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

extension EvidenceSettings {
  /// Each analysis that can be left out, and its numbers.
  fileprivate static var manual: [StudyKey] {
    known.sorted { $0.key < $1.key }.flatMap { id, sizes in
      [
        StudyKey(
          path: "evidence.\(id)", values: sizes.isEmpty ? "`on`, `off`" : "`on`, `off`, a mapping",
          standard: "`on`", meaning: "Whether `\(id)` is run.")
      ]
        + sizes.map { size in
          StudyKey(
            path: "evidence.\(id).\(size.name)",
            values: "\(size.range.lowerBound) to \(size.range.upperBound)",
            standard: "`\(size.standard)`", meaning: meaning(of: size.name))
        }
    }
  }

  private static func meaning(of size: String) -> String {
    switch size {
    case "tokens": "Tokens of each class that it runs on."
    case "corpus_tokens": "Tokens of each single corpus."
    case "control_tokens": "Tokens that each control neuron runs on."
    case "other_tokens": "Tokens of the other class."
    case "random": "Random neurons that it is held against."
    case "matched": "Neurons of like activity that it is held against."
    case "directions": "Random directions that it is held against."
    case "resamples": "Draws of the bootstrap behind each interval."
    case "pairs": "Pairs of documents that are joined to a switch."
    case "window": "Tokens that are looked at on either side."
    default: "How much it runs on."
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
