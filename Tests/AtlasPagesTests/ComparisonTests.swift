import Atlas
import AtlasPages
import JSON
import Reporting
import Storage
import Testing

/// Checks, comparisons and summaries of atlases.
struct ComparisonTests {
  private static let expect = """
    [{"figure": "labels.Dutch.confirmed", "at_least": 1},
     {"figure": "labels.German.confirmed", "at_least": 1}]
    """

  private func report(_ change: (inout AtlasFindings) -> Void = { _ in }) throws -> AtlasReport {
    var findings = try SampleAtlas.findings(expect: Self.expect)
    change(&findings)
    return try SampleAtlas.report(findings)
  }

  @Test func expectationsAddressFiguresOfLabels() throws {
    let checks = try report().checks
    #expect(checks.map(\.holds) == [true, false])
    #expect(checks[1].line == "FAIL  labels.German.confirmed: expected at least 1, found 0")
  }

  @Test func anAtlasDoesNotDifferFromItself() throws {
    let comparison = AtlasComparison(base: try report(), head: try report()).comparison
    #expect(comparison.settings.isEmpty && comparison.changes.isEmpty)
    #expect(comparison.keyFigures.allSatisfy { $0.meaning == "same" })
    #expect(!comparison.holds)
    #expect(comparison.markdown.contains("1 of 2 expectations failed."))
  }

  @Test func aComparisonNamesNeuronsThatGainedOrLostAGrade() throws {
    let head = try report {
      $0.cells[0].grade = SampleAtlas.whole(0, [4: 2])
      $0.labels["Dutch"]?.best = 4
      $0.labels["German"]?.confirmed = 1
      $0.cells[1].grade[6] = 2
      $0.file.seed = 3
      $0.labels["French"]?.sha256 = "ef"
    }
    let comparison = AtlasComparison(base: try report(), head: head, basePath: "old").comparison
    let text = comparison.markdown
    #expect(text.contains("| Dutch | none | L0N1 | L1N0 | 8 |"), "\(text)")
    #expect(text.contains("| German | none | none | L1N2 | 8 |"))
    #expect(text.contains("| seed | 0 | 3 |"))
    #expect(text.contains("| texts of French | cd | ef |"))
    #expect(text.contains("| Labels with a confirmed neuron | 1 | 2 | +1 | better |"))
    #expect(comparison.holds)
    #expect(try comparison.json.contains("\"figure\": \"labels.German.confirmed\""))
  }

  @Test func neuronsOfOtherShapesAreNotHeldAgainstEachOther() throws {
    let head = try report {
      $0.model.layers = 1
      $0.model.dMLP = 8
    }
    let text = AtlasComparison(base: try report(), head: head).comparison.markdown
    #expect(text.contains("other shapes (2 × 4 and 1 × 8)"))
    #expect(!text.contains("| In both |"))
  }

  @Test func atlasesOfOtherLabelsShareNone() throws {
    let other = try SampleAtlas.report(
      SampleAtlas.findings(labels: ["Spanish", "Polish", "Czech"]))
    let text = AtlasComparison(base: try report(), head: other).comparison.markdown
    #expect(text.contains("The atlases share no label."))
    #expect(text.contains("in one report only"))
  }

  // MARK: Summaries

  @Test func aSummaryBeginsWithItsMarkAndKeepsItsBudget() throws {
    let text = AtlasSummary(try report()).markdown
    #expect(text.hasPrefix("<!-- reportgen:small-atlas -->\n\n### A small atlas"))
    #expect(text.contains("**1 of 3 labels with a confirmed neuron** · 1 of 2 checks pass"))
    #expect(text.contains("`labels.German.confirmed` is 0, expected at least 1"))
    #expect(text.contains("(charts/labels-by-layer.svg)"))
    #expect(text.utf8.count < 12_000)
    let long = AtlasSummary(
      try SampleAtlas.report(
        SampleAtlas.findings(
          labels: ["a", "b", "c"].map { $0 + String(repeating: "long ", count: 2000) }))
    ).markdown
    #expect(long.utf8.count < 12_000)
  }

  @Test func aSummaryTellsWhatALabelLost() throws {
    let head = try report {
      $0.labels["Dutch"]?.confirmed = 0
      $0.file.documents = 50
    }
    let text = AtlasSummary(head, base: try report()).markdown
    #expect(text.contains("**0 of 3 labels with a confirmed neuron** (was 1)"))
    #expect(text.contains("No neuron is confirmed any more for Dutch."))
    #expect(text.contains("**This change:** `documents` 40 → 50."))
  }

  @Test func aSummarySaysWhenTheCommittedSiteIsAnother() throws {
    #expect(
      AtlasSummary(try report(), committed: "00").markdown.contains("is not what this job built"))
    #expect(!AtlasSummary(try report()).markdown.contains("is not what this job built"))
  }

  @Test func hostileWordsStayWordsInASummary() throws {
    let text = AtlasSummary(
      try SampleAtlas.report(
        SampleAtlas.findings(
          labels: [SampleAtlas.hostile, "b", "c"], title: "@name #12 " + SampleAtlas.hostile))
    ).markdown
    #expect(!text.contains("<script>") && !text.contains("@name") && !text.contains(" #12"))
  }
}
