import Foundation
import Reporting
import SiteRenderer
import Testing

/// Findings that decode and yet contradict themselves, as the fuzz program made them: all are shown,
/// none ends the program.
struct HostileFindingsTests {
  /// The sample with one more result.
  private func report(_ result: String) throws -> Report {
    try Sample.report(
      Sample.json().replacing("\"findings\": {", with: "\"findings\": {\(result),"))
  }

  private func probe(_ lists: String) -> String {
    """
    "sparse_probe": {"layer": 3, "seed": 0, \(lists), "train_accuracy": 0.9,
     "test_accuracy": 0.9, "intercept": 0, "rows": {"target": 1, "other": 1},
     "split": {"train": 8, "test": 2}}
    """
  }

  private func positions(_ counts: String) -> String {
    """
    "positions": [{"corpus": "Dutch", "neuron": 1, "counts": \(counts),
     "masked": {"activation": [1, null], "loss": [2, 3]}}]
    """
  }

  @Test(arguments: [
    #""neurons": [1, 2, 3], "scores": [1], "signs": [1, 1, 1], "coefficients": [1, 2]"#,
    #""neurons": [1, 2, 3], "scores": [1, 2], "signs": [-1], "coefficients": []"#,
    #""neurons": [1], "scores": [1, 2], "signs": [1, 1, 1], "coefficients": [1, 2, 3]"#,
    #""neurons": [-9007199254740992], "scores": [1e300], "signs": [9007199254740992],"#
      + #""coefficients": [-1e308]"#,
  ])
  func listsOfDifferentLengths(lists: String) throws {
    let report = try report(probe(lists))
    let data = try #require(report.files.first { $0.path == "data/sparse-probe.csv" })
    #expect(data.text.split(separator: "\n").count == 2)
    #expect(try !Sample.pages().page(report).isEmpty)
  }

  @Test(arguments: ["[9007199254740992, 9007199254740991]", "[-9007199254740992]", "[]"])
  func countsAtTheEndsOfIntegers(counts: String) throws {
    let report = try report(positions(counts))
    #expect(report.figures.contains { $0.id == "positions-target-loss" })
    #expect(try !Sample.pages().page(report).isEmpty)
  }

  /// Numbers of tokens at the ends of integers, and curves that hold less than they say.
  @Test(arguments: ["-9007199254740992", "9007199254740992", "0"])
  func positionsThatContradictThemselves(tokens: String) throws {
    let curve = #"{"mean": [1, null, 2], "low": [], "high": [3]}"#
    let passage =
      #"{"documents": 1, "passed": \#(tokens), "quartiles": [], "mean": 2, "share": [0.5]}"#
    let size =
      #"{"documents": 1, "tokens": 1, "available": 1, "left_out": 0, "holds_selection": false}"#
    let report = try report(
      """
      "position_response": {"layer": 3, "neuron": 1, "seed": 0, "resamples": \(tokens),
       "side": {"midpoint": 0, "sign": 1},
       "corpora": [{"corpus": "Dutch", "counts": [\(tokens)], "activation": \(curve),
         "loss": \(curve), "cohort": {"tokens": \(tokens), "documents": 1,
           "activation": \(curve), "loss": {"mean": [], "low": [], "high": []},
           "passage": \(passage)}}],
       "switches": {"tokens": \(tokens), "samples": {"target": \(size), "other": \(size)},
         "runs": [{"from": "Dutch", "to": "other", "documents": 1, "activation": \(curve),
           "passage": \(passage)}]}}
      """)
    #expect(report.figures.contains { $0.id == "position-response-switch" })
    #expect(try !Sample.pages().page(report).isEmpty)
  }

  @Test(arguments: [("[]", "1", "0"), ("[1, null]", "-9007199254740992", "9007199254740992")])
  func examplesWithFewPeaksAndPositionsAtTheEnds(peaks: String, position: String, first: String)
    throws
  {
    let none = #"{"tokens": 0, "of": 0, "passages": []}"#
    let report = try report(
      """
      "examples": {"layer": 3, "neuron": 1, "shingle": 4,
       "classes": [{"name": "Dutch", "documents": 1, "near_duplicates": 0, "peaks": \(peaks),
        "passages": [{"kind": "strongest", "corpus": "Dutch", "document": 0,
         "position": \(position), "first": \(first), "tokens": ["a", "b"],
         "activations": [1, 2]}]}],
       "probe": {"coefficient": 1, "intercept": 0, "false_positives": \(none),
        "false_negatives": \(none)}}
      """)
    #expect(report.figures.contains { $0.id == "examples-target" })
    #expect(try !Sample.pages().page(report).isEmpty)
  }
}
