import Analyses
import Foundation
import Passes
import SampleStudies
import StudyFile
import Testing

struct ObjectionsTests {
  private static func result(
    _ change: (inout StudyFile) -> Void
  ) throws -> [Objections.Objection] {
    var file = try InSampleStudy.demo.file
    file.documents = 8
    file.probe.documents = 4
    file.probe.splits = 1
    change(&file)
    let study = try ResolvedStudy(file, environment: [:])
    return try Objections().run(try DemoStudy.evidence(study, for: Objections()))
  }

  @Test func allEighteenAreAnsweredBySectionsOfTheReport() throws {
    let result = try Self.result { _ in }
    #expect(result.count == 18)
    let ids = Set(Registry.all.map(\.id))
    for objection in result {
      #expect(objection.isAnswered, "\(objection.objection)")
      #expect(!objection.sections.isEmpty && ids.isSuperset(of: objection.sections))
    }
    let section = try #require(Objections().section(result, in: try VerdictSamples.study()))
    #expect(section.prose.contains("none is open"))
  }

  @Test func whatIsSwitchedOffAnswersNothing() throws {
    let result = try Self.result { file in
      file.evidence = try? JSONDecoder().decode(
        EvidenceSettings.self, from: Data(#"{"languages": "off"}"#.utf8))
    }
    let open = result.filter { !$0.isAnswered }
    #expect(!open.isEmpty && open.allSatisfy { $0.sections.contains("languages") })
    #expect(open.allSatisfy { $0.answer == "The study leaves languages out." })
  }

  /// The last layer, no prompts, no positions, and no document that the neuron was not chosen on.
  @Test func whatAStudyLeavesOutIsCalledOpen() throws {
    let result = try Self.result { file in
      file.layer = .number(5)
      file.neuron = .number(1)
      file.prompts = []
      file.positions.corpora = []
      file.probe.documents = 8
    }
    let open = result.indices.filter { !result[$0].isAnswered }.map { $0 + 1 }
    #expect(open == [6, 13, 14, 15, 16, 17, 18])
    #expect(result[12].answer == "The studied layer is the last: nothing comes later.")
    let section = try #require(Objections().section(result, in: try VerdictSamples.study()))
    #expect(section.prose.contains("7 are open"))
  }
}
