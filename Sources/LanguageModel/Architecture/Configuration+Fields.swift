/// Fields that most families have, with the ranges that all families share.
extension Configuration {
  func layers(_ path: String) throws -> Int { try integer(path, in: 1...1024) }

  /// Reads d_model and the number of heads, which must divide it.
  func heads(_ size: String, _ heads: String) throws -> (dModel: Int, heads: Int) {
    let dModel = try integer(size, in: 1...65_536)
    let count = try integer(heads, in: 1...dModel)
    guard dModel.isMultiple(of: count) else {
      throw fault(
        heads, "a divisor of \(size) \(dModel)",
        found: "\(count), by which \(dModel) is not divisible")
    }
    return (dModel, count)
  }

  func neurons(_ path: String) throws -> Int { try integer(path, in: 1...1_048_576) }

  func vocabulary(_ path: String) throws -> Int { try integer(path, in: 1...16_777_216) }

  mutating func context(_ path: String, default standard: Int) throws -> Int {
    try integer(path, in: 1...1_048_576, default: standard)
  }

  /// Reads the activation function, which must be one of the names that the family uses.
  ///
  /// - Parameter standard: the name that a missing field stands for; nil if the field is required.
  func activation(
    _ path: String, among names: KeyValuePairs<String, Activation>, default standard: String?
  ) throws -> Activation {
    let name = try choice(path, among: names.map(\.key), default: standard)
    return names.first { $0.key == name }?.value ?? .gelu
  }

  /// Refuses scaled rotary positions, for families without checkpoints that have them.
  ///
  /// transformers 4 writes `rope_scaling`, whose key was once `type`; transformers 5 writes
  /// `rope_parameters`.
  func refuseScaledPositions() throws {
    for path in [
      "rope_parameters.rope_type", "rope_parameters.type", "rope_scaling.rope_type",
      "rope_scaling.type",
    ] {
      _ = try choice(path, among: ["default"], default: "default")
    }
  }

  /// The limit of positions times rotary dimensions; 131,072 positions of 256 dimensions fit.
  /// Without a limit, a small file could claim a context that needs any number of sines and
  /// cosines.
  private static let angleLimit = 1 << 25

  /// Reads rotary positions on a share of each head's dimensions, rounded down as in transformers.
  mutating func rotary(
    share: Double, field: String, dHead: Int, base: Double, scaling: Rotary.Scaling? = nil,
    pairs: Rotary.Pairs = .halves, context: Int
  ) throws -> PositionalEmbedding {
    let exact = share * Double(dHead)
    let positions = try rotary(
      dimensions: Int(exact), field: field, found: "\(share)", dHead: dHead, base: base,
      scaling: scaling, pairs: pairs, context: context)
    let rounded = Int(exact.rounded(.toNearestOrEven))
    if rounded != Int(exact) {
      note(
        "\(field) \(share) of \(dHead) dimensions is \(Int(exact)) rotary dimensions, truncated as "
          + "transformers does; TransformerLens rounds to \(rounded).")
    }
    return positions
  }

  /// Checks rotary positions on some dimensions of each head.
  func rotary(
    dimensions: Int, field: String, found: String, dHead: Int, base: Double,
    scaling: Rotary.Scaling? = nil, pairs: Rotary.Pairs = .halves, context: Int
  ) throws -> PositionalEmbedding {
    let rotary = Rotary(dimensions: dimensions, base: base, scaling: scaling, pairs: pairs)
    guard dimensions > 0, 2 * rotary.pairCount <= dHead else {
      throw fault(
        field, "a share of the \(dHead) dimensions of a head that makes at least one pair",
        found: "\(found), which gives \(dimensions)")
    }
    guard context <= Self.angleLimit / (2 * rotary.pairCount) else {
      throw fault(
        "max_position_embeddings",
        "at most \(Self.angleLimit / (2 * rotary.pairCount)) positions of "
          + "\(2 * rotary.pairCount) rotary dimensions", found: "\(context)")
    }
    return .rotary(rotary)
  }
}
