import LanguageModel
import LinearAlgebra
import Testing

/// A gated MLP that is wider than the neurons that a pass computes at once; the goldens are narrower.
struct GatedMLPTests {
  private static let neurons = 600

  /// A Llama of one layer, with made-up weights.
  private static func model() throws -> Transformer {
    let shape = try TinyCheckpoint.architecture([
      "model_type": #""llama""#, "intermediate_size": "\(neurons)", "num_hidden_layers": "1",
      "hidden_act": #""silu""#, "rms_norm_eps": "1e-05", "layer_norm_eps": nil, "rotary_pct": nil,
      "rotary_emb_base": nil, "use_parallel_residual": nil, "num_key_value_heads": "1",
    ])
    let tensors = TinyCheckpoint.tensors(shape).map { tensor in
      let weights = (0..<tensor.shape.reduce(1, *)).map { Float($0 * 37 % 101) / 100 - 0.5 }
      var tensor = tensor
      tensor.bytes = weights.withUnsafeBytes(Array.init)
      return tensor
    }
    let folder = TinyCheckpoint.folder([
      "model.safetensors": TinyCheckpoint.safetensors(tensors)
    ])
    return try Transformer(
      architecture: shape, checkpoint: try Checkpoint(folder: folder, architecture: shape))
  }

  /// The last neurons of one block, the first of the next, and the last of all.
  @Test func blocksOfNeuronsEqualNeuronsAlone() throws {
    let model = try Self.model()
    var forward = ForwardPass(model: model, rows: 12, longest: 12)
    forward.embed(Pack([[1, 2, 3, 4, 5], [6, 7, 8, 9, 1, 2, 3]]))
    forward.run(layer: 0, through: .mid)
    let mid = forward.residual
    forward.runFromMid(layer: 0, through: .activated)
    let neurons = [0, 1, 510, 511, 512, 513, Self.neurons - 1]
    let alone = model.activations(of: neurons, layer: 0, reading: mid, rows: 12)
    for row in 0..<12 {
      for (column, neuron) in neurons.enumerated() {
        let found = forward.hidden[row, forward.postBlock.column + neuron]
        // BLAS may split a product of other width differently.
        #expect(abs(found - alone[row, column]) < 2e-5 * (1 + abs(alone[row, column])))
        #expect(found != 0)
      }
    }
  }
}
