/// A study as its author wrote it, with all defaults filled in.
///
/// The coding keys are the keys of the YAML file, and those of `study` in `findings.json`.
package struct StudyFile: Sendable, Equatable, Codable {
  package var title: String
  /// The name of the report's folder, for which `Slug.isValid` holds.
  package var slug: String
  /// A folder, `builtin:demo`, or a name on the Hugging Face hub.
  package var model: String
  package var revision: String
  /// Whether a BOS token is put in front of each text; nil leaves it to the model's family.
  package var bos: Bool?
  package var corpora: [CorpusEntry]
  /// The name of the target corpus.
  package var target: String
  /// The names of the corpora that form the other class, interleaved in this order.
  package var other: [String]
  /// The layer and the neuron; nil in a study of a set, whose neurons name their layers.
  package var layer: LayerReference?
  package var neuron: NeuronReference?
  /// The neurons that the study is about together; nil in a study of one neuron.
  package var neurons: NeuronSet?
  /// Neurons of the same layer that are compared with the studied one; nil for none.
  package var compare: [NeuronReference]?
  /// The largest number of documents of a class.
  package var documents: Int
  package var probe: ProbeSettings
  /// Which documents choose the neuron, and how many are measured; nil in findings of earlier
  /// versions alone.
  package var choosing: ChoosingSettings?
  package var measuring: MeasuringSettings?
  package var ablation: AblationSettings
  /// The limits of the verdict's tests; nil as above.
  package var verdict: VerdictLimits?
  /// The analyses to run besides the notebook's, and their sizes; nil runs all with their defaults.
  package var evidence: EvidenceSettings?
  package var prompts: [PromptEntry]
  package var positions: PositionSettings
  /// The batch sizes of the notebook's padded figures; nil leaves these figures out.
  package var padded: PaddedSettings?
  package var expect: [Expectation]
  package var published: [PublishedFigure]
  /// The path of the author's notes in Markdown.
  package var notes: String?
  /// The date, `YYYY-MM-DD`.
  package var date: String?
  /// The authors of the study, for its citation.
  package var authors: [String]?
  /// The address at which the report is published, for its citation: `https://…`.
  package var url: String?
  /// The DOI, `10.PREFIX/SUFFIX`.
  package var doi: String?

  /// The place the study was read from, which is not part of its content.
  package var origin = StudyOrigin()

  enum CodingKeys: String, CodingKey, CaseIterable {
    case title, slug, model, revision, bos, corpora, target, other, layer, neuron, neurons,
      compare
    case documents, probe, choosing, measuring, verdict, ablation, evidence, prompts, positions,
      padded, expect, published, notes, date, authors, url, doi
  }
}

/// The settings for ranking and probing neurons.
package struct ProbeSettings: Sendable, Equatable, Codable {
  /// The number of documents of each class that are used for probing.
  package var documents = 200
  /// The number of neurons of the sparse probe.
  package var k = 10
  package var testSize = 0.2
  package var seed = 0
  /// The number of splits of `neuron_accuracy`, with the seeds `seed`, `seed + 1`, …
  package var splits = 5
  /// The number of neurons that `neuron_accuracy` fits in each split.
  package var candidates = 20

  enum CodingKeys: String, CodingKey, CaseIterable {
    case documents, k, seed, splits, candidates
    case testSize = "test_size"
  }
}

package struct AblationSettings: Sendable, Equatable, Codable {
  /// The value to which the ablation sets the neuron.
  package enum Value: Sendable, Equatable {
    /// The neuron's mean over the probe documents of the other class.
    case otherMean
    /// The neuron's mean over the probe documents of the target.
    case ownMean
    case zero
    case number(Double)
    /// The neuron's activations at the same positions of another document.
    case resample
  }

  package var corpora: [CorpusReference]
  package var value: Value

  enum CodingKeys: String, CodingKey, CaseIterable {
    case corpora, value
  }
}

package struct PromptEntry: Sendable, Equatable, Codable {
  package var text: String
  /// The next tokens to report; with two or more, the logit difference is the first minus the
  /// second.
  package var answers: [String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case text, answers
  }
}

package struct PositionSettings: Sendable, Equatable, Codable {
  package var neurons: [NeuronReference]
  package var corpora: [CorpusReference]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case neurons, corpora
  }
}

/// The notebook's batch sizes, on which its padded averages depend.
package struct PaddedSettings: Sendable, Equatable, Codable {
  package var batch: Int
  /// Batch sizes of single corpora, by name; `target` and `other` name the classes.
  package var batches: [String: Int]

  package init(batch: Int, batches: [String: Int]) {
    self.batch = batch
    self.batches = batches
  }

  package func batch(of corpus: CorpusReference) -> Int { batches[corpus.description] ?? batch }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case batch, batches
  }
}

/// A figure published elsewhere, which the page shows beside the reproduced one.
package struct PublishedFigure: Sendable, Equatable, Codable {
  package var figure: FigureAddress
  package var value: FigureValue
  /// The largest allowed deviation, for each number of a list.
  package var tolerance: Double
  package var source: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case figure, value, tolerance, source
  }
}

/// One number, or the first numbers of a list.
package enum FigureValue: Sendable, Equatable {
  case number(Double)
  case list([Double])
}

extension FigureValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .list(try container.decode([Double].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .list(let numbers): try container.encode(numbers)
    }
  }
}
