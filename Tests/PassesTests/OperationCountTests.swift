import LanguageModel
import Passes
import StudyFile
import Testing

/// Counted operations against counting them query by query.
struct OperationCountTests {
  /// Documents shorter than the window, as long, and longer, in a model with layers that see all.
  @Test func aWindowBoundsTheKeysOfItsLayerAlone() throws {
    let study = try #require(try BuiltInStudy.named("demo"))
    var shape = try ResolvedStudy(study, environment: [:]).architecture
    let windows = (0..<shape.layers).map { $0 % 2 == 0 ? 4 : nil }
    let lengths = [3, 4, 11]
    let queries = lengths.flatMap { 0..<$0 }
    let pairs = windows.reduce(0) { sum, window in
      sum + queries.reduce(0) { $0 + min($1 + 1, window ?? .max) }
    }
    let full = OperationCount.runs(1, of: shape, documents: lengths)
    shape.attention.windows = windows
    let counted = OperationCount.runs(1, of: shape, documents: lengths)
    // Scores and weighted values: a multiply-add for each pair and each column of all heads.
    #expect(counted.attention == Double(pairs * 4 * shape.attentionWidth))
    #expect(full.attention > counted.attention)
    #expect(full.total - full.attention == counted.total - counted.attention)
  }
}
