import LanguageModel
import Storage
import Testing

struct CheckpointTests {
  private typealias Tensor = TinyCheckpoint.Tensor

  private func open(_ tensors: [Tensor], _ changes: [String: String?] = [:]) throws -> Checkpoint {
    try Checkpoint(
      folder: TinyCheckpoint.folder(["model.safetensors": TinyCheckpoint.safetensors(tensors)]),
      architecture: TinyCheckpoint.architecture(changes))
  }

  private func tensors(_ changes: [String: String?] = [:]) throws -> [Tensor] {
    try TinyCheckpoint.tensors(TinyCheckpoint.architecture(changes))
  }

  @Test(arguments: [true, false], ["F32", "F16", "BF16"])
  func findsEveryWeightWithAndWithoutThePrefix(prefixed: Bool, type: String) throws {
    let architecture = try TinyCheckpoint.architecture()
    let checkpoint = try open(
      TinyCheckpoint.tensors(architecture, type: type, prefixed: prefixed))
    let prefix = prefixed ? "gpt_neox." : ""
    func source(_ map: Linear) throws -> Source {
      try #require(checkpoint.sources[.map(1, map)])
    }
    #expect(try source(.mlpIn).tensor == prefix + "layers.1.mlp.dense_h_to_4h.weight")
    #expect(try checkpoint.tensor(source(.query)).shape == [24, 8])
    #expect(try source(.query).resultShape == [8, 8])
    #expect(try checkpoint.tensor(source(.mlpIn)).shape == [32, 8])
    #expect(try checkpoint.tensor(source(.mlpOut)).shape == [8, 32])
    #expect(checkpoint.sources[.unembedding]?.tensor == "embed_out.weight")
    #expect(checkpoint.notes.isEmpty)
    // 2 embeddings, 2 layers of (2 norms, 24·9, 8·9, 32·9, 8·33), 1 norm.
    #expect(checkpoint.estimatedBytes == 4 * (160 + 2 * (32 + 216 + 72 + 288 + 264) + 16))
  }

  /// trust.md, row 9.
  @Test func tiedModelsNeedNoUnembedding() throws {
    let untied = try tensors().filter { $0.name != "embed_out.weight" }
    let text = message { _ = try open(untied) }
    #expect(text?.contains("embed_out.weight: expected a tensor of the shape [10, 8]") == true)
    let tied = try open(untied, ["tie_word_embeddings": "true"])
    #expect(tied.sources[.unembedding]?.tensor == tied.sources[.embedding]?.tensor)
  }

  /// As transformers 5: the file's tensor decides, and is told of where the two differ.
  @Test func aFileWithAnotherUnembeddingIsNotTied() throws {
    let tie = ["tie_word_embeddings": "true"]
    let same = try open(tensors(), tie)
    #expect(same.sources[.unembedding]?.tensor == "embed_out.weight" && same.notes.isEmpty)
    let another = try tensors().map { tensor in
      guard tensor.name == "embed_out.weight" else { return tensor }
      return Tensor(tensor.name, "F32", tensor.shape, bytes: Array(repeating: 1, count: 320))
    }
    let checkpoint = try open(another, tie)
    #expect(checkpoint.sources[.unembedding]?.tensor == "embed_out.weight")
    let note = try #require(checkpoint.notes.first)
    for words in ["ties the unembedding to gpt_neox.embed_in.weight", "another embed_out.weight"] {
      #expect(note.contains(words), "\(note)")
    }
    let model = try Transformer(
      architecture: TinyCheckpoint.architecture(tie as [String: String?]), checkpoint: checkpoint)
    #expect(model.notes.contains(note))
  }

  @Test func modelsWithoutAttentionBiasNeedNone() throws {
    let changes = ["attention_bias": "false"]
    let checkpoint = try open(tensors(changes), changes)
    #expect(checkpoint.sources[.bias(0, .query)] == nil)
    #expect(checkpoint.sources[.bias(0, .mlpIn)]?.shape == [32])
  }

  /// trust.md, row 10.
  @Test func refusesAVocabularyOfAnotherSize() throws {
    let tensors = try tensors()
    let text = message { _ = try open(tensors, ["vocab_size": "12"]) }
    for word in ["gpt_neox.embed_in.weight", "[12, 8]", "found [10, 8]"] {
      #expect(text?.contains(word) == true, "\(word) in \(text ?? "")")
    }
  }

  private static let wrongWeights: [(String, [Int], [String])] = [
    ("I64", [32, 8], ["dtype", "one of F32, F16, BF16", "found I64"]),
    ("F64", [32, 8], ["dtype", "found F64"]),
    ("F32", [8, 32], ["the shape [32, 8]", "found [8, 32], the transposed shape"]),
    ("F32", [256], ["the shape [32, 8]", "found [256]"]),
    ("F32", [0, 8], ["the shape [32, 8]", "found [0, 8]"]),
  ]

  /// trust.md, rows 18 and 20.
  @Test(arguments: wrongWeights)
  func refusesAWeightOfAnotherTypeOrShape(type: String, shape: [Int], words: [String]) throws {
    let name = "gpt_neox.layers.0.mlp.dense_h_to_4h.weight"
    let changed = try tensors().map { $0.name == name ? Tensor(name, type, shape) : $0 }
    let text = message { _ = try open(changed) }
    for word in ["tiny/model.safetensors: " + name] + words {
      #expect(text?.contains(word) == true, "\(word) in \(text ?? "")")
    }
  }

  /// trust.md, rows 19 and 21.
  @Test func ignoresBuffersAndNotesStrangers() throws {
    let buffers = [
      Tensor("gpt_neox.layers.0.attention.bias", "BOOL", [1, 1, 3, 3]),
      Tensor("gpt_neox.layers.0.attention.masked_bias", "F32", []),
      Tensor("gpt_neox.layers.0.attention.rotary_emb.inv_freq", "F32", [1]),
      Tensor("gpt_neox.rotary_emb.inv_freq", "F32", [1]),
    ]
    #expect(try open(buffers + tensors()).notes.isEmpty)
    let strangers = [
      Tensor("e\u{301}", "I64", [0, 3]), Tensor("\u{E9}", "F64", [1]), Tensor("score", "U8", [3]),
    ]
    let notes = try open(strangers + tensors()).notes
    #expect(notes.count == 1 && notes[0].contains("(3)") && notes[0].contains("score"))
  }

  /// trust.md, row 24.
  @Test func saysHowToConvertPickles() throws {
    let architecture = try TinyCheckpoint.architecture()
    for (files, words) in [
      (["pytorch_model.bin"], "from_pretrained('tiny').save_pretrained('tiny')"),
      ([], "found neither"),
    ] {
      let folder = TinyCheckpoint.folder(
        Dictionary(uniqueKeysWithValues: files.map { ($0, [UInt8(0)]) }))
      let text = message { _ = try Checkpoint(folder: folder, architecture: architecture) }
      #expect(text?.contains(words) == true, "\(text ?? "")")
    }
  }

  @Test func readsShards() throws {
    let checkpoint = try Checkpoint(
      folder: sharded { _ in }, architecture: TinyCheckpoint.architecture())
    #expect(checkpoint.files.map(\.name) == ["tiny/a.safetensors", "tiny/b.safetensors"])
    let view = try checkpoint.tensor(#require(checkpoint.sources[.unembedding]))
    #expect(view.file.name == "tiny/b.safetensors")
  }

  /// trust.md, row 11.
  @Test(arguments: [
    "../b.safetensors", "/b.safetensors", "sub/b.safetensors", "..", "", "b\\u0000.safetensors",
  ])
  func refusesAShardOutsideTheFolder(shard: String) throws {
    let architecture = try TinyCheckpoint.architecture()
    let text = message {
      let folder = try sharded { files in
        let index = String(decoding: files[indexName] ?? [], as: UTF8.self)
          .replacing("b.safetensors", with: shard)
        files[indexName] = Array(index.utf8)
      }
      _ = try Checkpoint(folder: folder, architecture: architecture)
    }
    for word in [indexName, "weight_map: embed_out.weight", "a file beside the index"] {
      #expect(text?.contains(word) == true, "\(word) in \(text ?? "")")
    }
  }

  private static let brokenShards: [(String, [UInt8]?, [String])] = [
    ("b.safetensors", nil, ["weight_map", "the shard b.safetensors", "no such file"]),
    (
      "b.safetensors", TinyCheckpoint.safetensors([.init("other", "F32", [1])]),
      ["weight_map: embed_out.weight", "this tensor in b.safetensors"]
    ),
    (indexName, Array("{}".utf8), ["weight_map", "an object from tensors to files"]),
    (indexName, Array(#"{"weight_map": {"a": 1}}"#.utf8), ["weight_map: a", "found 1"]),
    (indexName, Array("<html>".utf8), ["an index of shards", "an HTML page"]),
  ]

  @Test(arguments: brokenShards)
  func refusesBrokenShards(name: String, bytes: [UInt8]?, words: [String]) throws {
    let architecture = try TinyCheckpoint.architecture()
    let text = message {
      _ = try Checkpoint(folder: sharded { $0[name] = bytes }, architecture: architecture)
    }
    for word in words { #expect(text?.contains(word) == true, "\(word) in \(text ?? "")") }
  }

  /// A model in two shards, the second of which holds the unembedding.
  private func sharded(_ change: (inout [String: [UInt8]]) -> Void) throws -> Folder {
    let all = try tensors()
    let map = all.map {
      #""\#($0.name)":"\#($0.name == "embed_out.weight" ? "b" : "a").safetensors""#
    }
    var files = [
      "a.safetensors": TinyCheckpoint.safetensors(all.filter { $0.name != "embed_out.weight" }),
      "b.safetensors": TinyCheckpoint.safetensors(all.filter { $0.name == "embed_out.weight" }),
      indexName: Array(#"{"metadata":{},"weight_map":{\#(map.joined(separator: ","))}}"#.utf8),
    ]
    change(&files)
    return TinyCheckpoint.folder(files)
  }
}

private let indexName = "model.safetensors.index.json"
