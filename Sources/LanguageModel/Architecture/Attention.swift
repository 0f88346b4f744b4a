/// How attention computes hook_z from queries, keys and values.
package struct Attention: Sendable, Codable, Equatable {
  /// The factor of the scores: 1/√d_head in most families.
  package var scale: Double
  /// Whether scores are also divided by the number of the layer, from 1 (GPT-2's
  /// `scale_attn_by_inverse_layer_idx`).
  package var dividesByLayer = false
  /// The soft cap of the scores, before the mask: s becomes cap · tanh(s / cap); nil for none.
  package var scoreCap: Double?
  /// Whether each head's query and key are normed, with a scale, before the rotary embedding.
  package var normsHeads = false
  /// The number of keys that a query sees in each layer, its own included; nil for all. Empty if
  /// every layer sees all.
  package var windows: [Int?] = []

  package init(scale: Double) { self.scale = scale }

  /// Attention with the scale 1/√d_head, rounded to Float as the models compute it.
  package init(dHead: Int) { self.init(scale: Double(1 / Float(dHead).squareRoot())) }

  /// The number of keys that a query of this layer sees, its own included; nil for all.
  package func window(layer: Int) -> Int? { windows.isEmpty ? nil : windows[layer] }

  /// The factor of this layer's scores.
  package func scale(layer: Int) -> Float {
    Float(scale) / Float(dividesByLayer ? layer + 1 : 1)
  }
}
