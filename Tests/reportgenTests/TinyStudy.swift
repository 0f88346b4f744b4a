import Foundation
import JSON
import LanguageModel
import Storage

/// A study that builds in a fraction of a second, all of its files made here: a byte-level tokenizer
/// without merges, two layers of random weights, and two corpora.
final class TinyStudy {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(Self.configuration, to: "model/config.json")
    try folder.write(Self.tokenizer, to: "model/tokenizer.json")
    try write(Self.tensors())
    for (letters, name) in [("aeiou", "a.txt"), ("bcdfg", "b.txt")] {
      try folder.write(Self.documents(of: letters).joined(separator: "\n") + "\n", to: name)
    }
    try folder.write(Self.yaml, to: "study.yml")
  }

  static let yaml = """
    title: A tiny study
    slug: tiny
    model: model
    corpora:
      - {name: A, path: a.txt}
      - {name: B, path: b.txt}
    target: A
    layer: 0
    neuron: auto
    probe: {documents: 12, k: 3, candidates: 4, splits: 2}
    prompts:
      - {text: "ae", answers: ["i", "b"]}
    expect:
      - {figure: sparse_probe.test_accuracy, at_least: 0.5}

    """

  static let configuration = """
    {
      "model_type": "gpt_neox",
      "hidden_size": 16,
      "num_attention_heads": 2,
      "num_hidden_layers": 2,
      "intermediate_size": 32,
      "vocab_size": 260,
      "max_position_embeddings": 64,
      "hidden_act": "gelu",
      "layer_norm_eps": 1e-05,
      "rotary_pct": 0.5,
      "rotary_emb_base": 10000,
      "use_parallel_residual": true,
      "tie_word_embeddings": false
    }
    """

  /// Twelve documents of words of these letters.
  static func documents(of letters: String) -> [String] {
    let letters = Array(letters)
    return (0..<12).map { document in
      (0..<6).map { word in
        String((0..<4).map { letters[(document * 7 + word * 3 + $0 * $0) % letters.count] })
      }.joined(separator: " ")
    }
  }

  /// GPT-2's letters for the 256 bytes: printable ones stand for themselves, the others for the
  /// characters from U+0100 on.
  static let alphabet: [Character] = {
    var next: UInt32 = 0x100
    return (UInt32(0)..<256).map { byte in
      if (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte) {
        return Character(Unicode.Scalar(byte) ?? " ")
      }
      defer { next += 1 }
      return Character(Unicode.Scalar(next) ?? " ")
    }
  }()

  static let tokenizer: String = {
    let letters = alphabet.enumerated().map { index, letter in
      let text = letter == "\"" || letter == "\\" ? "\\\(letter)" : "\(letter)"
      return "\"\(text)\": \(index + 1)"
    }
    return """
      {
        "added_tokens": [{"id": 0, "content": "<|endoftext|>", "special": true}],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
        "decoder": {"type": "ByteLevel"},
        "model": {
          "type": "BPE",
          "vocab": {"<|endoftext|>": 0, \(letters.joined(separator: ", "))},
          "merges": []
        }
      }
      """
  }()

  /// A tensor of the model; F32 unless said otherwise.
  struct Tensor {
    var name: String
    var type = "F32"
    var shape: [Int]
    var bytes: [UInt8]

    init(_ name: String, _ shape: [Int], type: String = "F32", bytes: [UInt8]? = nil) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes ?? Array(repeating: 0, count: 4 * shape.reduce(1, *))
    }

    /// The element at `index` becomes `value`.
    mutating func set(_ index: Int, to value: Float) {
      withUnsafeBytes(of: value) { bytes.replaceSubrange(4 * index..<4 * index + 4, with: $0) }
    }

    mutating func fill(_ value: Float) {
      for index in 0..<bytes.count / 4 { set(index, to: value) }
    }
  }

  /// Every tensor of the model, random in ±0.4; the weights of norms near 1.
  static func tensors() throws -> [Tensor] {
    let file = FileBytes(Array(configuration.utf8), name: "config.json")
    let shape = try Architecture(config: JSON(parsing: file), file: "config.json")
    var state: UInt64 = 1
    return WeightSources(shape) { _ in false }.tensors.map { source in
      var tensor = Tensor(source.tensor, source.shape)
      let middle: Float = source.tensor.hasSuffix("norm.weight") ? 1 : 0
      for index in 0..<source.shape.reduce(1, *) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        tensor.set(index, to: middle + (Float(state >> 40) / Float(1 << 24) - 0.5) * 0.8)
      }
      return tensor
    }
  }

  static func safetensors(_ tensors: [Tensor], gap: Int = 0) -> [UInt8] {
    var start = 0
    let members = tensors.enumerated().map { index, tensor in
      if index == 1 { start += gap }
      defer { start += tensor.bytes.count }
      return #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"#
        + #""data_offsets":[\#(start),\#(start + tensor.bytes.count)]}"#
    }
    let first = tensors.first?.bytes ?? []
    let data =
      first + Array(repeating: 0, count: max(0, gap)) + tensors.dropFirst().flatMap(\.bytes)
    return file(header: "{\(members.joined(separator: ","))}", data: data)
  }

  static func file(header: String, data: [UInt8], length: UInt64? = nil) -> [UInt8] {
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian, Array.init)
      + Array(header.utf8) + data
  }
}

extension TinyStudy {
  func write(_ tensors: [Tensor], gap: Int = 0) throws {
    try folder.write(Self.safetensors(tensors, gap: gap), to: "model/model.safetensors")
  }

  /// The weights changed.
  func tensors(_ change: (inout [Tensor]) -> Void) throws {
    var tensors = try Self.tensors()
    change(&tensors)
    try write(tensors)
  }

  /// One weight changed.
  func tensor(_ name: String, _ change: (inout Tensor) -> Void) throws {
    try tensors { tensors in
      for index in tensors.indices where tensors[index].name.hasSuffix(name) {
        change(&tensors[index])
      }
    }
  }

  /// The header of the weights' file changed, the data as it was.
  func header(_ change: (String) -> String, length: ((Int) -> UInt64)? = nil) throws {
    let bytes = try folder.bytes("model/model.safetensors")
    let count = Int(bytes[0]) + Int(bytes[1]) << 8
    let header = change(String(decoding: bytes[8..<8 + count], as: UTF8.self))
    try folder.write(
      Self.file(
        header: header, data: Array(bytes[(8 + count)...]), length: length?(header.utf8.count)),
      to: "model/model.safetensors")
  }

  func config(_ old: String, _ new: String) throws {
    try folder.replace(old, with: new, in: "model/config.json")
  }

  func tokenizer(_ old: String, _ new: String) throws {
    try folder.replace(old, with: new, in: "model/tokenizer.json")
  }

  func study(_ old: String, _ new: String) throws {
    try folder.replace(old, with: new, in: "study.yml")
  }

  func build(
    _ arguments: [String] = [], environment: [String: String] = [:], shell: String? = nil,
    seconds: Double = 60
  ) throws -> CommandRun {
    try run(
      ["build", "study.yml"] + arguments, environment: environment, shell: shell, seconds: seconds)
  }

  func run(
    _ arguments: [String], environment: [String: String] = [:], shell: String? = nil,
    seconds: Double = 60
  ) throws -> CommandRun {
    try CommandRun(
      arguments, in: folder.path, environment: environment, shell: shell, seconds: seconds)
  }

  func start(_ arguments: [String], shell: String? = nil) throws -> RunningCommand {
    try RunningCommand(arguments, in: folder.path, shell: shell)
  }

  static let report = "Site/reports/tiny"
}
