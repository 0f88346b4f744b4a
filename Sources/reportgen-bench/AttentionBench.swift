import LanguageModel
import LinearAlgebra

/// Attention within documents, without the products with its weights: rotary embedding, scores,
/// softmax and weighted values.
struct AttentionBench {
  let model: Transformer
  let workers: Int
  /// The number of tokens of each document; a pack has four documents.
  private let tokens = 256

  /// - Parameter productRate: the operations per second of the products of scores and values alone.
  func run(productRate: Double) -> Measurement {
    let (model, tokens) = (model, min(tokens, model.architecture.context))
    let documents = (0..<4).map { document in
      (0..<tokens).map { Int32(truncatingIfNeeded: ($0 * 31 + document * 7) % 200) }
    }
    let seconds = Stopwatch.seconds(
      cores: workers,
      scratch: {
        var forward = ForwardPass(model: model, rows: 4 * tokens, longest: tokens)
        forward.embed(Pack(documents))
        forward.attend(layer: 0)
        return forward
      }, body: { $0.attendWithinDocuments(layer: 0) })
    let operations = 4 * 2 * model.architecture.attentionWidth * tokens * (tokens + 1)
    return Measurement(
      name: "attention, documents of \(tokens)", amount: Double(operations * workers),
      unit: "FLOP", seconds: seconds, bound: productRate, boundName: "its SGEMM")
  }
}
