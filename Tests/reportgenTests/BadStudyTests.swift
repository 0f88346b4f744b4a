import Foundation
import Testing

/// Rows 41–48 of the table of bad input that are refused: the study file and the output folder.
struct BadStudyTests {
  @Test(arguments: paths + folders + values) func isRefused(_ row: InputRow) throws {
    try row.checkRefused()
  }

  private static let paths: [InputRow] = [
    InputRow(41, "a slug that leaves", 2, ["line 2, slug", "../../x"]) {
      try $0.study("slug: tiny", "slug: ../../x")
    },
    InputRow(41, "a corpus that leaves", 2, ["corpora[0].path", "../a.txt", "leads to"]) {
      try $0.study("path: a.txt", "path: ../a.txt")
    },
    InputRow(41, "a corpus that leaves by a link", 2, ["corpora[0].path", "leads to /"]) {
      try $0.folder.remove("a.txt")
      try $0.folder.link("a.txt", to: "/etc/hostname")
    },
    InputRow(41, "notes that leave", 2, ["notes", "../notes.md", "leads to"]) {
      try $0.study("layer: 0", "layer: 0\nnotes: ../notes.md")
    },
    InputRow(41, "notes that leave by a link", 2, ["notes", "leads to /"]) {
      try $0.study("layer: 0", "layer: 0\nnotes: notes.md")
      try $0.folder.link("notes.md", to: "/etc/hostname")
    },
  ]

  private static let folders: [InputRow] = [
    InputRow(42, "a foreign file in the site", 2, ["Site", "mine.txt", "--site"]) {
      try $0.folder.write("mine", to: "Site/mine.txt")
    },
    InputRow(42, "a foreign file in the report", 2, ["Site", "reports/tiny/mine.txt"]) {
      try $0.folder.write("{}", to: "Site/reports/tiny/findings.json")
      try $0.folder.write("mine", to: "Site/reports/tiny/mine.txt")
    },
    InputRow(42, "a report's folder that is a link", 2, ["Site", "reports/tiny"]) {
      try $0.folder.write("", to: "Site/reports/.gitignore")
      try $0.folder.link("Site/reports/tiny", to: "../../model")
    },
  ]

  private static let values: [InputRow] =
    [
      InputRow(43, "an unknown key", 2, ["line 8", "layr", "layer"]) {
        try $0.study("layer: 0", "layr: 0")
      },
      InputRow(44, "a layer too many", 2, ["layer", "from 0 to 1", "9"]) {
        try $0.study("layer: 0", "layer: 9")
      },
      InputRow(44, "a neuron too many", 2, ["neuron", "from 0 to 31", "L0N99999"]) {
        try $0.study("neuron: auto", "neuron: 99999")
      },
      InputRow(45, "an answer of two tokens", 2, ["prompts[0].answers[0]", "\"i\", \"e\""]) {
        try $0.study("[\"i\", \"b\"]", "[\"ie\", \"b\"]")
      },
      InputRow(46, "a corpus twice", 2, ["line 6", "A"]) { try $0.study("name: B", "name: A") },
      InputRow(46, "a target that is no corpus", 2, ["target", "C", "A"]) {
        try $0.study("target: A", "target: C")
      },
      InputRow(48, "k larger than the layer", 2, ["probe.k", "at most 32", "33"]) {
        try $0.study("k: 3", "k: 33")
      },
      InputRow(48, "no splits", 2, ["probe.splits", "0"]) {
        try $0.study("splits: 2", "splits: 0")
      },
    ]
    + ["0", "1", "-0.5", ".nan", "1e999"].map { size in
      InputRow(48, "a test size of \(size)", 2, ["test_size", "above 0 and below 1"]) {
        try $0.study("splits: 2", "splits: 2, test_size: \(size)")
      }
    }

  @Test func anOutputFolderThatIsTheInputIsRefused() throws {
    let study = try TinyStudy()
    let before = study.folder.names
    for (site, words) in [
      (".", "the command's input"), (study.folder.path, "the command's input"),
      ("model", "which no build has put there"),
    ] {
      let result = try study.build(["--site", site])
      #expect(result.status == 2)
      #expect(result.errors.contains(words), "\(result.errors)")
    }
    #expect(study.folder.names == before)
  }
}
