/// A study as its author wrote it, with every default filled in.
///
/// The coding keys are the keys of the YAML file and of `study` in `findings.json` alike.
package struct StudyFile: Sendable, Equatable, Codable {
  package var title: String
  /// The name of the report's folder: `Slug.isValid`.
  package var slug: String
  /// A folder, `builtin:demo`, or a name on the Hugging Face hub.
  package var model: String
  package var revision: String
  /// Whether a BOS token stands in front of each text; nil does as the model's family does.
  package var bos: Bool?
  package var corpora: [CorpusEntry]
  /// The name of the corpus that is the target class.
  package var target: String
  /// The names of the corpora that make the other class, interleaved in this order.
  package var other: [String]
  package var layer: LayerReference
  package var neuron: NeuronReference
  /// Neurons of the layer that are shown beside the studied one; nil is none.
  package var compare: [NeuronReference]?
  /// At most this many documents of a class.
  package var documents: Int
  package var probe: ProbeSettings
  /// Which documents choose the neuron, and how many are measured; nil in findings of earlier
  /// versions alone.
  package var choosing: ChoosingSettings?
  package var measuring: MeasuringSettings?
  package var ablation: AblationSettings
  /// The limits of the verdict's tests; nil as above.
  package var verdict: VerdictLimits?
  /// Which of the analyses beyond the notebook's are run, and on how much; nil is all, as they are.
  package var evidence: EvidenceSettings?
  package var prompts: [PromptEntry]
  package var positions: PositionSettings
  /// Batch sizes of the notebook's padded figures; nil leaves them out.
  package var padded: PaddedSettings?
  package var expect: [Expectation]
  package var published: [PublishedFigure]
  /// The path of the author's Markdown.
  package var notes: String?
  /// `YYYY-MM-DD`
  package var date: String?
  /// Who made the study, for its citation.
  package var authors: [String]?
  /// Where the report is published, for its citation: `https://…`.
  package var url: String?
  /// `10.PREFIX/SUFFIX`
  package var doi: String?

  /// Where the study was read; not part of what it says.
  package var origin = StudyOrigin()

  enum CodingKeys: String, CodingKey, CaseIterable {
    case title, slug, model, revision, bos, corpora, target, other, layer, neuron, compare
    case documents, probe, choosing, measuring, verdict, ablation, evidence, prompts, positions,
      padded, expect, published, notes, date, authors, url, doi
  }
}

/// How neurons are ranked and probed.
package struct ProbeSettings: Sendable, Equatable, Codable {
  /// The first documents of each class that are probed.
  package var documents = 200
  /// Neurons of the sparse probe.
  package var k = 10
  package var testSize = 0.2
  package var seed = 0
  /// Splits of `neuron_accuracy`, seeded `seed`, `seed + 1`, …
  package var splits = 5
  /// Neurons that `neuron_accuracy` fits in each split.
  package var candidates = 20

  enum CodingKeys: String, CodingKey, CaseIterable {
    case documents, k, seed, splits, candidates
    case testSize = "test_size"
  }
}

package struct AblationSettings: Sendable, Equatable, Codable {
  /// What ablation sets the neuron to.
  package enum Value: Sendable, Equatable {
    /// Its mean over the other class's probe documents.
    case otherMean
    /// Its mean over the target's probe documents.
    case ownMean
    case zero
    case number(Double)
    /// Its activations at the same positions of another document.
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
  /// Next tokens that are followed; with two or more, the logit difference is first minus second.
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

/// The notebook's batch sizes, which its padded averages depend on.
package struct PaddedSettings: Sendable, Equatable, Codable {
  package var batch: Int
  /// Batch sizes that differ, by corpus; `target` and `other` name the classes.
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

/// A figure published elsewhere, shown beside the reproduced one.
package struct PublishedFigure: Sendable, Equatable, Codable {
  package var figure: FigureAddress
  package var value: FigureValue
  /// How far the reproduced figure may be off, each number of a list.
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
