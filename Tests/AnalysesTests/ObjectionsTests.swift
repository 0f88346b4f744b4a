import Analyses
import Study
import Testing

struct ObjectionsTests {
  @Test func everyObjectionIsAnsweredByASectionOfTheReportOrCalledOpen() throws {
    let result = try Objections().run(
      try DemoStudy.evidence(try DemoStudy.resolved(), for: Objections()))
    #expect(result.count == 18)
    let ids = Set(Registry.all.map(\.id))
    for objection in result {
      #expect(!objection.sections.isEmpty)
      #expect(objection.isAnswered == objection.sections.allSatisfy(ids.contains))
    }
    let section = try #require(Objections().section(result, in: try VerdictSamples.study()))
    let open = result.count { !$0.isAnswered }
    #expect(section.prose.contains(open == 0 ? "all are answered" : "\(open) of 18 are open"))
  }
}
