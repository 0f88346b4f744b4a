import Diagnostics
import Foundation
import Reporting
import StudyFile
import Testing

/// A page that would pass its budget leaves charts and data to the files beside it.
struct PageBudgetTests {
  private static func study(prompts: Int) throws -> StudyFile {
    let list = (0..<prompts).map { "  - {text: \"a \($0)\", answers: [b, c]}\n" }.joined()
    return try StudyFile(
      yaml: """
        title: A study
        model: builtin:demo
        corpora: [{name: A, path: a.txt}, {name: B, path: b.txt}]
        target: A
        layer: 3
        prompts:
        \(list)
        """)
  }

  @Test func theEstimateGrowsWithWhatTheStudyAsks() throws {
    let few = PageEstimate(try Self.study(prompts: 2))
    let many = PageEstimate(try Self.study(prompts: 40))
    #expect(many.figures == few.figures + 3 * 38 && !few.passesBudget && many.passesBudget)
    #expect(few.words.contains("of at most 1.5 MB"))
    #expect(many.words.contains("shows its last charts as files"))
  }

  /// The demo's published pages, which the estimate's numbers were taken from.
  @Test(arguments: [BuiltInStudy.demo, .demoFrench])
  func theEstimateIsNearThePublishedPage(_ built: BuiltInStudy) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Site/reports/\(built.rawValue)/index.html").standardized
    let bytes = try Data(contentsOf: page).count
    let estimate = PageEstimate(try #require(try BuiltInStudy.named(built.rawValue))).bytes
    #expect(abs(estimate - bytes) < bytes / 4, "\(estimate) for \(bytes)")
  }
}
