import Corpora
import Diagnostics
import LanguageModel
import StudyFile
import Tokenization

/// A study with everything it names found and checked: model, tokenizer, corpora, prompts.
///
/// Nothing has been computed yet; `plan` stops here.
package struct ResolvedStudy: Sendable {
  package internal(set) var file: StudyFile
  /// The studied layer: the file's, or the one that was chosen; 0 until then.
  package internal(set) var layer: Int
  /// How the layer was chosen, where the file leaves it open.
  package private(set) var layerChoice: LayerChoice?
  /// How `neuron: best` was settled; nil until then, and where the file does not ask for it.
  package internal(set) var neuronChoice: NeuronChoice?
  package internal(set) var corpora: StudyCorpora
  package let source: LocatedModel
  package let architecture: Architecture
  package let checkpoint: Checkpoint
  package let tokenizer: Tokenizer
  /// BOS, which stands in front of every document and prompt; empty where there is none.
  package let beginning: [Int32]
  /// EOS, with which the padded convention continues documents.
  package let padding: Int32
  /// SHA-256 of the tokenizer's file.
  package let tokenizerChecksum: String
  package internal(set) var prompts: [ResolvedPrompt]
  /// The author's Markdown.
  package internal(set) var notes: String?
  var tokenized: [CorpusReference: TokenizedClass]

  /// A prompt of the study, as the model reads it.
  package struct ResolvedPrompt: Sendable {
    package let text: String
    /// BOS first.
    package let ids: [Int32]
    package let answers: [(text: String, id: Int32)]
  }

  /// Finds and checks all that a study names.
  ///
  /// - Parameters:
  ///   - folder: `--corpora DIR`, where the corpora's relative paths start instead.
  ///   - environment: names the Hugging Face cache.
  /// - Throws: `Diagnostic`.
  package init(
    _ file: StudyFile, corporaFolder folder: String? = nil, environment: [String: String]
  ) throws {
    self.file = file
    layer = if case .number(let number) = file.layer { number } else { 0 }
    corpora = try StudyCorpora(loading: file, folder: folder)
    notes = try file.notesText()
    source = try ModelSource.locate(
      model: file.model, revision: file.revision, relativeTo: file.origin.folder ?? ".",
      environment: environment)
    let architecture = try Architecture(folder: source.folder)
    self.architecture = architecture
    checkpoint = try Checkpoint(folder: source.folder, architecture: architecture)
    guard let vocabulary = try source.folder.file("tokenizer.json") else {
      throw Diagnostic(
        .data, file: source.folder.name + "/tokenizer.json", expected: "the model's tokenizer",
        found: "no such file", advice: "Put the model's tokenizer.json beside its config.json.")
    }
    let tokenizer = try Tokenizer(vocabulary)
    self.tokenizer = tokenizer
    tokenizerChecksum = vocabulary.sha256
    guard tokenizer.bos != nil else {
      throw Diagnostic(
        .data, file: vocabulary.name, field: "added_tokens",
        expected: "the token <|endoftext|>, which starts every document", found: "no such token",
        advice: "Get the tokenizer.json that came with the model again.")
    }
    guard tokenizer.vocabularySize <= architecture.vocabulary else {
      throw Diagnostic(
        .data, file: vocabulary.name,
        field: "id \(tokenizer.vocabularySize - 1)",
        expected: "ids below \(architecture.vocabulary), the rows of the embedding",
        found: "\(tokenizer.vocabularySize) ids",
        advice: "The tokenizer does not belong to this model.")
    }
    let beginning = Self.beginning(of: architecture, tokenizer, asked: file.bos)
    self.beginning = beginning
    let padding = tokenizer.endOfText
    self.padding = padding
    try Self.check(file, architecture)
    if architecture.normsOutputs { self.file.turnOff(Self.ofSums) }
    prompts = try file.prompts.enumerated().map { index, prompt in
      try Self.resolve(
        prompt, field: "prompts[\(index)]", study: file, tokenizer: tokenizer,
        beginning: beginning, context: architecture.context)
    }
    var tokenized: [CorpusReference: TokenizedClass] = [:]
    let named = corpora.all.map { CorpusReference.named($0.name) }
    for reference in [.target, .other] + named where reference != .named(file.target) {
      let documents = corpora.documents(of: reference)
      tokenized[reference] = TokenizedClass(
        reference: reference, name: documents.name,
        documents: documents.documents.map {
          TokenizedDocument(
            $0, tokenizer: tokenizer, beginning: beginning, context: architecture.context)
        }, front: beginning.count, padding: padding)
    }
    self.tokenized = tokenized
  }

  /// The tokens of a class.
  package func documents(of reference: CorpusReference) -> TokenizedClass {
    if let documents = tokenized[reference == .named(file.target) ? .target : reference] {
      return documents
    }
    return TokenizedClass(
      reference: reference, name: reference.description, documents: [], front: front,
      padding: padding)
  }

  /// The first `probe.documents` of a class.
  package func probeDocuments(of reference: CorpusReference) -> TokenizedClass {
    let documents = documents(of: reference)
    return TokenizedClass(
      reference: reference, name: documents.name,
      documents: Array(documents.documents.prefix(file.probe.documents)), front: front,
      padding: padding)
  }

  /// What stands in front of every text, as TransformerLens does it: BOS where the family has one in
  /// front, unless the study says otherwise.
  private static func beginning(
    of architecture: Architecture, _ tokenizer: Tokenizer, asked: Bool?
  ) -> [Int32] {
    let family = Families.family(of: architecture.family)
    return asked ?? family?.prependsBOS ?? true ? [tokenizer.endOfText] : []
  }

  /// Tokens at a text's beginning that no mean counts.
  package var front: Int { beginning.count }

  /// Analyses that take the residual stream apart as a sum of what neurons and heads write. Where
  /// outputs are normed, a part's share depends on all the others, and they are left out.
  private static let ofSums = ["effects", "neuron_logits", "upstream"]

  /// How the model's files were read where they leave something open or disagree, and what is left
  /// out for it.
  package var modelNotes: [String] {
    let leftOut =
      architecture.normsOutputs
      ? [
        "The model norms what its attention and MLP write, so the analyses "
          + "\(Self.ofSums.joined(separator: ", ")), which add up single parts, are left out."
      ] : []
    return source.notes + architecture.notes + checkpoint.notes + leftOut
  }

  /// The first corpus of role `evaluation`.
  package var evaluation: CorpusReference? {
    corpora.all.first { $0.role == .evaluation }.map { .named($0.name) }
  }

  /// The study with its layer settled.
  package func choosing(_ choice: LayerChoice) -> ResolvedStudy {
    var study = self
    study.layer = choice.layer
    study.layerChoice = choice
    return study
  }

  /// Layers after the studied one.
  package var laterLayers: Range<Int> { layer + 1..<architecture.layers }
}

extension ResolvedStudy {
  /// Values of the study file that only the model can judge.
  private static func check(_ file: StudyFile, _ shape: Architecture) throws {
    let advice = "\(file.model) has layers 0 to \(shape.layers - 1) of \(shape.dMLP) neurons."
    var place = "N"
    if case .number(let layer) = file.layer {
      guard layer < shape.layers else {
        throw file.diagnostic(
          "layer", expected: "a layer from 0 to \(shape.layers - 1)", found: "\(layer)",
          advice: advice)
      }
      place = "L\(layer)N"
    }
    let references =
      [("neuron", file.neuron)]
      + (file.compare ?? []).enumerated().map { ("compare[\($0)]", $1) }
      + file.positions.neurons.enumerated().map { ("positions.neurons[\($0)]", $1) }
    for case (let field, .number(let number)) in references where number >= shape.dMLP {
      throw file.diagnostic(
        field, expected: "a neuron from 0 to \(shape.dMLP - 1)", found: "\(place)\(number)",
        advice: advice)
    }
    for case (let field, .probe(let rank)) in references where rank > file.probe.k {
      throw file.diagnostic(
        field, expected: "probe.1 to probe.\(file.probe.k)", found: "probe.\(rank)",
        advice: "The sparse probe has k = \(file.probe.k) neurons.")
    }
    for (field, count) in [("probe.k", file.probe.k), ("probe.candidates", file.probe.candidates)]
    where count > shape.dMLP {
      throw file.diagnostic(
        field, expected: "at most \(shape.dMLP), the neurons of a layer", found: "\(count)",
        advice: advice)
    }
  }

  private static func resolve(
    _ prompt: PromptEntry, field: String, study: StudyFile, tokenizer: Tokenizer,
    beginning: [Int32], context: Int
  ) throws -> ResolvedPrompt {
    let tokens = tokenizer.encode(prompt.text).map(\.id)
    guard tokens.count + beginning.count <= context else {
      throw study.diagnostic(
        "\(field).text", expected: "at most \(context - beginning.count) tokens",
        found: "\(tokens.count)", advice: "Shorten the prompt to fit the model's context.")
    }
    guard !tokens.isEmpty || !beginning.isEmpty else {
      throw study.diagnostic(
        "\(field).text", expected: "at least one token", found: "none",
        advice: "Write a prompt, or bos: yes.")
    }
    let answers = try prompt.answers.enumerated().map { index, answer in
      let ids = tokenizer.encode(answer).map(\.id)
      guard ids.count == 1 else {
        let shown = ids.map { "\"\(tokenizer.string(of: $0))\"" }.joined(separator: ", ")
        throw study.diagnostic(
          "\(field).answers[\(index)]", expected: "one token",
          found: "\(ids.count): \(shown)",
          advice: "Most words need a space in front: \" \(answer)\".")
      }
      return (text: answer, id: ids[0])
    }
    return ResolvedPrompt(
      text: prompt.text, ids: beginning + tokens, answers: answers)
  }
}
