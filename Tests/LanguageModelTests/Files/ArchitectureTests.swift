import Foundation
import LanguageModel
import Storage
import Testing

struct ArchitectureTests {
  @Test func readsTheFormOfTransformers4() throws {
    let architecture = try TinyCheckpoint.architecture()
    #expect(architecture.family == "gpt_neox" && architecture.layers == 2)
    #expect(architecture.dModel == 8 && architecture.heads == 2 && architecture.dHead == 4)
    #expect(architecture.dMLP == 32 && architecture.keyValueHeads == 2)
    #expect(architecture.vocabulary == 10 && architecture.context == 16)
    #expect(architecture.norm == .layer(epsilon: 1e-5))
    #expect(architecture.positions == .rotary(Rotary(dimensions: 2, base: 10_000)))
    #expect(architecture.mlp == .plain(.gelu) && architecture.order == .parallel)
    #expect(
      architecture.biases == [.query, .key, .value, .attentionOut, .mlpIn, .mlpOut])
    #expect(!architecture.tiesEmbeddings)
    #expect(architecture.notes.isEmpty)
  }

  @Test func readsTheFormOfTransformers5() throws {
    let rope = #"{"rope_theta": 10000, "rope_type": "default", "partial_rotary_factor": 0.5}"#
    let new = try TinyCheckpoint.architecture([
      "rotary_pct": nil, "rotary_emb_base": nil, "rope_parameters": rope, "rope_scaling": "null",
    ])
    #expect(try new == TinyCheckpoint.architecture())
    let both = try TinyCheckpoint.architecture(["rope_parameters": rope])
    #expect(both == new)
  }

  /// A context is a mere number: alone it must not fill memory with sines and cosines.
  @Test func refusesAContextWhosePositionsFillMemory() throws {
    var changes: [String: String?] = [
      "hidden_size": "256", "num_attention_heads": "1", "rotary_pct": "1",
      "max_position_embeddings": "131072",
    ]
    #expect(try TinyCheckpoint.architecture(changes).context == 131_072)
    changes["max_position_embeddings"] = "131073"
    let text = message { _ = try TinyCheckpoint.architecture(changes) }
    #expect(text?.contains("expected at most 131072 positions of 256") == true)
  }

  @Test func readsTheDemoModel() throws {
    let located = try ModelSource.locate(
      model: "builtin:demo", relativeTo: "", environment: [:])
    let architecture = try Architecture(folder: located.folder)
    #expect(architecture.dModel == 128 && architecture.layers == 6)
    #expect(architecture.positions == .rotary(Rotary(dimensions: 8, base: 10_000)))
    let checkpoint = try Checkpoint(folder: located.folder, architecture: architecture)
    #expect(checkpoint.estimatedBytes == 2_238_464 * 4)
    #expect(checkpoint.notes.isEmpty)
  }

  /// transformers takes `int(head_size * rotary_pct)`; of an odd number it turns one dimension more,
  /// at frequencies that the odd number sets.
  @Test(arguments: [
    // 64 dimensions · 0.25, as in Pythia; 100 · 0.58 is 57.99… in binary.
    ("64", "0.25", 16, 8, false), ("5", "0.5", 2, 1, false), ("64", "1.0", 64, 32, false),
    ("100", "0.58", 57, 29, true), ("64", "0.3", 19, 10, false), ("10", "0.59", 5, 3, true),
    ("8", "0.25", 2, 1, false), ("6", "0.25", 1, 1, true),
  ])
  func truncatesRotaryDimensionsAsTransformers(
    size: String, share: String, expected: Int, pairs: Int, isNoted: Bool
  ) throws {
    let architecture = try TinyCheckpoint.architecture([
      "hidden_size": size, "num_attention_heads": "1", "rotary_pct": share,
    ])
    let rotary = Rotary(dimensions: expected, base: 10_000)
    #expect(architecture.positions == .rotary(rotary) && rotary.pairCount == pairs)
    #expect(architecture.notes.contains { $0.contains("TransformerLens rounds to") } == isNoted)
  }

  @Test(arguments: [
    ("use_parallel_residual", "use_parallel_residual; taken as true"),
    ("max_position_embeddings", "max_position_embeddings; taken as 2048"),
    ("layer_norm_eps", "layer_norm_eps; taken as 1e-05"),
    ("rotary_emb_base", "taken as 10000.0"),
  ])
  func notesWhatItFillsIn(field: String, note: String) throws {
    let architecture = try TinyCheckpoint.architecture([field: nil])
    #expect(architecture.notes.count == 1 && architecture.notes[0].contains(note))
    #expect(architecture.order == .parallel)
  }

  @Test func roundTripsThroughItsCoding() throws {
    let architecture = try TinyCheckpoint.architecture(["use_parallel_residual": "false"])
    #expect(architecture.order == .sequential)
    let copy = try JSONDecoder().decode(
      Architecture.self, from: JSONEncoder().encode(architecture))
    #expect(copy == architecture)
  }

  /// trust.md, row 1.
  @Test func namesThePathOfAMissingConfiguration() {
    let text = message { _ = try Architecture(folder: Folder(path: "/nowhere/model")) }
    #expect(text?.contains("error: /nowhere/model/config.json: expected") == true)
  }

  private static let wrongFields: [(String, String?, [String])] = [
    ("model_type", #""mamba""#, ["model_type: expected one of gpt_neox, gpt2", "\"mamba\""]),
    ("model_type", nil, ["model_type", "found nothing"]),
    ("num_attention_heads", "3", ["num_attention_heads", "hidden_size 8", "found 3", "divisible"]),
    ("num_hidden_layers", "0", ["num_hidden_layers", "integer from 1 to 1024", "found 0"]),
    ("num_hidden_layers", "-1", ["integer from 1 to 1024", "found -1"]),
    ("num_hidden_layers", "1e9", ["integer from 1 to 1024", "found 1e9"]),
    ("num_hidden_layers", "6.0", ["integer from 1 to 1024", "found 6.0"]),
    ("num_hidden_layers", #""6""#, ["integer from 1 to 1024", "\"6\" (a string)"]),
    ("num_hidden_layers", nil, ["num_hidden_layers", "found nothing"]),
    ("num_hidden_layers", "null", ["num_hidden_layers", "found nothing"]),
    ("hidden_size", "99999999999999999999", ["hidden_size", "integer from 1 to 65536"]),
    ("num_attention_heads", "9", ["num_attention_heads", "integer from 1 to 8"]),
    ("rope_parameters", #"{"partial_rotary_factor": 0.25}"#, ["expected 0.5", "found 0.25"]),
    ("rope_parameters", #"{"rope_theta": 5e5}"#, ["rotary_emb_base", "10000.0", "found 5e5"]),
    ("rope_parameters", "[]", ["rope_parameters", "expected an object"]),
    ("rope_parameters", #"{"rope_type": "yarn"}"#, ["rope_type", "default", "\"yarn\""]),
    ("rope_scaling", #"{"type": "linear", "factor": 2}"#, ["rope_scaling.type", "\"linear\""]),
    ("hidden_act", #""gelu_new""#, ["hidden_act: expected gelu", "\"gelu_new\""]),
    ("hidden_act", #""relu""#, ["hidden_act: expected gelu", "Only these are supported"]),
    ("layer_norm_eps", "0", ["layer_norm_eps", "a number above 0", "found 0"]),
    ("layer_norm_eps", "1e999", ["layer_norm_eps", "a number above 0"]),
    ("rotary_pct", "1.5", ["rotary_pct", "at most 1.0", "found 1.5"]),
    ("rotary_pct", "0.24", ["rotary_pct", "at least one pair", "gives 0"]),
    ("rotary_pct", "0.01", ["rotary_pct", "at least one pair", "gives 0"]),
    ("use_parallel_residual", "1", ["use_parallel_residual", "true or false", "found 1"]),
  ]

  /// trust.md, rows 2 to 8.
  @Test(arguments: wrongFields)
  func refuses(field: String, value: String?, words: [String]) {
    let text = message { _ = try TinyCheckpoint.architecture([field: value]) }
    for word in ["error: tiny/config.json: "] + words {
      #expect(text?.contains(word) == true, "\(word) in \(text ?? "")")
    }
  }

  @Test(arguments: [
    (#"{"model_type": "gpt_neox""#, "line 1, column 26"), ("[1]", "an object"),
    ("version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
    ("\n<!DOCTYPE html>", "an HTML page"),
  ])
  func refusesAFileThatIsNoConfiguration(text: String, words: String) {
    let text = message {
      _ = try Architecture(folder: TinyCheckpoint.folder(["config.json": Array(text.utf8)]))
    }
    #expect(text?.contains(words) == true, "\(text ?? "")")
  }
}
