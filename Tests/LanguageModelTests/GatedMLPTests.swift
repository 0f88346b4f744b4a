import LanguageModel
import LinearAlgebra
import Testing

/// A gated MLP on more rows than a pass computes at once; the goldens have fewer.
struct GatedMLPTests {
  /// A Llama of one layer, with made-up weights.
  private static func model() throws -> Transformer {
    let shape = try TinyCheckpoint.architecture([
      "model_type": #""llama""#, "intermediate_size": "24", "num_hidden_layers": "1",
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

  /// The last row of one block, the first of the next, and the last of all.
  @Test func blocksOfRowsEqualOneProduct() throws {
    let model = try Self.model()
    let documents = (0..<40).map { document in (0..<15).map { Int32((document + $0 * 7) % 10) } }
    var forward = ForwardPass(model: model, rows: 600, longest: 15)
    forward.embed(Pack(documents))
    forward.run(layer: 0, through: .mid)
    let mid = forward.residual
    forward.runFromMid(layer: 0, through: .activated)
    let whole = model.activations(of: Array(0..<24), layer: 0, reading: mid, rows: 600)
    for row in [0, 510, 511, 512, 513, 599] {
      for neuron in 0..<24 {
        let found = forward.hidden[row, forward.postBlock.column + neuron]
        // BLAS may split a product of other height differently.
        #expect(abs(found - whole[row, neuron]) < 2e-5 * (1 + abs(whole[row, neuron])))
        #expect(found != 0)
      }
    }
  }
}
