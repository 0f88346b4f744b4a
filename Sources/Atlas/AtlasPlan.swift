import LanguageModel
import LinearAlgebra
import Passes
import StudyFile

/// What an atlas takes, before its model has run.
package struct AtlasPlan: Sendable {
  private let atlas: ResolvedAtlas
  private let scan: BlockScan

  package init(_ atlas: ResolvedAtlas) {
    self.atlas = atlas
    scan = AtlasComputation.scan(atlas)
  }

  private var shape: Architecture { atlas.model.architecture }

  /// The operations of each part, in the order in which they run: those of the scan are exact; the
  /// passages are counted as if every document were shown, and the sets as if each began at the first
  /// layer.
  package var parts: [(id: String, operations: OperationCount)] {
    let states = 1 + atlas.states.count
    let scanned = scan.operations(of: shape)
    let sets = setOperations(rankings: SetEffects.Ranking.allCases.count)
    var parts = [(id: "scan", operations: scanned), (id: "passages", operations: scanned)]
    if atlas.file.sets != nil { parts.append((id: "sets", operations: sets)) }
    if states > 1 {
      var later = OperationCount()
      for _ in 1..<states {
        later += scanned
        later += setOperations(rankings: 1)
      }
      parts.append((id: "checkpoints", operations: later))
    }
    return parts
  }

  package var operations: OperationCount {
    parts.reduce(into: OperationCount()) { $0 += $1.operations }
  }

  /// The operations of permuting: a product of all permutations with all neurons' ranks, for each
  /// label. They are not the model's and not among `operations`.
  package var permutationOperations: Double {
    let confirming = atlas.documents.count(where: \.confirms)
    return 2 * Double(atlas.file.permutations + 1) * Double(confirming)
      * Double(shape.layers * shape.dMLP) * Double(atlas.labels.count)
  }

  /// The operations of the products that find the tokens which neurons promote.
  package var tokenOperations: Double {
    let all = AtlasComputation.tokenOperations(atlas.model)
    return all <= AtlasComputation.mostTokenOperations ? all : 0
  }

  /// The bytes of the parts that a scan by other processes leaves.
  package var partBytes: Double { Double(scan.partBytes(of: shape)) }

  /// About how long the findings of all neurons and labels take to be put together and written. One
  /// machine took 36 µs for each of 12,288 × 21; slower ones are given more.
  package var writingSeconds: Double {
    Double(shape.layers * shape.dMLP * atlas.labels.count) * 6e-5
  }

  private func setOperations(rankings: Int) -> OperationCount {
    guard let settings = atlas.file.sets else { return OperationCount() }
    let front = atlas.model.beginning.count
    let lengths = atlas.labels.flatMap {
      SetStudy.measured($0, settings, front: front).map(\.count)
    }
    return OperationCount.runs(
      1 + rankings * settings.sizes.count * atlas.labels.count, of: shape, documents: lengths)
  }

  /// The memory that the run needs, from sizes alone.
  package func bytes(workers: Int, _ residency: Residency) -> Int {
    let scanned = scan.bytes(of: shape)
    let neurons = shape.layers * shape.dMLP
    let cells = neurons * atlas.labels.count
    // The means are held beside one layer's ranks; findings are held as numbers and as text.
    let statistics = cells * 200 + 4 * (atlas.file.permutations + 1) * scan.documents.count * 2
    let pages = atlas.labels.count * atlas.file.pages.neurons + atlas.file.pages.named.count
    let findings = cells * 17 * 60 + min(pages, neurons) * 400_000
    return 70_000_000 + 100 * scan.tokens + atlas.model.checkpoint.bytes(residency)
      + max(
        workers * scanned.perWorker + scanned.found + statistics + findings,
        atlas.model.checkpoint.mappedBytes)
  }
}
