import JSON
import LanguageModel
import Storage

// Fuzz cases for a model's files: weights, their index and the configuration.
extension Fuzzer {
  func runSafetensors(_ random: inout FuzzRandom) throws {
    var data = model.data
    var header = Array(model.header.compact.utf8)
    var length: UInt64?
    switch random.below(8) {
    case 0: data = Array(data.prefix(random.below(data.count + 64)))
    case 1:
      let bits: [UInt32] = [0x7FC0_0000, 0x7F80_0000, 0xFF80_0000, 0x7F7F_FFFF, 1]
      let place = 4 * random.below(data.count / 4)
      withUnsafeBytes(of: random.pick(bits).littleEndian) {
        data.replaceSubrange(place..<place + 4, with: $0)
      }
    case 2:
      length = random.pick([
        0, 1, 7, UInt64(header.count - 1), UInt64(header.count + 1), 1 << 62, 1 << 63, .max,
        100_000_001,
      ])
    case 3: header = ByteMutator.mutated(header, &random)
    case 4: data = extremeWeights(&random)
    case 5: header += Array(repeating: random.pick([0x20, 0x00, 0x0A]), count: random.below(40))
    default: header = text(model.header, &random)
    }
    var bytes = TinyModel.safetensors(header: header, data: data, length: length)
    if random.oneIn(16) { bytes = ByteMutator.mutated(bytes, &random) }
    try Self.load(model.folder(["model.safetensors": bytes]), architecture)
  }

  /// Weights in a valid file, in which a few tensors are huge, tiny, constant or zero.
  func extremeWeights(_ random: inout FuzzRandom) -> [UInt8] {
    var data = model.data
    let members = model.header.object ?? []
    for _ in 0..<1 + random.below(3) where !members.isEmpty {
      let offsets = random.pick(members).value["data_offsets"]?.array?.compactMap(\.integer) ?? []
      guard offsets.count == 2 else { continue }
      let value = random.pick([0, 1, -1, 1e-30, 1e10, 1e19, 1e30, 3e38, -3e38] as [Float])
      for place in stride(from: offsets[0], to: offsets[1], by: 4) where !random.oneIn(20) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) {
          data.replaceSubrange(place..<place + 4, with: $0)
        }
      }
    }
    return data
  }

  func runShards(_ random: inout FuzzRandom) throws {
    let members = model.header.object ?? []
    let map = members.map { JSON.Member(key: $0.key, value: .string("a.safetensors")) }
    let index = JSON.object([
      .init(key: "metadata", value: .object([])), .init(key: "weight_map", value: .object(map)),
    ])
    var files = ["a.safetensors": model.safetensors]
    files["model.safetensors.index.json"] = text(index, &random)
    if random.oneIn(16) { files["model.safetensors.index.json"] = Array(index.compact.utf8) }
    if random.oneIn(4) { files["pytorch_model.bin"] = [1] }
    try Self.load(model.folder(files, without: "model.safetensors"), architecture)
  }

  func runConfig(_ random: inout FuzzRandom) throws {
    let bytes = text(random.pick(TinyConfigurations.all + [model.config]), &random)
    let damaged = try Architecture(folder: model.folder(["config.json": bytes]))
    let tensors = WeightSources(damaged) { _ in false }.tensors
    var files: [String: [UInt8]] = [:]
    // If the damaged configuration is small enough, weights that fit it are made and run.
    if tensors.reduce(0, { $0 + $1.shape.reduce(1, *) }) < 1 << 17 {
      let (header, data) = TinyModel.weights(damaged)
      files["model.safetensors"] = TinyModel.safetensors(
        header: Array(header.compact.utf8), data: data)
    }
    try Self.load(model.folder(files), damaged)
  }

  /// Reads and runs a small model of every family; returns their names.
  package static func runSoundConfigurations() throws -> [String] {
    let model = try TinyModel()
    return try (TinyConfigurations.all + [model.config]).map { configuration in
      let architecture = try Architecture(config: configuration, file: "config.json")
      let (header, data) = TinyModel.weights(architecture)
      let bytes = TinyModel.safetensors(header: Array(header.compact.utf8), data: data)
      try load(model.folder(["model.safetensors": bytes]), architecture)
      return architecture.family
    }
  }

  /// Opens a folder's checkpoint, loads it and runs it.
  private static func load(_ folder: Folder, _ architecture: Architecture) throws {
    try run(Checkpoint(folder: folder, architecture: architecture), architecture)
  }

  /// Loads a checkpoint and runs it.
  static func run(_ checkpoint: Checkpoint, _ architecture: Architecture) throws {
    _ = checkpoint.estimatedBytes
    let transformer = try Transformer(architecture: architecture, checkpoint: checkpoint)
    let ids = [0, 1, 2, 3].map { Int32(min($0, architecture.vocabulary - 1)) }
    let trace = Trace(of: Array(ids.prefix(architecture.context)), in: transformer, layer: 0)
    guard trace.logits.count == architecture.vocabulary else {
      throw OutputFault(description: "\(trace.logits.count) logits")
    }
  }
}
