/// The fields that most families have, with the ranges that every family shares.
extension Configuration {
  func layers(_ path: String) throws -> Int { try integer(path, in: 1...1024) }

  /// d_model and the number of heads, which divides it.
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

  /// The activation function: one of the names that a family's checkpoints use.
  ///
  /// - Parameter standard: the name that absence stands for.
  func activation(
    _ path: String, among names: KeyValuePairs<String, Activation>, default standard: String?
  ) throws -> Activation {
    let name = try choice(path, among: names.map(\.key), default: standard)
    return names.first { $0.key == name }?.value ?? .gelu
  }

  /// Refuses stretched rotary positions, for families of which no checkpoint has them.
  ///
  /// transformers 4 scaled by `rope_scaling`, its key once being `type`; 5 by `rope_parameters`.
  func refuseScaledPositions() throws {
    for path in [
      "rope_parameters.rope_type", "rope_parameters.type", "rope_scaling.rope_type",
      "rope_scaling.type",
    ] {
      _ = try choice(path, among: ["default"], default: "default")
    }
  }

  /// Positions times rotary dimensions: 131,072 positions of 256 fit. A context is a mere number,
  /// and without a limit a small file could ask for any amount of sines and cosines.
  private static let angleLimit = 1 << 25

  /// Rotary positions on a share of each head's dimensions, truncated as transformers has it.
  mutating func rotary(
    share: Double, field: String, dHead: Int, base: Double, scaling: Rotary.Scaling? = nil,
    pairs: Rotary.Pairs = .halves, context: Int
  ) throws -> Positions {
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

  /// Rotary positions on some dimensions of each head.
  func rotary(
    dimensions: Int, field: String, found: String, dHead: Int, base: Double,
    scaling: Rotary.Scaling? = nil, pairs: Rotary.Pairs = .halves, context: Int
  ) throws -> Positions {
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
