import Diagnostics
import JSON
import Storage

/// Everything that differs between the families of decoder-only transformers, in one value.
///
/// A configuration file is read once into this; the weights' names, their processing and the forward
/// pass read only this. A new family is a new initialiser beside `Architecture+GPTNeoX.swift`
/// and a new mapping in `TensorNames`. Sizes have TransformerLens's names.
package struct Architecture: Sendable, Codable, Equatable {
  /// The families that can be read; the raw value is `model_type` in `config.json`.
  package enum Family: String, Sendable, Codable, CaseIterable {
    case gptNeoX = "gpt_neox"
  }

  package struct Norm: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable {
      case layerNorm
    }

    package var kind: Kind
    /// Added to the variance, under the root.
    package var epsilon: Double
  }

  package enum Positions: Sendable, Codable, Equatable {
    /// The first `dimensions` (even) of each head's queries and keys are turned, in halves
    /// (i, i + dimensions/2), by `position / base^(2i/dimensions)`.
    case rotary(dimensions: Int, base: Double)
  }

  /// The activation function of the MLP; the raw value is what findings and messages print.
  package enum Activation: String, Sendable, Codable {
    /// x·Φ(x) with the error function, not its tanh approximation.
    case geluExact = "gelu"
  }

  /// Which linear maps have a bias vector.
  package struct Biases: Sendable, Codable, Equatable {
    package var attention: Bool
    package var mlp: Bool
    package var unembed: Bool
  }

  package var family: Family
  package var layers: Int
  package var dModel: Int
  package var heads: Int
  package var dHead: Int
  package var dMLP: Int
  /// Rows of the embedding, padding rows included.
  package var vocabulary: Int
  /// The longest document in tokens, BOS included (`n_ctx`).
  package var context: Int
  package var norm: Norm
  package var positions: Positions
  /// `x + attn(ln1 x) + mlp(ln2 x)`; otherwise the MLP reads what attention wrote.
  package var parallelResidual: Bool
  package var activation: Activation
  /// The MLP multiplies its activation by a second linear map of its input.
  package var gatedMLP: Bool
  package var biases: Biases
  /// The unembedding is the embedding, transposed.
  package var tiedEmbeddings: Bool
  /// What the configuration left open and how it was read, for the provenance.
  package var notes: [String]
}

extension Architecture {
  /// Reads `config.json` of a model's folder.
  ///
  /// - Throws: `Diagnostic` of kind `.data` when there is none, or as `init(config:file:)`.
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
  /// - Throws: `Diagnostic` of kind `.data` that names field, expected and found.
  package init(config: JSON, file: String) throws {
    var configuration = Configuration(json: config, file: file)
    switch try configuration.choice("model_type", among: Family.self) {
    case .gptNeoX: try self.init(gptNeoX: &configuration)
    }
  }
}
