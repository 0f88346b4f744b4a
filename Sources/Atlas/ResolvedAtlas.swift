import Corpora
import Diagnostics
import JSON
import LanguageModel
import Passes
import Storage
import StudyFile
import Tokenization

/// An atlas with everything it names found and checked, and its documents divided. Nothing of the
/// model has been computed yet.
package struct ResolvedAtlas: Sendable {
  package let file: AtlasFile
  package let model: ResolvedModel
  package let corpora: [Corpus]
  /// The documents of all labels.
  package let divided: DividedDocuments
  /// The states of the model that `revisions:` names, in its order.
  package let states: [State]

  /// A checkpoint of the atlas's model, found and checked.
  package struct State: Sendable {
    package let name: String
    package let model: ResolvedModel
  }

  /// The fewest documents of a label on either side of the split.
  package static let fewest = 2
  /// Fewer confirmation documents than these are noted: no interval of theirs can be narrow.
  package static let few = 20

  /// Finds and checks everything that an atlas names, and reports all faults at once.
  ///
  /// - Parameters:
  ///   - folder: the folder that relative paths of corpora start from instead
  ///   - cache: may hold the documents, tokenised and divided by an earlier process
  /// - Throws: `Diagnostic`, or `Diagnostics` of several.
  package init(
    _ file: AtlasFile, corporaFolder folder: String? = nil, environment: [String: String],
    cache: ContentCache? = nil
  ) throws {
    var faults = FaultList()
    let corpora = file.corpora.enumerated().map { index, entry in
      faults.attempt {
        try Corpus(
          entry,
          files: try StudyCorpora.files(of: entry, index: index, in: file, folder: folder),
          keeping: file.documents)
      }
    }
    let model = faults.attempt {
      try ResolvedModel(
        file.model, revision: file.revision, bos: file.bos, relativeTo: file.origin.modelStart,
        environment: environment)
    }
    var states: [State] = []
    if let model {
      for fault in Self.faults(of: file, model.architecture) { faults.add(fault) }
      states = file.revisions.indices.compactMap { index in
        faults.attempt { try Self.state(index, of: file, beside: model, environment) }
      }
    }
    try faults.check()
    guard let model else { preconditionFailure("a fault that was not told") }
    try self.init(
      Self.fitting(file, model.architecture), model, corpora.compactMap(\.self), states, cache)
    try check()
  }

  /// Finds a state of the model.
  ///
  /// - Throws: `Diagnostic` if it is missing, or if its sizes or tokenizer are not the model's.
  private static func state(
    _ index: Int, of file: AtlasFile, beside model: ResolvedModel, _ environment: [String: String]
  ) throws -> State {
    let name = file.revisions[index]
    let isFolder = model.source.revision == nil || name.hasPrefix("/") || name.hasPrefix(".")
    let state = try ResolvedModel(
      isFolder ? name : file.model, revision: isFolder ? "main" : name, bos: file.bos,
      relativeTo: file.origin.modelStart, environment: environment)
    var own = model.architecture
    var other = state.architecture
    (own.notes, other.notes) = ([], [])
    guard own == other, model.found.file.sha256 == state.found.file.sha256 else {
      throw file.diagnostic(
        "revisions[\(index)]", expected: "a state of the same model and tokenizer",
        found: own == other
          ? "another tokenizer" : "\(other.layers) layers of \(other.dMLP) neurons, or other parts",
        advice: "Name checkpoints of one training run.")
    }
    return State(name: name, model: state)
  }

  /// The same atlas of a state of its model.
  package func at(_ state: State) -> ResolvedAtlas {
    ResolvedAtlas(
      file: file, model: state.model, corpora: corpora, divided: divided, states: [])
  }

  private init(
    file: AtlasFile, model: ResolvedModel, corpora: [Corpus], divided: DividedDocuments,
    states: [State]
  ) {
    (self.file, self.model, self.corpora) = (file, model, corpora)
    (self.divided, self.states) = (divided, states)
  }

  private init(
    _ file: AtlasFile, _ model: ResolvedModel, _ corpora: [Corpus], _ states: [State],
    _ cache: ContentCache?
  ) throws {
    let key = try cache.map { _ in try Self.documentsKey(file, model, corpora) }
    let known = key.flatMap { key in
      DividedDocuments(labels: corpora.count) { cache?.part(for: key.of($0)) }
    }
    self.init(
      file: file, model: model, corpora: corpora,
      divided: known
        ?? DividedDocuments(
          corpora, by: file.division, tokenizer: model.found.tokenizer,
          beginning: model.beginning, context: model.architecture.context), states: states)
  }

  /// Keeps the documents for other processes that read the same atlas.
  ///
  /// - Throws: `Diagnostic` if the folder cannot be written.
  package func keepDocuments(in cache: ContentCache) throws {
    let key = try Self.documentsKey(file, model, corpora)
    for label in labels.indices { try cache.keep(divided.part(label), for: key.of(label)) }
  }

  /// The key of the documents, made of everything that they depend on.
  private static func documentsKey(
    _ file: AtlasFile, _ model: ResolvedModel, _ corpora: [Corpus]
  ) throws -> ContentKey {
    ContentKey(
      "the documents of an atlas",
      [
        try JSON(encoding: file, file: file.origin.file).text, "\(model.beginning)",
        "\(model.architecture.context)",
      ] + model.found.files.map(\.sha256) + corpora.map(\.sha256))
  }

  /// Faults of the file that only show beside the model's sizes.
  private static func faults(of file: AtlasFile, _ shape: Architecture) -> [Diagnostic] {
    let advice = "\(file.model) has layers 0 to \(shape.layers - 1) of \(shape.dMLP) neurons."
    var faults: [Diagnostic] = []
    for (index, name) in file.pages.named.enumerated() {
      let neuron = NeuronAddress(name)
      guard let neuron, neuron.layer < shape.layers, neuron.neuron < shape.dMLP else {
        faults.append(
          file.diagnostic(
            "pages.named[\(index)]", expected: "a neuron of the model", found: name,
            advice: advice))
        continue
      }
    }
    let neurons = shape.layers * shape.dMLP
    if file.namesSizes, let size = file.sets?.sizes.last, size > neurons {
      faults.append(
        file.diagnostic(
          "sets.sizes", expected: "at most \(neurons), the neurons of the model", found: "\(size)",
          advice: advice))
    }
    return faults
  }

  /// The file without default sizes of sets that the model is too small for.
  private static func fitting(_ file: AtlasFile, _ shape: Architecture) -> AtlasFile {
    var file = file
    file.sets?.sizes.removeAll { $0 > shape.layers * shape.dMLP }
    return file
  }

  private func check() throws {
    for (label, documents) in labels.enumerated() {
      let confirming = documents.count(where: \.confirms)
      guard min(confirming, documents.count - confirming) >= Self.fewest else {
        throw Diagnostic(
          .data, file: file.origin.file, field: "corpora[\(label)] (\(file.corpora[label].name))",
          expected: "at least \(Self.fewest) documents on both sides of the split",
          found: "\(documents.count - confirming) and \(confirming)",
          advice: "Give the label more text: one document a line, or an item of an array.")
      }
    }
  }

  /// The documents of each label, in the order of its corpus, without near-duplicates.
  package var labels: [[AtlasDocument]] { divided.labels }
  /// The number of documents of each label that were left out as near-duplicates, and of those that
  /// were cut.
  package var repeated: [Int] { divided.repeated.map(\.count) }
  package var cut: [Int] { divided.cut }

  /// The documents of both sides of the split of all labels, in the order of scanning.
  package var documents: [AtlasDocument] { labels.flatMap(\.self) }

  /// What a reader should know.
  package var notes: [String] {
    let few = labels.enumerated().filter { $0.element.count(where: \.confirms) < Self.few }
      .map { file.corpora[$0.offset].name }
    let sentence =
      few.isEmpty
      ? []
      : [
        "Fewer than \(Self.few) documents confirm \(few.joined(separator: ", ")), too few for a "
          + "narrow interval."
      ]
    return model.source.notes + model.architecture.notes + model.checkpoint.notes + sentence
  }
}

extension ContentKey {
  /// The key of what belongs to one label.
  fileprivate func of(_ label: Int) -> ContentKey { ContentKey(kind, [digest, "\(label)"]) }
}

extension ResolvedModel {
  /// The SHA-256 over the checksums of the files that hold the weights.
  package var weights: String {
    Checksum.sha256(of: checkpoint.files.map(\.sha256).joined(separator: " "))
  }
}
