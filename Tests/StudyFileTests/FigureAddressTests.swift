import Diagnostics
import JSON
import Storage
import StudyFile
import Testing

import struct StudyFile.Expectation

@Suite struct FigureAddressTests {
  private let findings: JSON

  init() throws {
    let text = #"""
      {"sparse_probe": {"neurons": [609, 24], "test_accuracy": 0.97},
       "ablation": {"corpora": {"My corpus": {"masked": {"ablated": 3.5}}, "v1.0 \"x\"": {"tokens": 7},
                                "2020": {"tokens": 8}}},
       "prompts": [{"clean": [{"logit": 15.59}]}], "empty": []}
      """#
    findings = try JSON(parsing: FileBytes(Array(text.utf8), name: "findings.json"))
  }

  @Test(arguments: [
    ("sparse_probe.neurons.1", 24), ("ablation.corpora.\"My corpus\".masked.ablated", 3.5),
    ("ablation.corpora.\"v1.0 \\\"x\\\"\".tokens", 7), ("ablation.corpora.2020.tokens", 8),
    ("ablation.corpora.\"2020\".tokens", 8), ("prompts.0.clean.0.logit", 15.59),
    ("\"sparse_probe\".test_accuracy", 0.97),
  ])
  func leadsToItsFigure(text: String, figure: Double) throws {
    let address = try FigureAddress.parse(text)
    #expect(try address.value(in: findings, file: "findings.json").double == figure)
    #expect(address.text == text)
  }

  @Test(arguments: [
    "", ".", "a.", ".a", "a..b", "a b", "a\"b\"", "\"a", "\"a\"b", "a.\"b\\\"", "\"\\", "a.b c.d",
  ])
  func isRefusedWhenMalformed(text: String) {
    #expect(throws: FigureAddress.Malformed.self) { try FigureAddress.parse(text) }
  }

  /// Whoever shows an index as a place from 1 may add one to it.
  @Test func aNumberThatNoListReachesIsAName() throws {
    let address = try FigureAddress.parse("positions.9223372036854775807.counts")
    #expect(address.steps[1] == .name("9223372036854775807"))
    #expect(try FigureAddress.parse("positions.999999999").steps[1] == .index(999_999_999))
  }

  @Test(arguments: [
    ("sparse_prob.neurons", "Did you mean sparse_probe?"),
    ("sparse_probe.neurons.2", "expected an item from 0 to 1, found \"2\""),
    ("sparse_probe.neurons.first", "A number indexes a list from 0."),
    ("sparse_probe.neurons.99999999999999999999", "expected an item from 0 to 1"),
    ("sparse_probe.test_accuracy.x", "expected the address to end at 0.97, found \"x\""),
    ("ablation.corpora.\"my corpos\".masked", "Did you mean My corpus?"),
    ("empty.0", "This list is empty."),
    ("0", "Known here: sparse_probe, ablation, prompts, empty."),
  ])
  func namesTheStepThatIsNotThere(text: String, words: String) throws {
    let address = try FigureAddress.parse(text)
    let error = try #require(throws: Diagnostic.self) {
      _ = try address.value(in: findings, file: "findings.json")
    }
    #expect(error.kind == .study && error.field == text && error.message.contains(words))
  }

  @Test(arguments: [
    (Expectation.Bound.atLeast(1), 1.0, true), (.atLeast(1), 0.99, false),
    (.atMost(1), 1, true),
    (.atMost(1), 1.01, false), (.equals(1, tolerance: 0.1), 1.05, true),
    (.equals(1, tolerance: 0), 1.05, false), (.atLeast(1), .nan, false), (.atMost(1), .nan, false),
    (.equals(1, tolerance: 9), .nan, false),
  ])
  func boundsHoldOrFail(bound: Expectation.Bound, value: Double, holds: Bool) {
    #expect(bound.holds(value) == holds)
  }
}
