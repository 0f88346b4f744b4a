import LanguageModel
import Passes
import StudyFile

/// What `findings.json` says of the study: all a page needs to know besides the findings.
package struct FindingsStudy: Sendable, Codable, Equatable {
  package var file: StudyFile
  /// The author's Markdown.
  package var notes: String?
  package var model: Model
  package var corpora: [CorpusCount]
  /// The studied neuron, settled.
  package var neuron: NeuronAddress
  /// How the layer was chosen, where the study leaves it open.
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
    /// What was assumed or left aside while it was read.
    package var notes: [String]
    /// `model_type`: the family; absent in findings of before there were several.
    package var family: String?
    /// What was done to the weights before the model ran, in sentences.
    package var processing: String?
    /// The token in front of every text, as TransformerLens prints it; nil where there is none, and in
    /// findings of before that was told.
    package var beginning: String?
    /// How many such tokens there are.
    package var front: Int?
    /// Whether neurons are gated, and so read twice and fire with both signs.
    package var isGated: Bool?

    enum CodingKeys: String, CodingKey {
      case name, revision, layers, vocabulary, context, notes, family, processing, beginning,
        front
      case isGated = "is_gated"
      case dModel = "d_model"
      case dMLP = "d_mlp"
    }
  }

  /// What was read of a corpus.
  package struct CorpusCount: Sendable, Codable, Equatable {
    package var name: String
    package var path: CorpusPath
    package var role: CorpusEntry.Role
    /// Documents that were taken.
    package var documents: Int
    /// Documents and blank lines that were read, and documents that matched; nil where the study
    /// takes documents as they come.
    package var read: Int?
    package var matched: Int?
    package var blank: Int
    /// Documents longer than the context.
    package var cut: Int
    /// Tokens after BOS.
    package var tokens: Int
    package var note: String?
    /// The corpus of either class that holds texts of this one, found by content.
    package var repeats: Repeats?
  }

  /// Texts of a corpus that stand in another one.
  package struct Repeats: Sendable, Codable, Equatable {
    package var corpus: String
    /// Documents of the repeating corpus whose text is there.
    package var documents: Int
  }

  /// How many documents and tokens (BOS left out) each class has.
  package struct Classes: Sendable, Codable, Equatable {
    package var target: Size
    package var other: Size
    /// Documents of the target whose text stands in the other class, too; nil where there is none.
    package var shared: Int?

    package struct Size: Sendable, Codable, Equatable {
      package var documents: Int
      package var tokens: Int
    }
  }

  package init(_ study: ResolvedStudy, neuron: NeuronAddress) {
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
    self.neuron = neuron
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
  // The study file's own keys stand beside these, so that `findings.json` reads like the study.
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
    notes = try container.decodeIfPresent(String.self, forKey: .notesText)
    model = try container.decode(Model.self, forKey: .resolvedModel)
    corpora = try container.decode([CorpusCount].self, forKey: .corpusCounts)
    neuron = try container.decode(NeuronAddress.self, forKey: .resolvedNeuron)
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
    try container.encode(neuron, forKey: .resolvedNeuron)
    try container.encodeIfPresent(layerChoice, forKey: .layerChoice)
    try container.encodeIfPresent(neuronChoice, forKey: .neuronChoice)
    try container.encode(classes, forKey: .classes)
  }
}
