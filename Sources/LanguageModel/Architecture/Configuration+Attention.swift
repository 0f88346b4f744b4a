import JSON

/// Fields for positions, windows and groups of heads, as most families since Llama write them.
extension Configuration {
  /// Reads the number of heads, their size, and the number of key and value heads.
  mutating func groupedHeads(dModel: Int, standardSize: Int? = nil) throws
    -> (heads: Int, keyValueHeads: Int, dHead: Int)
  {
    let heads = try integer("num_attention_heads", in: 1...65_536)
    let groups =
      try isPresent("num_key_value_heads")
      ? integer("num_key_value_heads", in: 1...heads) : heads
    guard heads.isMultiple(of: groups) else {
      throw fault(
        "num_key_value_heads", "a divisor of num_attention_heads \(heads)", found: "\(groups)")
    }
    if try isPresent("head_dim") {
      return (heads, groups, try integer("head_dim", in: 1...65_536))
    }
    if let standardSize {
      return (heads, groups, try integer("head_dim", in: 1...65_536, default: standardSize))
    }
    guard dModel.isMultiple(of: heads) else {
      throw fault(
        "num_attention_heads", "a divisor of hidden_size \(dModel)",
        found: "\(heads), by which \(dModel) is not divisible")
    }
    return (heads, groups, dModel / heads)
  }

  /// Reads rotary positions in halves, on all dimensions of a head or on a share of them.
  mutating func rotary(
    dHead: Int, context: Int, base: Double = 10_000, share: Double? = nil
  ) throws -> PositionalEmbedding {
    let base = try positive("rope_theta", "rope_parameters.rope_theta", default: base)
    let scaling = try ropeScaling()
    let share = try positive(
      "partial_rotary_factor", "rope_parameters.partial_rotary_factor", atMost: 1,
      default: share ?? 1, isNoted: share != nil)
    return try rotary(
      share: share, field: "partial_rotary_factor", dHead: dHead, base: base, scaling: scaling,
      context: context)
  }

  /// Reads how rotary positions are scaled, from `rope_scaling` of transformers 4 (with its old key
  /// `type`) or `rope_parameters` of transformers 5.
  func ropeScaling() throws -> Rotary.Scaling? {
    var found: Rotary.Scaling?
    for path in ["rope_scaling", "rope_parameters"] where try isPresent(path) {
      let key = try isPresent(path + ".rope_type") ? ".rope_type" : ".type"
      let standard = path == "rope_parameters" ? "default" : nil
      let kind = try choice(
        path + key, among: ["default", "linear", "llama3"], default: standard)
      switch kind {
      case "linear": found = .linear(factor: try number(path + ".factor"))
      case "llama3":
        let (low, high) = (
          try number(path + ".low_freq_factor"), try number(path + ".high_freq_factor")
        )
        guard low < high else {
          throw fault(
            path + ".high_freq_factor", "a number above low_freq_factor \(low)", found: "\(high)")
        }
        found = .llama3(
          factor: try number(path + ".factor"), low: low, high: high,
          original: try integer(
            path + ".original_max_position_embeddings", in: 1...16_777_216))
      default: break
      }
    }
    return found
  }

  /// Reads each layer's window: from `layer_types` if present, else `isLocal` tells which layers
  /// have one. Empty if no layer has one.
  func windows(layers: Int, size: Int?, isLocal: (Int) -> Bool) throws -> [Int?] {
    guard let size else { return [] }
    let kinds = try field("layer_types").map { value -> [Bool] in
      let names = value.array?.map(\.string) ?? []
      guard names.count == layers,
        names.allSatisfy({ $0 == "sliding_attention" || $0 == "full_attention" })
      else {
        throw fault(
          "layer_types", "\(layers) of full_attention and sliding_attention", value)
      }
      return names.map { $0 == "sliding_attention" }
    }
    let locals = kinds ?? (0..<layers).map(isLocal)
    return locals.contains(true) ? locals.map { $0 ? size : nil } : []
  }

  /// Reads `sliding_window`. Null means no window; so does a missing field, unless `absent` is
  /// given.
  mutating func slidingWindow(absent standard: Int? = nil) throws -> Int? {
    if try isPresent("sliding_window") { return try integer("sliding_window", in: 1...16_777_216) }
    guard let standard, !isNull("sliding_window") else { return nil }
    return try integer("sliding_window", in: 1...16_777_216, default: standard)
  }
}
