import Diagnostics
import Reporting
import StudyFile
import Testing

/// Every figure that a study names is checked before its model runs.
struct MentionedFiguresTests {
  private func faults(_ extra: String, notes: String? = nil) throws -> [Diagnostic] {
    let study = try StudyFile(
      yaml: """
        title: A study
        model: builtin:demo
        corpora: [{name: A, path: a.txt}, {name: B, path: b.txt}]
        target: A
        layer: 3
        notes: notes.md
        \(extra)
        """)
    return MentionedFigures(study, layers: 6).faults(notes: notes)
  }

  @Test func everyWrongNameIsToldWithItsLine() throws {
    let faults = try faults(
      """
      expect:
        - {figure: sparse_probe.test_acuracy, at_least: 0.5}
        - {figure: sparse_probe.test_accuracy, at_least: 0.5}
        - {figure: sparse_probe.neurons, at_least: 0.5}
      published:
        - {figure: ablation.corpora.C.masked.clean, value: 1, tolerance: 0, source: x}
        - {figure: sparse_probe.scores, value: [1, 2], tolerance: 0, source: x}
        - {figure: sparse_probe.scores, value: 1, tolerance: 0, source: x}
      """)
    #expect(
      faults.map(\.field) == [
        "line 8, expect[0].figure", "line 10, expect[2].figure", "line 12, published[0].figure",
        "line 14, published[2].figure",
      ])
    #expect(faults.allSatisfy { $0.kind == .study && $0.file == "study.yml" })
    #expect(
      faults[0].message.contains(
        "expected a figure of the findings, found \"test_acuracy\" in sparse_probe.test_acuracy\n"
          + "  Did you mean test_accuracy?"))
  }

  @Test(
    arguments: [
      ("See {{figure:ablation}} and {{sparse_probe.test_accuracy | %.2f}}.", nil),
      ("`{{figure:x}}` \\{{x}} {{ {x}", nil), ("```\n{{x}}\n```", nil),
      ("\n{{figure:abaltion}}", "Did you mean ablation?"),
      ("\n{{sparse_probe.test_acuracy}}", "Did you mean test_accuracy?"),
      ("\n{{sparse_probe.neurons}}", "Add a number"),
      ("\n{{sparse_probe.intercept | %n}}", "Digits may be"),
      ("\n{{a b}}", "braces as they are"), ("\n{{prompts.0.clean.0.logit}}", "is empty"),
    ] as [(String, String?)])
  func notesAreReadBeforeTheModelRuns(notes: String, advice: String?) throws {
    let faults = try faults("", notes: notes)
    #expect(faults.count == (advice == nil ? 0 : 1))
    guard let advice else { return }
    #expect(faults.first?.file == "notes.md" && faults.first?.field == "line 2")
    #expect(faults.first?.advice.contains(advice) == true, "\(faults.first?.message ?? "")")
  }

  @Test(arguments: BuiltInStudy.allCases) func theBuiltInStudiesNameWhatThereIs(
    _ built: BuiltInStudy
  ) throws {
    let study = try #require(try BuiltInStudy.named(built.rawValue))
    #expect(MentionedFigures(study, layers: 6).faults(notes: nil).map(\.message) == [])
  }

  @Test func theTemplateNamesWhatThereIs() throws {
    let study = try StudyFile(yaml: try StudyTemplate.text(title: "Mine"))
    #expect(MentionedFigures(study, layers: 6).faults(notes: nil).map(\.message) == [])
  }
}
