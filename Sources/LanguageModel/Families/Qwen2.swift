/// Qwen 2 and 2.5: Llama with biases on queries, keys and values, and no BOS.
enum Qwen2: Family {
  static let modelType = "qwen2"
  static let summary = "Qwen 2 and 2.5, no BOS"
  static let prependsBOS = false

  static func architecture(_ configuration: inout Configuration) throws -> Architecture {
    var architecture = try LlamaShape.architecture(
      &configuration, family: modelType, context: 32_768)
    architecture.biases = [.query, .key, .value]
    architecture.attention.windows = try windows(&configuration, layers: architecture.layers)
    return architecture
  }

  /// Reads the windows, which count only if `use_sliding_window` is true. They apply to the layers
  /// from `max_window_layers` on, unless `layer_types` lists the layers.
  static func windows(_ configuration: inout Configuration, layers: Int) throws -> [Int?] {
    guard try configuration.flag("use_sliding_window", default: false) else { return [] }
    let first = try configuration.integer("max_window_layers", in: 0...1024, default: 28)
    return try configuration.windows(
      layers: layers, size: configuration.slidingWindow(absent: 4096), isLocal: { $0 >= first })
  }

  static func weights(_ sources: inout WeightSources) { LlamaShape.weights(&sources) }
}
