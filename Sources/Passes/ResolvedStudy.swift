import Corpora
import Diagnostics
import LanguageModel
import Storage
import StudyFile
import Tokenization

/// A study with everything it names found and checked: model, tokenizer, corpora and prompts.
///
/// Nothing has been computed yet; `plan` stops here.
package struct ResolvedStudy: Sendable {
  package internal(set) var file: StudyFile
  /// The studied layer, from the file or chosen; 0 until it is chosen, and for a set, whose neurons
  /// name their layers.
  package internal(set) var layer: Int
  /// How the layer was chosen; nil where the file names it.
  package private(set) var layerChoice: LayerChoice?
  /// How `neuron: best` was decided; nil until then, and where the file does not ask for it.
  package internal(set) var neuronChoice: NeuronChoice?
  package internal(set) var corpora: StudyCorpora
  package let source: LocatedModel
  package let architecture: Architecture
  package let checkpoint: Checkpoint
  package let tokenizer: Tokenizer
  /// The ids of BOS, which stands in front of every document and prompt; empty where there is none.
  package let beginning: [Int32]
  /// The id of EOS, or of BOS where there is no EOS, with which the padded convention continues
  /// documents.
  package let padding: Int32
  /// The SHA-256 of the tokenizer's file.
  package let tokenizerChecksum: String
  /// All files the tokenizer was made from.
  let tokenizerFiles: [FileBytes]
  /// The model's `config.json`; nil where the weights' file holds the configuration.
  let configuration: FileBytes?
  package internal(set) var prompts: [ResolvedPrompt]
  /// The Markdown text of the author's notes.
  package internal(set) var notes: String?
  /// The documents that an atlas has set apart; nil where the study does not repeat its rule.
  let setApart: SetApart?
  var tokenized: [CorpusReference: TokenizedClass]
  var layouts: [CorpusReference: ClassLayout]

  /// A prompt of the study, as the model reads it.
  package struct ResolvedPrompt: Sendable {
    package let text: String
    /// The token ids, beginning with BOS where there is one.
    package let ids: [Int32]
    package let answers: [(text: String, id: Int32)]
  }

  /// Finds and checks everything that a study names, and reports all faults at once.
  ///
  /// - Parameters:
  ///   - folder: `--corpora DIR`: the folder that relative paths of corpora start from instead
  ///   - environment: the environment variables that name the Hugging Face cache
  /// - Throws: `Diagnostic`, or `Diagnostics` of several.
  package init(
    _ file: StudyFile, corporaFolder folder: String? = nil, environment: [String: String]
  ) throws {
    var faults = FaultList()
    let corpora = faults.attempt { try StudyCorpora(loading: file, folder: folder) }
    let notes = faults.attempt { try file.notesText() }
    let model = faults.attempt {
      try ResolvedModel(
        file.model, revision: file.revision, bos: file.bos, relativeTo: file.origin.modelStart,
        environment: environment)
    }
    var prompts: [ResolvedPrompt] = []
    if let model {
      for fault in Self.faults(of: file, model.architecture) { faults.add(fault) }
      for (index, prompt) in file.prompts.enumerated() {
        let resolved = Self.resolve(
          prompt, field: "prompts[\(index)]", study: file, tokenizer: model.found.tokenizer,
          beginning: model.beginning, context: model.architecture.context, &faults)
        prompts.append(resolved)
      }
    }
    try faults.check()
    guard let corpora, let notes, let model else {
      preconditionFailure("a fault that was not told")
    }
    self.file = file
    layer = if case .number(let number) = file.layer { number } else { 0 }
    if model.architecture.normsOutputs && file.subject == .neuron {
      self.file.turnOff(Self.ofSums)
    }
    self.corpora = corpora
    self.notes = notes
    self.prompts = prompts
    (source, architecture) = (model.source, model.architecture)
    (checkpoint, configuration) = (model.checkpoint, model.configuration)
    (tokenizer, tokenizerFiles) = (model.found.tokenizer, model.found.files)
    tokenizerChecksum = model.found.file.sha256
    (beginning, padding) = (model.beginning, model.padding)
    setApart = file.choosing?.atlas.map {
      SetApart(
        corpora.all.filter { $0.role == .study }, by: $0, tokenizer: model.found.tokenizer,
        beginning: model.beginning, context: model.architecture.context)
    }
    var tokenized: [CorpusReference: TokenizedClass] = [:]
    let named = corpora.all.map { CorpusReference.named($0.name) }
    // Documents of the other class also belong to named corpora; each is tokenised once.
    var known: [DocumentPlace: TokenizedDocument] = [:]
    for reference in [.target, .other] + named where reference != .named(file.target) {
      let documents = corpora.documents(of: reference)
      tokenized[reference] = TokenizedClass(
        reference: reference, name: documents.name,
        documents: documents.documents.map { document in
          let place = DocumentPlace(corpus: document.corpus, index: document.index)
          if let known = known[place] { return known }
          let tokens = TokenizedDocument(
            document, tokenizer: model.found.tokenizer, beginning: model.beginning,
            context: model.architecture.context)
          known[place] = tokens
          return tokens
        }, front: model.beginning.count, padding: model.padding)
    }
    self.tokenized = tokenized
    layouts = tokenized.mapValues { documents in
      let isProbed =
        file.subject == .neuron && [.target, .other].contains(documents.reference)
      return ClassLayout(
        of: documents, padding: file.padded, first: isProbed ? file.probe.documents : 0)
    }
  }

  /// Where a document stands among the corpora.
  struct DocumentPlace: Hashable {
    let corpus: String
    let index: Int

    init(corpus: String, index: Int) {
      (self.corpus, self.index) = (corpus, index)
    }

    init(_ document: TokenizedDocument) {
      self.init(corpus: document.corpus, index: document.index)
    }
  }

  /// The documents of a class as passes run them.
  package func layout(of reference: CorpusReference) -> ClassLayout {
    layouts[reference == .named(file.target) ? .target : reference]
      ?? ClassLayout(of: documents(of: reference), padding: nil, first: 0)
  }

  /// The probe documents of both classes, the target's first.
  package var probed: DocumentSet {
    DocumentSet(
      parts: [CorpusReference.target, .other].map {
        probeDocuments(of: $0).documents.map(\.ids)
      }, front: front)
  }

  /// The name of a document with these tokens, for an error.
  package func name(ofTokens ids: [Int32]) -> String {
    for documents in tokenized.values {
      for document in documents.documents
      where document.ids.count > 1
        && (ids.starts(with: document.ids) || ids.count > front && document.ids.starts(with: ids))
      {
        return "\(document.corpus), document \(document.index)"
      }
    }
    return "a document"
  }

  /// The tokenised documents of a class.
  package func documents(of reference: CorpusReference) -> TokenizedClass {
    if let documents = tokenized[reference == .named(file.target) ? .target : reference] {
      return documents
    }
    return TokenizedClass(
      reference: reference, name: reference.description, documents: [], front: front,
      padding: padding)
  }

  /// The first `probe.documents` documents of a class.
  package func probeDocuments(of reference: CorpusReference) -> TokenizedClass {
    let documents = documents(of: reference)
    return TokenizedClass(
      reference: reference, name: documents.name,
      documents: Array(documents.documents.prefix(file.probe.documents)), front: front,
      padding: padding)
  }

  /// The number of tokens at a text's beginning that no mean counts.
  package var front: Int { beginning.count }

  /// The analyses that split the residual stream into what neurons and heads write. Where the model
  /// norms these outputs, a part's share depends on all others, and the analyses are left out.
  private static let ofSums = ["effects", "neuron_logits", "upstream"]

  /// Notes for the reader: how open or conflicting fields of the model's files were read, and what
  /// is left out because of the model.
  package var modelNotes: [String] {
    let leftOut =
      architecture.normsOutputs && file.subject == .neuron
      ? [
        "The model norms what its attention and MLP write, so the analyses "
          + "\(Self.ofSums.joined(separator: ", ")), which add up single parts, are left out."
      ] : []
    return source.notes + architecture.notes + checkpoint.notes + leftOut
  }

  /// The first corpus with the role `evaluation`; nil if there is none.
  package var evaluation: CorpusReference? {
    corpora.all.first { $0.role == .evaluation }.map { .named($0.name) }
  }

  /// The study with its layer decided.
  package func choosing(_ choice: LayerChoice) -> ResolvedStudy {
    var study = self
    study.layer = choice.layer
    study.layerChoice = choice
    return study
  }

  /// The layers after the studied one.
  package var laterLayers: Range<Int> { layer + 1..<architecture.layers }
}

extension ResolvedStudy {
  /// Faults of the study file that only show beside the model's sizes.
  private static func faults(of file: StudyFile, _ shape: Architecture) -> [Diagnostic] {
    let advice = "\(file.model) has layers 0 to \(shape.layers - 1) of \(shape.dMLP) neurons."
    var faults: [Diagnostic] = []
    var place = "N"
    if case .number(let layer) = file.layer {
      if layer >= shape.layers {
        faults.append(
          file.diagnostic(
            "layer", expected: "a layer from 0 to \(shape.layers - 1)", found: "\(layer)",
            advice: advice))
      }
      place = "L\(layer)N"
    }
    for (index, neuron) in (file.neurons?.neurons ?? []).enumerated()
    where neuron.layer >= shape.layers || neuron.neuron >= shape.dMLP {
      let last = NeuronAddress(layer: shape.layers - 1, neuron: shape.dMLP - 1)
      faults.append(
        file.diagnostic(
          "neurons[\(index)]", expected: "a neuron from L0N0 to \(last)", found: "\(neuron)",
          advice: advice))
    }
    let references =
      (file.neuron.map { [("neuron", $0)] } ?? [])
      + (file.compare ?? []).enumerated().map { ("compare[\($0)]", $1) }
      + file.positions.neurons.enumerated().map { ("positions.neurons[\($0)]", $1) }
    for case (let field, .number(let number)) in references where number >= shape.dMLP {
      faults.append(
        file.diagnostic(
          field, expected: "a neuron from 0 to \(shape.dMLP - 1)", found: "\(place)\(number)",
          advice: advice))
    }
    for case (let field, .probe(let rank)) in references where rank > file.probe.k {
      faults.append(
        file.diagnostic(
          field, expected: "probe.1 to probe.\(file.probe.k)", found: "probe.\(rank)",
          advice: "The sparse probe has k = \(file.probe.k) neurons."))
    }
    for (field, count) in [("probe.k", file.probe.k), ("probe.candidates", file.probe.candidates)]
    where count > shape.dMLP && file.subject == .neuron {
      faults.append(
        file.diagnostic(
          field, expected: "at most \(shape.dMLP), the neurons of a layer", found: "\(count)",
          advice: advice))
    }
    return faults
  }

  private static func resolve(
    _ prompt: PromptEntry, field: String, study: StudyFile, tokenizer: Tokenizer,
    beginning: [Int32], context: Int, _ faults: inout FaultList
  ) -> ResolvedPrompt {
    let tokens = tokenizer.encode(prompt.text).map(\.id)
    if tokens.count + beginning.count > context {
      faults.add(
        study.diagnostic(
          "\(field).text", expected: "at most \(context - beginning.count) tokens",
          found: "\(tokens.count)", advice: "Shorten the prompt to fit the model's context."))
    }
    if tokens.isEmpty && beginning.isEmpty {
      faults.add(
        study.diagnostic(
          "\(field).text", expected: "at least one token", found: "none",
          advice: "Write a prompt, or bos: yes."))
    }
    var answers: [(text: String, id: Int32)] = []
    for (index, answer) in prompt.answers.enumerated() {
      let ids = tokenizer.encode(answer).map(\.id)
      if ids.count == 1 {
        answers.append((text: answer, id: ids[0]))
        continue
      }
      let shown = ids.map { "\"\(tokenizer.string(of: $0))\"" }.joined(separator: ", ")
      faults.add(
        study.diagnostic(
          "\(field).answers[\(index)]", expected: "one token", found: "\(ids.count): \(shown)",
          advice: advice(on: answer, tokenizer)))
    }
    return ResolvedPrompt(
      text: prompt.text, ids: beginning + tokens, answers: answers)
  }

  /// What to write instead of an answer of several tokens: the same word with or without a space in
  /// front if that is one token, else the answer's first token.
  private static func advice(on answer: String, _ tokenizer: Tokenizer) -> String {
    let word = String(answer.drop { $0 == " " })
    let others = [" " + word, word].filter { $0 != answer && !$0.isEmpty }
    if let fitting = others.first(where: { tokenizer.encode($0).count == 1 }) {
      return "\"\(fitting)\" is one token."
    }
    guard let first = tokenizer.encode(answer).first?.id else { return "Write at least a letter." }
    return "An answer is one token, such as the first of these: "
      + "\"\(tokenizer.string(of: first))\"."
  }
}

extension ResolvedStudy {
  /// The tokenizer and the context length of a study's model, read without its weights.
  ///
  /// - Throws: `Diagnostic`.
  package static func tokenizer(
    of file: StudyFile, environment: [String: String]
  ) throws -> (tokenizer: Tokenizer, context: Int) {
    let source = try ModelSource.locate(
      model: file.model, revision: file.revision, relativeTo: file.origin.modelStart,
      environment: environment)
    if source.file != nil {
      let files = try ModelFiles(source)
      let found = try ResolvedModel.tokenizer(files.tokenizer, for: files.architecture)
      return (found.tokenizer, files.architecture.context)
    }
    let architecture = try Architecture(folder: source.folder)
    let found = try ResolvedModel.tokenizer(.folder(source.folder), for: architecture)
    return (found.tokenizer, architecture.context)
  }
}
