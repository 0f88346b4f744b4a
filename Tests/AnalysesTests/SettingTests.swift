import Analyses
import Foundation
import SampleStudies
import StudyFile
import Testing

struct SettingTests {
  @Test func nothingSaidRunsEverythingAsItIs() throws {
    let study = try SampleStudy.study()
    #expect(study.evidence == nil && study.isOn("effects") && study.isOn("ablation"))
    #expect(study.size(of: "effects", "resamples") == 10_000)
    #expect(study.size(of: "ablation_controls", "random") == 20)
  }

  @Test func analysesAreLeftOutAndWidened() throws {
    let study = try SampleStudy.study(
      """
      evidence:
        effects: off
        upstream: on
        ablation_controls: {random: 100, resamples: 2000}
      """)
    #expect(!study.isOn("effects") && study.isOn("upstream") && study.isOn("ablation_controls"))
    #expect(study.size(of: "ablation_controls", "random") == 100)
    #expect(study.size(of: "ablation_controls", "resamples") == 2_000)
    #expect(study.size(of: "ablation_controls", "matched") == 20)
    let again = try JSONDecoder().decode(StudyFile.self, from: JSONEncoder().encode(study))
    #expect(again == study)
  }

  /// What an analysis is not shown cannot be in the key of its cached result.
  @Test func anAnalysisIsShownItsOwnSettingsAlone() throws {
    let study = try SampleStudy.study(
      "evidence: {effects: {resamples: 500}, upstream: {random: 3}, examples: off}")
    let shown = study.showing([], settings: ["effects"])
    #expect(shown.size(of: "effects", "resamples") == 500)
    #expect(shown.size(of: "upstream", "random") == 10 && shown.isOn("examples"))
    #expect(study.showing([], settings: ["languages"]).evidence == nil)
  }

  @Test(
    arguments: [
      ("{effect: off}", "line 10, evidence.effect: expected an analysis that can be left out"),
      ("{effect: off}", "Did you mean effects?"),
      ("{effect: on}", "line 10, evidence.effect: expected an analysis that can be left out"),
      (
        "{ablation: off}", "evidence.ablation: expected an analysis that can be left out: examples,"
      ),
      ("{effects: {resample: 500}}", "effects.resample: expected one of resamples, found"),
      ("{effects: {resamples: 0}}", "effects.resamples: expected an integer from 100 to 1000000"),
      ("{probe_sweep: {shuffles: 18}}", "expected an integer from 19 to 10000, found 18"),
      ("{examples: {tokens: 5}}", "line 10, evidence.examples.tokens: expected off or on"),
    ])
  func wrongNamesAndNumbersAreRefusedWithTheirLine(text: String, message: String) throws {
    let faults = Registry.faults(of: try SampleStudy.study("evidence: " + text))
    #expect(faults.count == 1 && faults[0].message.contains(message), "\(faults)")
  }

  @Test func whatAlwaysRunsMayBeSaidTo() throws {
    let study = try SampleStudy.study("evidence: {ablation: on, effects: on}")
    #expect(Registry.faults(of: study).isEmpty && study.evidence?.entries.isEmpty == true)
  }

  @Test func allFaultsAreTold() throws {
    let study = try SampleStudy.study(
      "evidence: {effect: off, upstream: {random: 0, scales: 3}, comparison: {resamples: 200}}")
    #expect(Registry.faults(of: study).count == 3)
  }
}
