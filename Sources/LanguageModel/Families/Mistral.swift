/// Mistral 7B and Nemo: Llama with a sliding window in every layer.
enum Mistral: Family {
  static let modelType = "mistral"
  static let summary = "Mistral 7B and Nemo: a window on every layer"

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    var architecture = try LlamaShape.architecture(
      &configuration, family: modelType, context: 131_072)
    architecture.attention.windows = try configuration.windows(
      layers: architecture.layers, size: configuration.slidingWindow(absent: 4096),
      isLocal: { _ in true })
    return architecture
  }

  static func weights(_ sources: inout WeightSources) { LlamaShape.weights(&sources) }
}
