import Foundation
import JSON
import Storage
import Testing

/// `build --export-activations`: every token's numbers as CSV.
struct ExportTests {
  private static func rows(_ text: String) -> [[String]] {
    InjectionTests.csv(text)
  }

  private static func findings(_ study: TinyStudy) throws -> JSON {
    try JSON(parsing: FileBytes(reading: study.folder.path + "/Site/reports/tiny/findings.json"))
  }

  /// Written with nine digits, averaged in Double: 1e-6.
  @Test func theFileHoldsEveryTokenAndAddsUpToTheFindings() throws {
    let study = try TinyStudy()
    try study.study("layer: 0", "layer: 0\npositions: {neurons: [auto, probe.2]}")
    let build = try study.build(["--export-activations", "out.csv"])
    #expect(build.status == 0, "\(build.errors)")
    let rows = Self.rows(study.folder.text("out.csv"))
    #expect(
      rows.first == [
        "corpus", "document", "position", "token", "id", "neuron", "activation", "loss",
        "loss_change",
      ])
    let findings = try #require(try Self.findings(study)["findings"])
    let found = try #require(findings["ablation"]?["corpora"]?["A"])
    let neuron = "L0N\(try #require(findings["ablation"]?["neuron"]?.integer))"
    let own = rows.dropFirst().filter { $0[0] == "A" && $0[5] == neuron }
    #expect(own.count == found["tokens"]?.integer)
    #expect(rows.count - 1 == 2 * 2 * own.count)
    #expect(Set(own.map { $0[1] }).count == 12)
    // Documents of 29 letters, a token each; BOS, at position 0, is left out.
    #expect(own.prefix(3).map { $0[2] } == ["1", "2", "3"])
    func mean(_ column: Int) -> Double {
      own.reduce(0) { $0 + (Double($1[column]) ?? .nan) } / Double(own.count)
    }
    let clean = try #require(found["masked"]?["clean"]?.double)
    let ablated = try #require(found["masked"]?["ablated"]?.double)
    #expect(abs(mean(7) - clean) < 1e-6)
    #expect(abs(mean(8) - (ablated - clean)) < 1e-6)
    let activation =
      findings["activation_histogram"]?["mean"]?["A"]
      ?? findings[
        "activation_histogram"]?["mean"]?["target"]
    #expect(abs(mean(6) - (try #require(activation?.double))) < 1e-6)
    // The change belongs to the studied neuron alone.
    #expect(rows.dropFirst().allSatisfy { ($0[5] == neuron) == !$0[8].isEmpty })
  }

  @Test func whatASpreadsheetWouldRunIsText() throws {
    let study = try TinyStudy()
    let documents = TinyStudy.documents(of: "aeiou").map { "=1+2 @x -y,\"z\"" + $0 }
    try study.folder.write(documents.joined(separator: "\n"), to: "a.txt")
    let build = try study.build(["--export-activations", "out.csv"])
    #expect(build.status == 0, "\(build.errors)")
    let rows = Self.rows(study.folder.text("out.csv"))
    #expect(Set(rows.map(\.count)) == [9])
    let tokens = Set(rows.map { $0[3] })
    #expect(tokens.isSuperset(of: ["'=", "'+", "'@", "'-", ",", "\"", " "]))
    #expect(tokens.isDisjoint(with: ["=", "+", "@", "-"]))
  }

  @Test func aFileThatCannotBeWrittenLeavesAllAsItWas() throws {
    let study = try TinyStudy()
    // So many lines that the export passes the limit, and nothing before it does.
    try study.study("layer: 0", "layer: 0\npositions: {neurons: [auto, 1, 2, 3, 4, 5, 6, 7]}")
    #expect(try study.build().status == 0)
    let before = try study.folder.contents(of: "Site")
    let header = "corpus,document,position,token,id,neuron,activation,loss,loss_change\n"
    try study.folder.write(header + "mine", to: "kept.csv")
    try study.folder.write("", to: "folder.csv/x")
    for (path, shell) in [
      ("absent/out.csv", nil), ("folder.csv", nil), ("kept.csv", "ulimit -f 400; exec \"$@\""),
    ] as [(String, String?)] {
      let build = try study.build(["--export-activations", path], shell: shell)
      #expect(build.status == 4, "\(path): \(build.errors)")
      // A limit on sizes may end the file of activations before the export.
      let isLimited = shell != nil && build.errors.contains("error: the temporary folder: ")
      #expect(build.errors.contains("error: \(path): ") || isLimited, "\(build.errors)")
    }
    #expect(study.folder.text("kept.csv") == header + "mine")
    #expect(try study.folder.contents(of: "Site") == before)
    #expect(!study.folder.names.contains { $0.contains(".reportgen-") })
    let two = try study.run(["build", "study.yml", "demo", "--export-activations", "x.csv"])
    #expect(two.status == 2)
    #expect(two.errors.contains("--export-activations"))
  }
}
