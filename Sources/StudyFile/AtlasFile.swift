/// An atlas as its author wrote it, with all defaults filled in: a model, and corpora as the labels
/// that every neuron of it is held against.
///
/// The coding keys are the keys of the YAML file, and those of `file` in an atlas's `findings.json`.
package struct AtlasFile: Sendable, Equatable, Codable {
  /// The value of the key `kind` that makes a file an atlas.
  package static let kind = "atlas"

  package var kind = AtlasFile.kind
  package var title: String
  /// The name of the atlas's folder, for which `Slug.isValid` holds.
  package var slug: String
  /// A folder, `builtin:demo`, or a name on the Hugging Face hub.
  package var model: String
  package var revision: String
  /// Checkpoints of the model that are held against the atlas: folders, or revisions of the hub.
  package var revisions: [String]
  /// Whether a BOS token is put in front of each text; nil leaves it to the model's family.
  package var bos: Bool?
  /// The labels, each a corpus; all have the role `study`.
  package var corpora: [CorpusEntry]
  /// Whether the corpora hold the same passages line by line, as translations do.
  package var parallel: Bool
  /// The most documents of a label.
  package var documents: Int
  /// The most tokens of a document, BOS aside; nil takes all that fit the model.
  package var window: Int?
  package var seed: Int
  package var split: AtlasSplit
  package var grades: AtlasGrades
  /// The number of permutations of the labels.
  package var permutations: Int
  /// Nil leaves the sets out.
  package var sets: AtlasSets?
  package var pages: AtlasPageLimits
  package var expect: [Expectation]
  package var date: String?
  package var authors: [String]?
  package var url: String?
  package var doi: String?

  /// The place the atlas was read from, which is not part of its content.
  package var origin = StudyOrigin()

  /// Whether the author has written the sizes of the sets.
  package var namesSizes: Bool { origin.lines["sets.sizes"] != nil }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, title, slug, model, revision, revisions, bos, corpora, parallel, documents, window
    case seed, split, grades, permutations, sets, pages, expect, date, authors, url, doi
  }
}

/// How documents are divided into those that choose and those that confirm.
package struct AtlasSplit: Sendable, Equatable, Codable {
  /// The share of documents that confirm.
  package var confirmation = 0.6
  /// The share of common 5-grams of tokens from which on a document repeats an earlier one.
  package var similarity = 0.8

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case confirmation, similarity
  }
}

/// The margins of the grades.
package struct AtlasGrades: Sendable, Equatable, Codable {
  /// The level of all tests and intervals.
  package var level = 0.05
  /// The AUC that a confirmed neuron's lower bound must exceed.
  package var confirmed = 0.9
  /// The AUC against the next best label that a confirmed neuron's lower bound must exceed.
  package var next = 0.8
  /// The AUC that a suggestive neuron must exceed.
  package var suggestive = 0.75

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case level, confirmed, next, suggestive
  }
}

/// The sets of neurons that are ablated together.
package struct AtlasSets: Sendable, Equatable, Codable {
  /// The numbers of neurons of a set, ascending.
  package var sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
  /// The number of confirmation documents of each label that losses are measured on.
  package var documents = 10
  /// The most tokens of each, BOS aside.
  package var window = 32

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sizes, documents, window
  }
}

/// Which neurons get a page, and how much it shows.
package struct AtlasPageLimits: Sendable, Equatable, Codable {
  /// The most neurons of a label that get a page, best first.
  package var neurons = 50
  /// Neurons that get a page in any case: `L3N436`.
  package var named: [String] = []
  /// The number of passages of each kind on a neuron's page.
  package var passages = 5
  /// The most tokens of a passage.
  package var window = 40

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case neurons, named, passages, window
  }
}
