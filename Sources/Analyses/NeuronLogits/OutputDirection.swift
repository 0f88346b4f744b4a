import LanguageModel
import LinearAlgebra
import Statistics
import StudyFile
import Tokenization

extension NeuronLogits {
  /// The direct effect of a neuron's output direction on the logits (Gurnee et al. 2024, universal
  /// neurons): a unit of activation changes a token's logit by the token's effect, before the final
  /// norm divides it.
  package struct OutputDirection: Codable, Sendable, Equatable {
    package var promoted: [TokenEffect]
    package var suppressed: [TokenEffect]
    /// Moments of cos(w_out, W_U) over the vocabulary.
    package var moments: [Moment]

    package struct Moment: Codable, Sendable, Equatable {
      /// The name: `mean`, `variance`, `skew` or `kurtosis`.
      package var name: String
      /// The moment; absent where the cosines do not differ.
      package var value: Double?
      /// The share of the layer's other neurons whose moment is smaller, 0 to 1.
      package var below: Double
    }

    private static let shown = 15
    /// The number of tokens whose cosines are in memory at once.
    private static let block = 2048

    /// Computes the effects and cosines of the neuron, and the moments of all neurons of its layer.
    ///
    /// - Complexity: O(d_mlp · vocabulary · d_model).
    package init(
      of neuron: NeuronAddress, in model: Transformer, tokenizer: Tokenizer,
      workers: Int
    ) {
      let vocabulary = min(tokenizer.vocabularySize, model.unembedding.rows)
      let output = model.outputDirection(layer: neuron.layer, neuron: neuron.neuron)
      let similar = Similarities(of: output, to: model.unembedding)
      (promoted, suppressed) = TokenEffect.extremes(
        Self.shown, of: similar, tokenizer: tokenizer)
      let all = Self.moments(
        layer: neuron.layer, in: model, vocabulary: vocabulary, workers: workers)
      let own = all[neuron.neuron]
      func moment(_ name: String, _ value: (Moments) -> Double?) -> Moment {
        let mine = value(own)
        let below = all.count { moments in
          value(moments).flatMap { other in mine.map { other < $0 } } ?? false
        }
        return Moment(
          name: name, value: mine, below: Double(below) / Double(max(1, all.count - 1)))
      }
      moments = [
        moment("mean", \.mean), moment("variance", \.variance), moment("skew", \.skew),
        moment("kurtosis", \.kurtosis),
      ]
    }

    /// The moments of the cosines of each neuron of a layer with the vocabulary.
    private static func moments(
      layer: Int, in model: Transformer, vocabulary: Int, workers: Int
    ) -> [Moments] {
      let shape = model.architecture
      let outputs = Matrix(
        rows: shape.dMLP, columns: shape.dModel,
        elements: (0..<shape.dMLP).flatMap {
          unit(model.outputDirection(layer: layer, neuron: $0))
        })
      let starts = Array(stride(from: 0, to: vocabulary, by: block))
      var moments = Array(repeating: Moments(), count: shape.dMLP)
      for start in starts {
        let tokens = start..<min(vocabulary, start + block)
        let directions = Matrix(
          rows: tokens.count, columns: shape.dModel,
          elements: tokens.flatMap { unit(model.unembedding.row($0)) })
        var cosines = Matrix(rows: shape.dMLP, columns: tokens.count)
        MatrixProduct.timesTransposed(
          outputs, outputs.block(), directions, directions.block(), into: &cosines,
          cosines.block())
        for neuron in moments.indices { moments[neuron].merge(Moments(of: cosines.row(neuron))) }
      }
      return moments
    }

    private static func unit(_ vector: [Float]) -> [Float] {
      let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      return vector.map { length > 0 ? Float(Double($0) / length) : 0 }
    }
  }
}
