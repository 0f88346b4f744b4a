import Diagnostics
import JSON
import Storage

/// A family of checkpoints: how its configuration is read, and which tensor holds each weight.
package protocol Family: Sendable {
  /// The family's `model_type` in `config.json`.
  static var modelType: String { get }

  /// The family's best-known models and the variants that are not supported, in a few words.
  static var summary: String { get }

  /// - Throws: `Diagnostic` of kind `.data` with the field, the expected and the found value; also
  ///   for fields that change the arithmetic in a way that is not implemented.
  static func architecture(_ configuration: inout Configuration) throws -> Architecture

  /// Names the tensor of each weight in a checkpoint with Hugging Face's names.
  static func weights(_ sources: inout WeightSources)

  /// The endings of the names of tensors that libraries once saved and that are not weights: tables
  /// of angles and causal masks.
  static var buffers: [String] { get }

  /// Whether TransformerLens puts a BOS in front of a text if the tokenizer has not done so.
  static var prependsBOS: Bool { get }
}

extension Family {
  package static var buffers: [String] {
    ["rotary_emb.inv_freq", "rotary_emb.cos_cached", "rotary_emb.sin_cached"]
  }

  package static var prependsBOS: Bool { true }
}

/// The families that this program supports.
package enum Families {
  package static let all: [any Family.Type] = [
    GPTNeoX.self, GPT2.self, GPTNeo.self, GPTJ.self, OPT.self, Llama.self, Mistral.self,
    Qwen2.self, Qwen3.self, Gemma.self, Gemma2.self, Phi.self, Phi3.self, Bloom.self,
    Falcon.self, OLMo.self,
  ]

  /// The family with a given `model_type`; nil if there is none.
  package static func family(of modelType: String) -> (any Family.Type)? {
    all.first { $0.modelType == modelType }
  }
}

extension Architecture {
  /// Reads the `config.json` in a model's folder.
  ///
  /// - Throws: `Diagnostic` of kind `.data` if there is none, and the errors of
  ///   `init(config:file:)`.
  package init(folder: Folder) throws {
    guard let file = try folder.file("config.json") else {
      throw Diagnostic(
        .data, file: "\(folder.name)/config.json", expected: "the model's configuration",
        found: "no such file", advice: "Name the folder that holds the model's config.json.")
    }
    try Lookalike.refuse(file, expected: "the model's configuration as JSON")
    try self.init(config: JSON(parsing: file), file: file.name)
  }

  /// Reads a Hugging Face configuration of a supported family.
  ///
  /// - Throws: `Diagnostic` of kind `.data` with the field, the expected and the found value.
  package init(config: JSON, file: String) throws {
    var configuration = Configuration(json: config, file: file)
    let name = try configuration.choice("model_type", among: Families.all.map { $0.modelType })
    guard let family = Families.family(of: name) else {
      throw configuration.fault("model_type", "a supported family", found: name)
    }
    try configuration.refuseQuantization()
    self = try family.architecture(&configuration)
    notes = configuration.notes
  }
}
