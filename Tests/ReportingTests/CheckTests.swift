import Reporting
import Testing

/// Expectations and published figures against findings.
struct CheckTests {
  static let expect = """
    [{"figure": "neuron_accuracy.splits.0.neurons.0.test_accuracy", "at_least": 0.9},
     {"figure": "activation_histogram.mean.other", "at_most": -0.1},
     {"figure": "activation_histogram.mean.target", "equals": 1.75, "tolerance": 0.06},
     {"figure": "ablation.corpora.Dutch.masked.abalted", "at_least": 1},
     {"figure": "activation_histogram.edges", "at_least": 1},
     {"figure": "activation_histogram.percent.target.9", "at_least": 1}]
    """
  static let published = """
    [{"figure": "ablation.corpora.Dutch.padded.clean", "value": 5.5, "tolerance": 0.005,
      "source": "cell 33"},
     {"figure": "activation_histogram.percent.target", "value": [10, 29], "tolerance": 1,
      "source": "cell 1"},
     {"figure": "activation_histogram.percent.target", "value": [10, 28], "tolerance": 1,
      "source": "cell 2"},
     {"figure": "activation_histogram.mean", "value": 1, "tolerance": 0, "source": "nowhere"},
     {"figure": "activation_histogram.edges", "value": [1, 2, 3, 4, 5], "tolerance": 9,
      "source": "longer"}]
    """

  @Test func expectationsHoldOrFailAndSayWhy() throws {
    let checks = try Sample.report(Sample.json(expect: Self.expect)).checks
    #expect(checks.map(\.holds) == [true, false, true, false, false, false])
    #expect(
      checks[0].line
        == "pass  neuron_accuracy.splits.0.neurons.0.test_accuracy: expected at least 0.9, found "
        + "0.912345679")
    #expect(
      checks[1].line.hasPrefix("FAIL  activation_histogram.mean.other: expected at most -0.1"))
    #expect(checks[2].line.contains("expected 1.75 ± 0.06, found 1.8"))
    #expect(checks[3].line.contains("ablated"))
    #expect(checks.dropFirst(3).allSatisfy { $0.value == nil && $0.problem != nil })
  }

  @Test func publishedFiguresAreComparedAndCorrected() throws {
    let comparisons = try Sample.report(Sample.json(published: Self.published)).comparisons
    #expect(comparisons.map(\.isInside) == [true, true, false, false, false])
    #expect(comparisons[0].corrected == [4.58])
    #expect(comparisons[1].reproduced == [10, 30])
    #expect(comparisons[2].difference == 2)
    #expect(comparisons[3].reproduced == nil && comparisons[4].reproduced == nil)
    #expect(comparisons[1...].allSatisfy { $0.corrected == nil })
  }

  @Test func theReportShowsBoth() throws {
    let report = try Sample.report(Sample.json(expect: Self.expect, published: Self.published))
    let text = MarkdownWriter(report).text
    #expect(text.contains("\n\n**2 of 5 published figures are reproduced within tolerance.**\n\n"))
    #expect(
      text.contains(
        "| Dutch · padded · clean `ablation.corpora.Dutch.padded.clean` | inside | "
          + "5.5 ± 0.005 | 5.4976 (−0.0024) | 4.58 | cell 33 |"))
    #expect(text.contains("`activation_histogram.mean` | **outside** | 1 | not found | nowhere |"))
    // A list is one line: how many agree, and where the first difference is.
    #expect(text.contains("| inside | 10, 29 ± 1 | all 2 agree | cell 1 |"))
    #expect(
      text.contains(
        "| **outside** | 10, 28 ± 1 | 1 of 2 agree, first difference at 2 | cell 2 |"))
    // By part, the outcome first.
    #expect(text.contains("| Activations by class | 1 | 4 |"))
    #expect(text.contains("<summary>Activations by class: 1 of 4 reproduced</summary>"))
    #expect(text.contains("4 of 6 expectations of the study failed."))
    #expect(text.contains("at least 0.9 | 0.912345679 |"))
  }

  /// A neuron's number is another one or the same; 1,430 minus 609 is nothing.
  @Test func identitiesArePublishedAndNeverSubtracted() throws {
    let published = """
      [{"figure": "neuron_accuracy.splits.0.neurons.0.neuron", "value": 609, "tolerance": 0,
        "source": "cell 25"},
       {"figure": "neuron_accuracy.splits.0.neurons.0.test_accuracy", "value": 0.9,
        "tolerance": 0, "source": "cell 26"}]
      """
    let text = MarkdownWriter(try Sample.report(Sample.json(published: published))).text
    #expect(text.contains("| **outside** | 609 | 436 | cell 25 |"), "\(text)")
    #expect(text.contains("| 0.9 | 0.912346 (+0.012) | cell 26 |"))
  }

  @Test(arguments: ["padded.corpora", "a.padded.b"])
  func aCorpusNamedLikeAConventionIsNotTakenForOne(name: String) throws {
    let published = """
      [{"figure": "ablation.corpora.\\"\(name)\\".masked.clean", "value": 4.58, "tolerance": 0,
        "source": "x"}]
      """
    let report = try Sample.report(Sample.json(corpus: name, published: published))
    #expect(report.comparisons.map(\.isInside) == [true])
    #expect(report.comparisons[0].corrected == nil)
  }
}
