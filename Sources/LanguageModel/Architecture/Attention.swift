/// What attention does between its queries, keys and values and hook_z.
package struct Attention: Sendable, Codable, Equatable {
  /// Scores are multiplied by this: 1/√d_head in most families.
  package var scale: Double
  /// Scores are divided by the layer's number, from 1 (GPT-2's `scale_attn_by_inverse_layer_idx`).
  package var dividesByLayer = false
  /// Scores s become cap · tanh(s / cap) before the mask.
  package var scoreCap: Double?
  /// Query and key of each head are normed, with a scale of their own, before they are turned.
  package var normsHeads = false
  /// By layer: how many keys a query sees, itself included; nil is all. Empty means nil throughout.
  package var windows: [Int?] = []

  package init(scale: Double) { self.scale = scale }

  /// 1/√d_head, rounded to Float as the models compute it.
  package init(dHead: Int) { self.init(scale: Double(1 / Float(dHead).squareRoot())) }

  /// The keys that a query of this layer sees, itself included; nil is all.
  package func window(layer: Int) -> Int? { windows.isEmpty ? nil : windows[layer] }

  /// What multiplies this layer's scores.
  package func scale(layer: Int) -> Float {
    Float(scale) / Float(dividesByLayer ? layer + 1 : 1)
  }
}
