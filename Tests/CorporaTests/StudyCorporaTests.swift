import Corpora
import Diagnostics
import Foundation
import SampleStudies
import Storage
import StudyFile
import Testing

@Suite struct StudyCorporaTests {
  /// The Europarl files that stand beside the repository.
  private static let europarl = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/data").standardized.path

  @Test(.enabled(if: FileManager.default.fileExists(atPath: europarl), "../shared/data is missing"))
  func theNotebooksCorporaAreReadWhole() throws {
    let study = try #require(try BuiltInStudy.named("pythia-70m-v0"))
    let made = try StudyCorpora(loading: study, folder: Self.europarl)
    #expect(made.target.documents.count == 1000 && made.other.documents.count == 1000)
    #expect(made.evaluation.map(\.documents.count) == [20])
    let lengths = made.target.documents.map(\.text.unicodeScalars.count)
    #expect(lengths.min() == 200 && lengths.max() == 2988)
    #expect(made.all.map(\.blank) == [0, 0, 0])
  }

  private func corpora(_ study: StudyFile, _ counts: [Int]) throws -> [Corpus] {
    try zip(study.corpora, counts).map { entry, count in
      let letter = entry.name.prefix(1)
      let lines = (0..<count).map { "\(letter)\($0)" }
      var entry = entry
      entry.path = CorpusPath("memory.txt")
      let text = lines.joined(separator: "\n")
      return try Corpus(entry, file: FileBytes(Array(text.utf8), name: "memory.txt"))
    }
  }

  @Test func theOtherClassIsInterleavedAndThenCut() throws {
    let study = try SampleStudy.study("documents: 5")
    let made = try StudyCorpora(study: study, corpora: try corpora(study, [7, 2, 4, 3]))
    #expect(made.target.name == "Dutch" && made.other.name == "other")
    #expect(made.target.documents.map(\.text) == ["D0", "D1", "D2", "D3", "D4"])
    #expect(made.other.documents.map(\.text) == ["G0", "E0", "G1", "E1", "E2"])
    #expect(
      made.other.documents.map(\.corpus) == ["German", "English", "German", "English", "English"])
    #expect(made.other.documents.map(\.index) == [0, 0, 1, 1, 2])
  }

  @Test func theOrderOfOtherIsTheOrderOfTheRound() throws {
    let study = try SampleStudy.study("other: [English, German]")
    let made = try StudyCorpora(study: study, corpora: try corpora(study, [2, 1, 3, 1]))
    #expect(made.other.documents.map(\.text) == ["E0", "G0", "E1", "E2"])
  }

  @Test func referencesMeanClassesOrCorpora() throws {
    let study = try SampleStudy.study("documents: 2\nother: [German]")
    let made = try StudyCorpora(study: study, corpora: try corpora(study, [3, 3, 3, 5]))
    func texts(_ reference: CorpusReference) -> [String] {
      made.documents(of: reference).documents.map(\.text)
    }
    #expect(texts(.target) == ["D0", "D1"] && texts(.other) == ["G0", "G1"])
    #expect(texts(.named("Stories")) == ["S0", "S1", "S2", "S3", "S4"])
    #expect(texts(.named("English")) == ["E0", "E1"])
    #expect(texts(.named("Dutch")) == ["D0", "D1"])
    #expect(texts(.named("nobody")) == [])
    #expect(made.evaluation.map(\.name) == ["Stories"])
  }

  @Test(arguments: [([1, 2, 2, 1], "target (Dutch)"), ([2, 0, 1, 1], "other (other)")])
  func aClassOfOneDocumentIsRefused(counts: [Int], field: String) throws {
    let study = try SampleStudy.study("other: [\(counts[1] == 0 ? "English" : "German")]")
    let corpora = try corpora(study, counts.map { max($0, 1) })
    let error = try #require(throws: Diagnostic.self) {
      _ = try StudyCorpora(study: study, corpora: corpora)
    }
    #expect(error.kind == .data && error.field == field)
    #expect(error.expected == "at least 2 documents" && error.found == "1")
  }
}
