import LanguageModel
import Passes
import StudyFile

/// The part of `findings.json` that describes the study: what a page needs besides the results.
package struct FindingsStudy: Sendable, Codable, Equatable {
  package var file: StudyFile
  /// The author's notes in Markdown.
  package var notes: String?
  package var model: Model
  package var corpora: [CorpusCount]
  /// The studied neuron, after `auto` was resolved. A set has none, so that only sections of one
  /// neuron may ask.
  package var neuron: NeuronAddress {
    get {
      guard let single else { preconditionFailure("a study of a set has no single neuron") }
      return single
    }
    set { single = newValue }
  }
  /// The same; nil for a set.
  package private(set) var single: NeuronAddress?
  /// How the layer was chosen; nil if the study names the layer.
  package var layerChoice: LayerChoice?
  /// How the neuron was chosen, where the study asks for the best.
  package var neuronChoice: NeuronChoice?
  package var classes: Classes

  package struct Model: Sendable, Codable, Equatable {
    package var name: String
    package var revision: String?
    package var layers: Int
    package var dModel: Int
    package var dMLP: Int
    package var vocabulary: Int
    package var context: Int
    /// The assumptions made while the configuration was read, and the fields that were ignored.
    package var notes: [String]
    /// The family of the model (`model_type`); nil in older findings, which knew only one family.
    package var family: String?
    /// The changes to the weights before the model ran, in sentences.
    package var processing: String?
    /// The token in front of every text, as TransformerLens prints it; nil if there is none, and in
    /// older findings.
    package var beginning: String?
    /// The number of tokens in front of every text.
    package var front: Int?
    /// Whether the MLP is gated: a neuron then has two input weights and fires with both signs.
    package var isGated: Bool?

    enum CodingKeys: String, CodingKey {
      case name, revision, layers, vocabulary, context, notes, family, processing, beginning,
        front
      case isGated = "is_gated"
      case dModel = "d_model"
      case dMLP = "d_mlp"
    }
  }

  /// How much of a corpus was read.
  package struct CorpusCount: Sendable, Codable, Equatable {
    package var name: String
    package var path: CorpusPath
    package var role: CorpusEntry.Role
    /// The number of documents that were taken.
    package var documents: Int
    /// The number of documents and blank lines that were read, and of documents that matched; nil
    /// if the study has no conditions.
    package var read: Int?
    package var matched: Int?
    package var blank: Int
    /// The number of documents longer than the context.
    package var cut: Int
    /// The number of tokens, BOS left out.
    package var tokens: Int
    package var note: String?
    /// The study corpus whose texts this corpus repeats, found by content.
    package var repeats: Repeats?
  }

  /// States that texts of a corpus occur in another one.
  package struct Repeats: Sendable, Codable, Equatable {
    package var corpus: String
    /// The number of documents whose text occurs there.
    package var documents: Int
  }

  /// How many documents and tokens (BOS left out) each class has.
  package struct Classes: Sendable, Codable, Equatable {
    package var target: Size
    package var other: Size
    /// The number of documents of the target whose text is in the other class too; nil if there is
    /// none.
    package var shared: Int?

    package struct Size: Sendable, Codable, Equatable {
      package var documents: Int
      package var tokens: Int
    }
  }

  /// - Parameter neuron: the studied neuron; nil for a set
  package init(_ study: ResolvedStudy, neuron: NeuronAddress?) {
    precondition((neuron == nil) == (study.file.subject == .set), "a set has no single neuron")
    file = study.file
    notes = study.notes
    let shape = study.architecture
    model = Model(
      name: study.source.name, revision: study.source.revision, layers: shape.layers,
      dModel: shape.dModel, dMLP: shape.dMLP, vocabulary: shape.vocabulary,
      context: shape.context, notes: study.modelNotes,
      family: shape.family, processing: shape.processing,
      beginning: study.beginning.first.map(study.tokenizer.string), front: study.front,
      isGated: shape.mlp.isGated)
    corpora = study.corpora.all.map { corpus in
      let tokenized = study.documents(of: .named(corpus.name))
      return CorpusCount(
        name: corpus.name, path: corpus.path, role: corpus.role, documents: corpus.taken,
        read: corpus.entry.isSelective ? corpus.read : nil,
        matched: corpus.entry.isSelective ? corpus.matched : nil, blank: corpus.blank,
        cut: tokenized.cut, tokens: tokenized.tokens, note: corpus.note,
        repeats: study.corpora.repeats(corpus).map {
          Repeats(corpus: $0.corpus, documents: $0.documents)
        })
    }
    single = neuron
    layerChoice = study.layerChoice
    neuronChoice = study.neuronChoice
    func size(_ reference: CorpusReference) -> Classes.Size {
      let documents = study.documents(of: reference)
      return Classes.Size(documents: documents.documents.count, tokens: documents.tokens)
    }
    let shared = study.corpora.shared
    classes = Classes(
      target: size(.target), other: size(.other), shared: shared == 0 ? nil : shared)
  }
}

extension FindingsStudy {
  // These keys are beside the study file's own, so that `findings.json` looks like the study file.
  private enum CodingKeys: String, CodingKey {
    case notesText = "notes_text"
    case resolvedModel = "resolved_model"
    case corpusCounts = "corpus_counts"
    case resolvedNeuron = "resolved_neuron"
    case layerChoice = "layer_choice"
    case neuronChoice = "neuron_choice"
    case classes
  }

  package init(from decoder: any Decoder) throws {
    file = try StudyFile(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let isSet = file.subject == .set
    guard (file.neuron == nil) == isSet, (file.layer == nil) == isSet else {
      throw DecodingError.dataCorruptedError(
        forKey: .resolvedNeuron, in: container,
        debugDescription: "expected a layer and a neuron, or neurons alone")
    }
    notes = try container.decodeIfPresent(String.self, forKey: .notesText)
    model = try container.decode(Model.self, forKey: .resolvedModel)
    guard (model.front ?? 0) >= 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .resolvedModel, in: container,
        debugDescription: "expected front from 0, found \(model.front ?? 0)")
    }
    corpora = try container.decode([CorpusCount].self, forKey: .corpusCounts)
    single =
      file.subject == .set
      ? nil : try container.decode(NeuronAddress.self, forKey: .resolvedNeuron)
    layerChoice = try container.decodeIfPresent(LayerChoice.self, forKey: .layerChoice)
    neuronChoice = try container.decodeIfPresent(NeuronChoice.self, forKey: .neuronChoice)
    classes = try container.decode(Classes.self, forKey: .classes)
  }

  package func encode(to encoder: any Encoder) throws {
    try file.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(notes, forKey: .notesText)
    try container.encode(model, forKey: .resolvedModel)
    try container.encode(corpora, forKey: .corpusCounts)
    try container.encodeIfPresent(single, forKey: .resolvedNeuron)
    try container.encodeIfPresent(layerChoice, forKey: .layerChoice)
    try container.encodeIfPresent(neuronChoice, forKey: .neuronChoice)
    try container.encode(classes, forKey: .classes)
  }
}
