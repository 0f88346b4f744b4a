/// Names the tensor of a checkpoint that holds each weight; a family's file fills it.
///
/// A weight without a source is not part of the model: a bias is then zero, a scale one.
package struct WeightSources: Sendable {
  package let architecture: Architecture
  /// Whether norms have a scale, and a shift if they centre.
  var normsHaveWeights = true
  /// All weights in the order of the forward pass. A tied unembedding is listed beside the
  /// embedding, because the two are processed differently.
  package private(set) var all: [(weight: Weight, source: Source)] = []
  private var places: [Weight: Int] = [:]
  private let available: @Sendable (String) -> Bool

  /// The sources for a checkpoint with the tensors `available`, which decide on prefixes.
  package init(
    _ architecture: Architecture, naming: TensorNaming = .huggingFace,
    available: @escaping @Sendable (String) -> Bool
  ) {
    self.architecture = architecture
    self.available = available
    switch naming {
    case .huggingFace: Families.family(of: architecture.family)?.weights(&self)
    case .gguf: GGUFNames.weights(&self)
    }
  }

  /// The source of a weight; nil if the model does not have it.
  package subscript(_ weight: Weight) -> Source? { places[weight].map { all[$0].source } }

  /// The tensors without duplicates, in the order in which they are first needed.
  package var tensors: [Source] {
    var seen = Set<String>()
    return all.map(\.source).filter { seen.insert($0.tensor).inserted }
  }

  /// The prefix of names; empty if the checkpoint has the tensor `name` without it.
  func prefix(_ prefix: String, before name: String) -> String { available(name) ? "" : prefix }

  func has(_ tensor: String) -> Bool { available(tensor) }
}

extension WeightSources {
  mutating func add(
    _ weight: Weight, _ tensor: String, _ shape: [Int], _ layout: Source.Layout = .asStored,
    addend: Float = 0
  ) {
    let source = Source(tensor: tensor, shape: shape, layout: layout, addend: addend)
    if let place = places[weight] {
      all[place].source = source
    } else {
      places[weight] = all.count
      all.append((weight, source))
    }
  }

  mutating func embedding(_ name: String) {
    add(.embedding, name + ".weight", [architecture.vocabulary, architecture.dModel])
  }

  /// Names W_pos, whose first `skipped` rows belong to no position.
  mutating func positions(_ name: String, skipped: Int = 0) {
    let rows = architecture.context + skipped
    add(
      .positions, name + ".weight", [rows, architecture.dModel],
      skipped == 0 ? .asStored : .rows(skipped..<rows))
  }

  /// Names W_U and b_U.
  ///
  /// If the configuration ties the unembedding to the embedding but the checkpoint holds an
  /// unembedding, the checkpoint's is used, as in transformers 5.
  mutating func unembedding(_ name: String) {
    let shape = [architecture.vocabulary, architecture.dModel]
    let own = name + ".weight"
    if architecture.tiesEmbeddings, !available(own), let embedding = self[.embedding] {
      add(.unembedding, embedding.tensor, shape)
    } else {
      add(.unembedding, own, shape)
    }
    if architecture.biases.contains(.unembedding) {
      add(.unembeddingBias, name + ".bias", [architecture.vocabulary])
    }
  }

  mutating func finalNorm(_ name: String, addend: Float = 0) {
    norm({ .finalNorm($0) }, name, architecture.dModel, addend: addend)
  }

  mutating func embeddingNorm(_ name: String) {
    add(.embeddingNorm(.scale), name + ".weight", [architecture.dModel])
    add(.embeddingNorm(.shift), name + ".bias", [architecture.dModel])
  }

  mutating func norm(
    _ layer: Int, _ norm: Weight.BlockNorm, _ name: String, addend: Float = 0
  ) {
    let isOfHeads = norm == .query || norm == .key
    self.norm(
      { .norm(layer, norm, $0) }, name, isOfHeads ? architecture.dHead : architecture.dModel,
      addend: addend)
  }

  /// Names a norm's scale, and its shift if the norm has one.
  private mutating func norm(
    _ weight: (Weight.NormPart) -> Weight, _ name: String, _ size: Int, addend: Float
  ) {
    guard normsHaveWeights else { return }
    add(weight(.scale), name + ".weight", [size], addend: addend)
    if architecture.norm.centres { add(weight(.shift), name + ".bias", [size]) }
  }

  /// Names the tensor of a linear map, and that of its bias if it has one.
  ///
  /// - Parameter isPaired: whether the rows of each head are stored in adjacent rotary pairs.
  mutating func linear(_ layer: Int, _ map: Linear, _ name: String, isPaired: Bool = false) {
    let (out, columns) = architecture.shape(of: map)
    let layout: Source.Layout = isPaired ? .pairsOfEachHead(size: architecture.dHead) : .asStored
    add(.map(layer, map), name + ".weight", [out, columns], layout)
    if architecture.biases.contains(map) { add(.bias(layer, map), name + ".bias", [out], layout) }
  }

  /// How several maps are stored in one tensor.
  enum Fusion {
    /// The rows are stored head by head; each head has the rows of all maps.
    case partOfEachHead
    /// The maps are stored one after the other.
    case stacked
    /// The maps are stored one after the other along the second axis, `[in, out]`.
    case transposed
  }

  /// Names the tensor that several linear maps of one input share, and that of their biases.
  mutating func fused(_ layer: Int, _ maps: [Linear], _ name: String, _ fusion: Fusion) {
    let outputs = maps.map { architecture.shape(of: $0).out }
    let columns = architecture.shape(of: maps[0]).in
    let rows = outputs.reduce(0, +)
    var start = 0
    for (part, map) in maps.enumerated() {
      let range = start..<start + outputs[part]
      start = range.upperBound
      let ofRows: Source.Layout =
        switch fusion {
        case .partOfEachHead:
          .partOfEachHead(part, of: maps.count, size: architecture.dHead)
        case .stacked, .transposed: .rows(range)
        }
      if fusion == .transposed {
        add(.map(layer, map), name + ".weight", [columns, rows], .transposed(columns: range))
      } else {
        add(.map(layer, map), name + ".weight", [rows, columns], ofRows)
      }
      if architecture.biases.contains(map) {
        add(.bias(layer, map), name + ".bias", [rows], ofRows)
      }
    }
  }
}
