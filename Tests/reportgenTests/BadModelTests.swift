import Foundation
import Testing

/// Rows 1–24 of the table of bad input that are refused: the model's files.
struct BadModelTests {
  @Test(arguments: configurations + weights + headers + shards) func isRefused(_ row: InputRow)
    throws
  {
    try row.checkRefused()
  }

  private static let weightsFile = "model/model.safetensors"

  private static let configurations: [InputRow] =
    [
      InputRow(1, "no config.json", 3, ["model/config.json", "no such file"]) {
        try $0.folder.remove("model/config.json")
      },
      InputRow(1, "no model", 3, ["model", "nothing at this path"]) {
        try $0.study("model: model", "model: ./absent")
      },
      InputRow(2, "config.json cut short", 3, ["config.json", "line", "byte"]) {
        try $0.folder.write(String(TinyStudy.configuration.prefix(60)), to: "model/config.json")
      },
      InputRow(3, "another family", 3, ["model_type", "gpt_neox", "mamba"]) {
        try $0.config("\"gpt_neox\"", "\"mamba\"")
      },
      InputRow(4, "heads do not divide", 3, ["num_attention_heads", "512", "7", "divisible"]) {
        try $0.config("\"hidden_size\": 16", "\"hidden_size\": 512")
        try $0.config("\"num_attention_heads\": 2", "\"num_attention_heads\": 7")
      },
    ]
    + ["0", "-1", "1000000000", "\"6\"", "1e999", "6.0", "99999999999999999999"].map { value in
      InputRow(5, "layers \(value)", 3, ["num_hidden_layers", "an integer from 1 to", value]) {
        try $0.config("\"num_hidden_layers\": 2", "\"num_hidden_layers\": \(value)")
      }
    } + [
      InputRow(7, "two rotary shares", 3, ["partial_rotary_factor", "0.5", "0.25"]) {
        try $0.config(
          "\"rotary_pct\": 0.5,",
          "\"rotary_pct\": 0.5, \"rope_parameters\": {\"partial_rotary_factor\": 0.25},")
      },
      InputRow(8, "unknown rope type", 3, ["rope_type", "default", "yarn"]) {
        try $0.config(
          "\"rotary_pct\"", "\"rope_parameters\": {\"rope_type\": \"yarn\"}, \"rotary_pct\"")
      },
      InputRow(8, "unknown activation", 3, ["hidden_act", "gelu", "relu"]) {
        try $0.config("\"gelu\"", "\"relu\"")
      },
      InputRow(9, "untied without embed_out", 3, ["embed_out.weight", "no tensor"]) {
        try $0.tensors { $0.removeAll { $0.name == "embed_out.weight" } }
      },
      InputRow(10, "another vocabulary", 3, ["embed_in.weight", "[300, 16]", "[260, 16]"]) {
        try $0.config("260", "300")
      },
      InputRow(24, "a pickle only", 3, ["pytorch_model.bin", "safetensors", "unpickled"]) {
        try $0.folder.remove(weightsFile)
        try $0.folder.write([0x80, 2, 0x63], to: "model/pytorch_model.bin")
      },
    ]

  private static let weights: [InputRow] = [
    InputRow(12, "a Git LFS pointer", 3, ["model.safetensors", "Git LFS pointer", "git lfs pull"]) {
      try $0.folder.write("version https://git-lfs.github.com/spec/v1\noid x\n", to: weightsFile)
    },
    InputRow(12, "an HTML page", 3, ["model.safetensors", "HTML page"]) {
      try $0.folder.write("<!DOCTYPE html><title>Sign in</title>", to: weightsFile)
    },
    InputRow(18, "integers for a weight", 3, ["embed_out.weight", "I32"]) {
      try $0.tensor("embed_out.weight") { $0.type = "I32" }
    },
    InputRow(20, "a tensor missing", 3, ["layers.1.mlp.dense_h_to_4h.weight", "[32, 16]"]) {
      try $0.tensors { $0.removeAll { $0.name.hasSuffix("layers.1.mlp.dense_h_to_4h.weight") } }
    },
    InputRow(20, "a tensor transposed", 3, ["dense_h_to_4h", "[32, 16]", "[16, 32]", "transposed"])
    {
      try $0.tensor("dense_h_to_4h.weight") { $0.shape = [16, 32] }
    },
    InputRow(22, "a weight that is NaN", 3, ["embed_out.weight", "NaN at index 5", "1 NaN"]) {
      try $0.tensor("embed_out.weight") { $0.set(5, to: .nan) }
    },
    InputRow(22, "weights that are infinite", 3, ["layers.1", "infinity at index 7", "2 NaN"]) {
      try $0.tensor("layers.1.mlp.dense_4h_to_h.weight") {
        $0.set(7, to: -.infinity)
        $0.set(9, to: .infinity)
      }
    },
    InputRow(23, "activations that overflow", 3, ["document", "layer 0", "NaN or infinity"]) {
      try $0.tensor("layers.0.mlp.dense_h_to_4h.weight") { $0.fill(3e38) }
    },
    InputRow(23, "a variance that overflows", 3, ["document", "layer 0", "NaN or infinity"]) {
      try $0.tensor("embed_in.weight") { tensor in
        for index in stride(from: 0, to: tensor.bytes.count / 4, by: 2) {
          tensor.set(index, to: 3e25)
        }
      }
    },
    InputRow(23, "an overflow behind the probe", 3, ["document", "layer 1", "NaN or infinity"]) {
      try $0.tensor("layers.1.mlp.dense_h_to_4h.weight") { $0.fill(3e38) }
    },
  ]

  private static let headers: [InputRow] =
    [[], [1, 0, 0, 0, 0, 0, 0]].map { (bytes: [UInt8]) in
      InputRow(13, "\(bytes.count) bytes", 3, ["byte 0", "8 bytes", "\(bytes.count) bytes"]) {
        try $0.folder.write(bytes, to: weightsFile)
      }
    }
    + [UInt64(1) << 63, 1 << 40, .max].map { length in
      InputRow(13, "a header of \(length) bytes", 3, ["byte 0", "at most", "\(length)"]) {
        try $0.header({ $0 }, length: { _ in length })
      }
    } + [
      InputRow(13, "a header of 200 MB", 3, ["byte 0", "100000000", "200000000"]) {
        try $0.header({ $0 }, length: { _ in 200_000_000 })
        // A hole: it takes no room.
        let file = try FileHandle(forWritingTo: URL(filePath: $0.folder.path + "/" + weightsFile))
        try file.truncate(atOffset: 300_000_000)
        try file.close()
      },
      InputRow(2, "a header cut short", 3, ["header", "byte"]) {
        try $0.header({ String($0.dropLast(9)) })
      },
      InputRow(14, "a header padded with NUL", 3, ["byte", "NUL"]) {
        try $0.header { $0 + "\0\0" }
      },
      InputRow(14, "a header that is a list", 3, ["byte 8", "starts with {", "0x5b"]) {
        try $0.header { "[" + $0.dropFirst() }
      },
      InputRow(15, "a key twice", 3, ["embed_in.weight"]) {
        try $0.header {
          $0.replacing("\"embed_out.weight\"", with: "\"gpt_neox.embed_in.weight\"")
        }
      },
      InputRow(16, "a gap", 3, ["data_offsets", "a start at 16640", "a gap: [16656"]) {
        try $0.write(TinyStudy.tensors(), gap: 16)
      },
      InputRow(16, "an overlap", 3, ["input_layernorm.weight", "an overlap: [16636, 16700]"]) {
        try $0.header { $0.replacing("[16640,16704]", with: "[16636,16700]") }
      },
      InputRow(16, "bytes behind the data", 3, ["end of the file", "3 trailing bytes"]) {
        let bytes = try $0.folder.bytes(weightsFile)
        try $0.folder.write(bytes + [1, 2, 3], to: weightsFile)
      },
      InputRow(18, "an unknown type", 3, ["embed_in.weight: dtype", "F32", "F99"]) {
        try $0.tensor("embed_in.weight") { $0.type = "F99" }
      },
    ]
    + ["[9223372036854775807,16]", "[-1,16]", "[260.0,16]", "[1e3,16]"].map { shape in
      InputRow(17, "the shape \(shape)", 3, ["embed_in.weight: shape"]) {
        try $0.header { $0.replacing("[260, 16]", with: shape) }
      }
    }

  private static let shards: [InputRow] =
    [
      ("../x", "the name of a file beside the index"),
      ("/etc/passwd", "the name of a file beside the index"),
      ("absent.safetensors", "no such file"),
    ].map { shard, words in
      InputRow(11, "the shard \(shard)", 3, ["weight_map", shard, words]) {
        try $0.folder.remove(weightsFile)
        try $0.folder.write(
          #"{"weight_map": {"embed_out.weight": "\#(shard)"}}"#, to: weightsFile + ".index.json")
      }
    } + [
      InputRow(
        11, "a shard without its tensor", 3, ["weight_map: other.weight", "one.safetensors"]
      ) {
        let bytes = try $0.folder.bytes(weightsFile)
        try $0.folder.remove(weightsFile)
        try $0.folder.write(bytes, to: "model/one.safetensors")
        try $0.folder.write(
          #"{"weight_map": {"other.weight": "one.safetensors"}}"#, to: weightsFile + ".index.json")
      }
    ]
}
