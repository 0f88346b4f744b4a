import Foundation
import Testing

/// Rows of the table of bad input that are not refused: unusual, and a report all the same.
struct AcceptedInputTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let row: Int
    let name: String
    /// A file of the report and what it must say.
    let shown: (file: String, text: String)?
    let change: @Sendable (TinyStudy) throws -> Void

    init(
      _ row: Int, _ name: String, _ shown: (file: String, text: String)? = nil,
      _ change: @escaping @Sendable (TinyStudy) throws -> Void
    ) {
      self.row = row
      self.name = name
      self.shown = shown
      self.change = change
    }

    var testDescription: String { "row \(row): \(name)" }
  }

  @Test(arguments: models + texts) func isBuilt(_ row: Row) throws {
    let study = try TinyStudy()
    try row.change(study)
    let build = try study.build()
    #expect(build.status == 0, "\(build.errors)")
    #expect(!build.errors.contains("error:"))
    if let (file, text) = row.shown {
      #expect(study.folder.text("\(TinyStudy.report)/\(file)").contains(text))
    }
    for file in ["index.html", "report.md", "findings.json"] {
      let text = study.folder.text("\(TinyStudy.report)/\(file)")
      let words = text.split { !$0.isLetter }.map { $0.lowercased() }
      #expect(!text.isEmpty && !words.contains("nan") && !words.contains("inf"))
    }
  }

  private static let models: [Row] = [
    Row(6, "no use_parallel_residual", ("provenance.json", "use_parallel_residual")) {
      try $0.config("\"use_parallel_residual\": true,", "")
    },
    Row(9, "tied without embed_out") {
      try $0.config("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true")
      try $0.tensors { $0.removeAll { $0.name == "embed_out.weight" } }
    },
    Row(19, "data at an odd offset") { try $0.header { $0 + " " } },
    Row(19, "an empty tensor", ("provenance.json", "unused.weight")) {
      try $0.tensors { $0.append(.init("unused.weight", [0])) }
    },
    Row(21, "buffers") {
      try $0.tensors {
        $0.append(.init("gpt_neox.layers.0.attention.rotary_emb.inv_freq", [2]))
        $0.append(.init("gpt_neox.layers.0.attention.masked_bias", [1]))
      }
    },
    Row(21, "a tensor nobody knows", ("provenance.json", "value_head.weight")) {
      try $0.tensors { $0.append(.init("value_head.weight", [1, 16])) }
    },
    Row(28, "canonically equal tokens") {
      // U+0100 stands for byte 0, and is a letter and a mark in another form.
      try $0.tokenizer("\"b\": 99", "\"b\": 99, \"A\u{304}\": 257")
    },
    Row(47, "a constant neuron", ("report.md", "constant")) {
      try $0.study("neuron: auto", "neuron: 3")
      try $0.tensor("dense_h_to_4h.weight") { $0.fill(0) }
    },
    Row(47, "a constant text") {
      for file in ["a.txt", "b.txt"] {
        try $0.folder.write(String(repeating: "aaaa\n", count: 12), to: file)
      }
    },
  ]

  private static let texts: [Row] = [
    Row(33, "a byte order mark") {
      try $0.folder.write("\u{FEFF}" + $0.folder.text("a.txt"), to: "a.txt")
      try $0.folder.write("\u{FEFF}" + $0.folder.text("study.yml"), to: "study.yml")
    },
    Row(34, "CRLF") {
      let lines = TinyStudy.documents(of: "aeiou").joined(separator: "\r\n")
      try $0.folder.write(lines, to: "a.txt")
    },
    Row(35, "NUL in a text", ("report.md", "␀")) {
      try $0.study("text: \"ae\"", "text: \"a\\0e\"")
      try $0.folder.write($0.folder.text("a.txt") + "ae\u{0}iou\n", to: "a.txt")
    },
    Row(36, "empty documents", ("report.md", "2 ")) {
      try $0.folder.write("\n" + $0.folder.text("a.txt") + "  \n", to: "a.txt")
    },
    Row(
      37, "a document longer than the context",
      ("report.md", "1 document of A is longer than the context")
    ) {
      let long = String(repeating: "aei ", count: 40)
      try $0.folder.write($0.folder.text("a.txt") + long + "\n", to: "a.txt")
    },
  ]

  @Test func aByteOrderMarkAndCRLFChangeNothing() throws {
    let plain = try TinyStudy()
    let marked = try TinyStudy()
    let lines = TinyStudy.documents(of: "aeiou").joined(separator: "\r\n")
    try marked.folder.write("\u{FEFF}" + lines, to: "a.txt")
    for study in [plain, marked] { #expect(try study.build().status == 0) }
    let findings = TinyStudy.report + "/findings.json"
    #expect(plain.folder.text(findings) == marked.folder.text(findings))
  }

  @Test(arguments: ["a", " "]) func aLongRunIsTokenisedAtOnce(_ letter: String) throws {
    let study = try TinyStudy()
    let run = String(repeating: letter, count: 100_000)
    try study.study("model: model", "model: builtin:demo")
    try study.study("[\"i\", \"b\"]", "[]")
    try study.folder.write("x\(run)\ny\(run)\n", to: "a.txt")
    let start = ContinuousClock.now
    #expect(try study.run(["plan", "study.yml"]).status == 0)
    // Two such documents, and what starting the program and measuring the machine take.
    #expect(ContinuousClock.now - start < .seconds(4))
  }
}
