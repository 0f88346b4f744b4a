import LanguageModel
import Passes
import Statistics
import Storage
import StudyFile

/// The atlas's figures at earlier states of its model.
extension AtlasComputation {
  /// The figures of the checkpoints that the file names, in its order. Equal weights are computed once.
  ///
  /// - Parameters:
  ///   - findings: those of the atlas's own model
  ///   - computation: makes the computation of a state; its model is in memory only while it runs
  /// - Returns: the checkpoints, and the operations of those that were computed
  /// - Throws: `Diagnostic`.
  package func checkpoints(
    beside findings: AtlasFindings, computation: (ResolvedAtlas) throws -> AtlasComputation
  ) throws -> (states: [AtlasCheckpoint], operations: OperationCount) {
    let final = findings.orderedLabels.map(\.best)
    // The atlas's own weights are among those that are known from the start.
    var known = [
      atlas.model.weights: (name: Self.ownName(atlas), figures: Self.figures(of: findings))
    ]
    var found: [AtlasCheckpoint] = []
    var operations = OperationCount()
    for state in atlas.states {
      let weights = state.model.weights
      if let same = known[weights] {
        found.append(
          AtlasCheckpoint(
            name: state.name, weights: weights, equals: same.name, labels: same.figures))
        continue
      }
      let own = try computation(atlas.at(state))
      let figures = try own.figures(final: final)
      operations += own.engine.operations
      known[weights] = (state.name, figures)
      found.append(
        AtlasCheckpoint(name: state.name, weights: weights, equals: nil, labels: figures))
    }
    return (found, operations)
  }

  /// The name of the atlas's own model among the checkpoints.
  private static func ownName(_ atlas: ResolvedAtlas) -> String {
    atlas.model.source.revision ?? atlas.model.source.name
  }

  private static func figures(of findings: AtlasFindings) -> [AtlasCheckpoint.Figures] {
    findings.orderedLabels.enumerated().map { index, label in
      .init(
        confirmed: label.confirmed, suggestive: label.suggestive, best: label.best,
        auc: label.auc, low: label.low, high: label.high, final: label.auc,
        change: findings.sets?.sizes.compactMap {
          findings.sets?.effect(.auc, label: index, size: $0)?.change[index]
        } ?? [])
    }
  }

  /// The figures of this state.
  ///
  /// - Parameter final: the neuron of each label that is best at the end of training
  private func figures(final: [Int]) throws -> [AtlasCheckpoint.Figures] {
    let totals = try results.totals(of: Self.scan(atlas, correlated: 0))
    let statistics = try statistics(
      totals, AtlasSides(atlas.documents, labels: atlas.labels.count))
    let sets = try setStudy(
      statistics, FiringShares(totals, atlas), totals.means, rankings: [.auc]
    ).map { $0.effects(try results.losses($0), workers: engine.workers) }
    func round(_ value: Double) -> Double { RoundedNumber.fixed(value, 4) }
    return statistics.labels.enumerated().map { index, label in
      let best = label.order[0]
      return .init(
        confirmed: label.grades.count { $0 == .confirmed },
        suggestive: label.grades.count { $0 == .suggestive }, best: best,
        auc: round(label.areas[best].value), low: round(label.intervals[best].lower),
        high: round(label.intervals[best].upper), final: round(label.areas[final[index]].value),
        change: sets?.sizes.compactMap {
          sets?.effect(.auc, label: index, size: $0)?.change[index]
        } ?? [])
    }
  }
}
