import Foundation
import SampleStudies
import StudyFile
import Testing

@Suite struct EvidenceSettingsTests {
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

  @Test func theTemplateOfInitNamesEveryNumberWithItsDefault() throws {
    let template = try StudyTemplate.text(title: "x")
    for (id, sizes) in EvidenceSettings.known {
      let list = sizes.map { "\($0.name): \($0.standard)" }.joined(separator: ", ")
      #expect(template.contains(sizes.isEmpty ? "#   \(id): on" : "#   \(id): {\(list)}"))
    }
  }
}
