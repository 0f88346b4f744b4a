import Analyses
import Testing

/// What is said of switches, with runs made to break the sentences.
struct SwitchWordsTests {
  /// A run of two tokens before the switch and two after.
  private static func run(
    _ from: String, _ to: String, median: Int??, mean: Double = 0.5
  ) -> String {
    let passage = median.map { median in
      let quartile = median.map { "\($0)" } ?? "null"
      return """
        , "passage": {"documents": 12, "passed": \(median == nil ? 3 : 11),
          "quartiles": [1, \(quartile), null], "mean": null, "share": [0.2, 0.9]}
        """
    }
    return """
      {"from": "\(from)", "to": "\(to)", "documents": 12, "activation":
        {"mean": [0, 0, \(mean), \(mean)], "low": [null, null, null, null],
         "high": [null, null, null, null]}\(passage ?? "")}
      """
  }

  private static func switches(_ runs: [String]) throws -> LanguageSwitches {
    let size = """
      {"documents": 12, "tokens": 48, "available": 12, "left_out": 0, "holds_selection": false}
      """
    return try VerdictSamples.decoded(
      """
      {"tokens": 2, "samples": {"target": \(size), "other": \(size)},
        "runs": [\(runs.joined(separator: ", "))]}
      """)
  }

  private static let there = run("Dutch", "other", median: 6)

  @Test(arguments: [
    (run("other", "other", median: 1), " (1 without one)"),
    // Documents that cross only where the language changes.
    (run("other", "other", median: .some(nil)), " (not at all without one)"),
    // Findings of earlier versions, and of the other class: nothing stands beside it.
    (run("other", "other", median: nil), ""), (run("Dutch", "Dutch", median: 1), ""), ("", ""),
  ])
  func aSwitchStandsBesideTheSameWithoutOne(stay: String, beside: String) throws {
    let switches = try Self.switches([Self.there] + (stay.isEmpty ? [] : [stay]))
    #expect(
      PositionResponse.switchesCaption(switches)
        == "The median document crosses the midpoint 6 tokens after a switch from Dutch to the "
        + "other class\(beside).")
  }

  @Test func bothWaysAndNoWayAreSaid() throws {
    let both = try Self.switches([
      Self.run("Dutch", "other", median: 1), Self.run("other", "Dutch", median: .some(nil)),
      Self.run("Dutch", "Dutch", median: 2), Self.run("other", "other", median: 1),
    ])
    #expect(
      PositionResponse.switchesCaption(both)
        == "The median document crosses the midpoint 1 token after a switch from Dutch to the "
        + "other class (1 without one) and not after a switch from the other class to Dutch (2 "
        + "without one).")
    #expect(
      PositionResponse.switchesCaption(try Self.switches([])) == "No switch was looked at.")
    let stays = try Self.switches([Self.run("Dutch", "Dutch", median: 2)])
    #expect(PositionResponse.switchesCaption(stays) == "No switch was looked at.")
  }

  /// Without a switch within a class nothing is said of one.
  @Test func theNoteSaysWhatThereIs() throws {
    let alone = PositionResponse.switchesNote(try Self.switches([Self.there]))
    #expect(
      alone == "12 documents of each kind, fewer than 20, so that the interval is wide and one "
        + "document can move it. Means at token 2: Dutch to the other class 0.50.")
    #expect(PositionResponse.staysWords(try Self.switches([Self.there])).isEmpty)
    let beside = PositionResponse.staysWords(
      try Self.switches([Self.there, Self.run("other", "other", median: 1, mean: 0)]))
    #expect(
      beside == ": where the same class goes on, the other class 0.00 at the first token and 0.00 "
        + "at token 2, median 1 (11 of 12 documents) to cross")
  }
}
