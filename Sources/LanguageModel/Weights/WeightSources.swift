/// Which tensors of a checkpoint hold which weights of an architecture: what a family's file writes.
///
/// A weight that no source is given for is left out of the model: a bias of zeros, a scale of ones.
package struct WeightSources: Sendable {
  package let architecture: Architecture
  /// Whether norms have a scale, and a shift where they centre.
  var normsHaveWeights = true
  /// Every weight, in the order of the forward pass; a tied unembedding stands beside the
  /// embedding, since the two are processed apart.
  package private(set) var all: [(weight: Weight, source: Source)] = []
  private var places: [Weight: Int] = [:]
  private let available: @Sendable (String) -> Bool

  /// The sources in a checkpoint that holds `available`, from which prefixes are told.
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

  package subscript(_ weight: Weight) -> Source? { places[weight].map { all[$0].source } }

  /// Each tensor once, in the order in which it is first needed.
  package var tensors: [Source] {
    var seen = Set<String>()
    return all.map(\.source).filter { seen.insert($0.tensor).inserted }
  }

  /// A prefix, unless the checkpoint has a tensor of that name without it.
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

  /// W_pos, whose first `skipped` rows belong to no position.
  mutating func positions(_ name: String, skipped: Int = 0) {
    let rows = architecture.context + skipped
    add(
      .positions, name + ".weight", [rows, architecture.dModel],
      skipped == 0 ? .asStored : .rows(skipped..<rows))
  }

  /// W_U and b_U.
  ///
  /// Where the configuration ties the unembedding to the embedding and the checkpoint holds one of
  /// its own, the checkpoint's is taken, as transformers 5 does.
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

  /// Scale, and shift where the norm has one.
  private mutating func norm(
    _ weight: (Weight.NormPart) -> Weight, _ name: String, _ size: Int, addend: Float
  ) {
    guard normsHaveWeights else { return }
    add(weight(.scale), name + ".weight", [size], addend: addend)
    if architecture.norm.centres { add(weight(.shift), name + ".bias", [size]) }
  }

  /// A linear map in a tensor of its own, with its bias where it has one.
  ///
  /// - Parameter isPaired: whether rows of each head lie as rotary pairs, side by side.
  mutating func linear(_ layer: Int, _ map: Linear, _ name: String, isPaired: Bool = false) {
    let (out, columns) = architecture.shape(of: map)
    let layout: Source.Layout = isPaired ? .pairsOfEachHead(size: architecture.dHead) : .asStored
    add(.map(layer, map), name + ".weight", [out, columns], layout)
    if architecture.biases.contains(map) { add(.bias(layer, map), name + ".bias", [out], layout) }
  }

  /// How several maps share one tensor.
  enum Fusion {
    /// Head by head, each head's rows map after map.
    case partOfEachHead
    /// Map after map.
    case stacked
    /// Map after map along the second axis: stored `[in, out]`.
    case transposed
  }

  /// Linear maps of one input that share a tensor, with their biases.
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
