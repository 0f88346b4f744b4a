import Foundation
import Testing

/// Rows 2 and 25–40 of the table of bad input that are refused: tokenizer and corpora.
struct BadTextTests {
  @Test(arguments: tokenizers + corpora + specialFiles) func isRefused(_ row: InputRow) throws {
    try row.checkRefused()
  }

  private static let tokenizers: [InputRow] = [
    InputRow(2, "tokenizer.json cut short", 3, ["tokenizer.json", "line", "byte"]) {
      try $0.folder.write(String(TinyStudy.tokenizer.prefix(900)), to: "model/tokenizer.json")
    },
    InputRow(25, "Unigram without scores", 3, ["model.vocab", "tokens and scores", "an object"]) {
      try $0.tokenizer("\"BPE\"", "\"Unigram\"")
    },
    InputRow(25, "WordPiece", 3, ["model.type", "a model that is supported", "WordPiece"]) {
      try $0.tokenizer("\"BPE\"", "\"WordPiece\"")
    },
    InputRow(26, "a merge out of vocabulary", 3, ["model.merges[0]", "of the vocabulary", "ab"]) {
      try $0.tokenizer("\"merges\": []", "\"merges\": [\"a b\"]")
    },
    InputRow(26, "a merge with two spaces", 3, ["model.merges[0]", "one space", "a  b"]) {
      try $0.tokenizer("\"merges\": []", "\"merges\": [\"a  b\"]")
    },
    InputRow(27, "an id twice", 3, ["model.vocab[\"b\"]", "id 98 again"]) {
      try $0.tokenizer("\"b\": 99", "\"b\": 98")
    },
    InputRow(27, "more ids than embedding rows", 3, ["id 260", "260", "261"]) {
      try $0.tokenizer("\"b\": 99", "\"b\": 99, \"bb\": 257, \"bc\": 258, \"bd\": 259, \"be\": 260")
    },
    InputRow(27, "a huge id", 3, ["model.vocab[\"b\"]", "an id from 0", "4000000000"]) {
      try $0.tokenizer("\"b\": 99", "\"b\": 4000000000")
    },
  ]

  private static func corpus(_ text: String, named name: String, in study: TinyStudy) throws {
    try study.study("path: a.txt", "path: \(name)")
    try study.folder.write(text, to: name)
  }

  private static let corpora: [InputRow] = [
    InputRow(2, "a corpus cut short", 3, ["a.json", "line 1", "byte"]) {
      try corpus(#"["one", "two"#, named: "a.json", in: $0)
    },
    InputRow(29, "an empty corpus", 3, ["a.txt", "at least one document", "an empty file"]) {
      try $0.folder.write("", to: "a.txt")
    },
    InputRow(29, "one document", 3, ["A", "2", "1"]) { try $0.folder.write("aei\n", to: "a.txt") },
    InputRow(29, "an empty class", 3, ["a.json", "at least one document", "none"]) {
      try corpus("[]", named: "a.json", in: $0)
    },
    InputRow(29, "blank lines only", 3, ["b.txt", "at least one document", "3 blank"]) {
      try $0.folder.write("\n  \n\t\n", to: "b.txt")
    },
    InputRow(30, "item 17 is a number", 3, ["a.json", "item 17", "a string", "5"]) {
      let items = Array(repeating: "\"aei\"", count: 17) + ["5"]
      try corpus("[\(items.joined(separator: ", "))]", named: "a.json", in: $0)
    },
    InputRow(30, "a bad JSONL line", 3, ["a.jsonl", "line 2"]) {
      try corpus("{\"text\": \"aei\"}\n{\"text\" \"b\"}\n", named: "a.jsonl", in: $0)
    },
    InputRow(30, "a JSONL line without text", 3, ["a.jsonl", "line 2", "text", "a list of 0"]) {
      try corpus("{\"text\": \"aei\"}\n[]\n", named: "a.jsonl", in: $0)
    },
    InputRow(31, "a million brackets", 3, ["a.json", "nest"]) {
      try corpus(String(repeating: "[", count: 1_000_000), named: "a.json", in: $0)
    },
    InputRow(31, "a million brackets in a study", 2, ["study.yml"]) {
      try $0.folder.write("title: " + String(repeating: "[", count: 1_000_000), to: "study.yml")
    },
    InputRow(32, "invalid UTF-8", 3, ["a.txt", "byte 4", "UTF-8"]) {
      try $0.folder.write(Array("aei\n".utf8) + [0xC3, 0x28, 0x0A], to: "a.txt")
    },
    InputRow(32, "a lone surrogate", 3, ["a.json", "byte", "d800"]) {
      try corpus(#"["aei", "\ud800"]"#, named: "a.json", in: $0)
    },
    InputRow(33, "UTF-16", 3, ["a.txt", "UTF-16"]) {
      try $0.folder.write([0xFF, 0xFE, 0x61, 0, 0x0A, 0], to: "a.txt")
    },
  ]

  private static let specialFiles: [InputRow] =
    ["a.txt", "model/config.json", "model/model.safetensors", "study.yml"].flatMap { file in
      [
        InputRow(40, "a pipe for \(file)", 3, [file, "a regular file", "a named pipe"]) {
          try $0.folder.remove(file)
          mkfifo($0.folder.path + "/" + file, 0o600)
        },
        InputRow(40, "a folder for \(file)", 3, [file, "a regular file", "a folder"]) {
          try $0.folder.remove(file)
          try $0.folder.write("", to: file + "/inside")
        },
      ]
    } + [
      InputRow(40, "a device for a corpus", 3, ["zero.txt", "a regular file", "a device"]) {
        try $0.study("path: a.txt", "path: \($0.folder.path)/zero.txt")
        try $0.folder.link("zero.txt", to: "/dev/zero")
      }
    ]
}
