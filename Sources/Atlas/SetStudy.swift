import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile

/// The sets of neurons of an atlas: which they are, the passes that ablate them, and what these find.
package struct SetStudy: Sendable {
  /// A set of neurons, and the values they are set to.
  struct Chosen: Sendable {
    let ranking: SetEffects.Ranking
    let label: Int
    let size: Int
    let neurons: [Int]
  }

  let sets: [Chosen]
  /// The measured documents, label after label.
  let documents: DocumentSet
  private let settings: AtlasSets
  /// The label of each measured document.
  private let labels: [Int]
  private let count: Int
  private let pass: Pass

  /// - Parameters:
  ///   - orders: the neurons of each label by each ranking, best first
  ///   - firing: the share of tokens on which each neuron fires
  ///   - values: the value that a label's sets put a neuron to
  init(
    _ settings: AtlasSets, _ atlas: ResolvedAtlas, orders: [SetEffects.Ranking: [[Int]]],
    firing: [Double], rankings: [SetEffects.Ranking], values: (_ label: Int, _ neuron: Int) -> Float
  ) {
    let shape = atlas.model.architecture
    let front = atlas.model.beginning.count
    self.settings = settings
    count = atlas.labels.count
    let measured = atlas.labels.map { Self.measured($0, settings, front: front) }
    documents = DocumentSet(parts: measured, front: front)
    labels = measured.indices.flatMap { label in measured[label].map { _ in label } }
    var sets: [Chosen] = []
    for label in atlas.labels.indices {
      for size in settings.sizes {
        let best = Array((orders[.auc]?[label] ?? []).prefix(size))
        for ranking in rankings {
          let neurons: [Int] =
            switch ranking {
            case .auc: best
            case .lape: Array((orders[.lape]?[label] ?? []).prefix(size))
            case .random:
              Self.random(
                best, width: shape.dMLP, seed: atlas.file.seed, label: label, size: size)
            case .matched: Self.matched(best, width: shape.dMLP, firing: firing)
            }
          sets.append(Chosen(ranking: ranking, label: label, size: size, neurons: neurons))
        }
      }
    }
    self.sets = sets
    pass = Pass(
      documents,
      interventions: sets.map { set in
        Intervention(
          set.neurons.map { neuron in
            Intervention.Part(
              NeuronAddress(layer: neuron / shape.dMLP, neuron: neuron % shape.dMLP),
              to: .number(values(set.label, neuron)))
          }, from: front)
      }, reading: [.loss])
  }

  /// Everything that is run.
  var passes: [Pass] { [Pass(documents, reading: [.loss]), pass] }

  /// Confirmation documents with a token to predict, in the order of their hashes.
  static func measured(
    _ documents: [AtlasDocument], _ settings: AtlasSets, front: Int
  ) -> [[Int32]] {
    documents.filter { $0.confirms && $0.ids.count > 1 }
      .sorted { $0.digest == $1.digest ? $0.index < $1.index : $0.digest < $1.digest }
      .prefix(settings.documents).map { Array($0.ids.prefix(front + settings.window)) }
  }

  /// As many neurons of each layer as a set has there, none of it, drawn at random.
  package static func random(_ set: [Int], width: Int, seed: Int, label: Int, size: Int) -> [Int] {
    let taken = Set(set)
    var generator = MersenneTwister(
      seed: UInt32(truncatingIfNeeded: seed &+ 1_000_003 &* (label + 1) &+ 7919 &* size))
    let counts = Dictionary(grouping: set) { $0 / width }.mapValues(\.count)
    return counts.keys.sorted().flatMap { layer in
      generator.permutation(Int32(width)).map { layer * width + Int($0) }
        .filter { !taken.contains($0) }.prefix(counts[layer] ?? 0)
    }
  }

  /// For each neuron of a set the one of its layer, none of the set, whose share of firing tokens is
  /// nearest; each is taken once.
  package static func matched(_ set: [Int], width: Int, firing: [Double]) -> [Int] {
    var taken = Set(set)
    return set.compactMap { neuron in
      let layer = neuron / width
      let nearest = (layer * width..<(layer + 1) * width).filter { !taken.contains($0) }.min {
        (abs(firing[$0] - firing[neuron]), $0) < (abs(firing[$1] - firing[neuron]), $1)
      }
      if let nearest { taken.insert(nearest) }
      return nearest
    }
  }

  /// Runs the sets.
  ///
  /// - Throws: `Diagnostic`.
  func effects(
    by engine: Engine, progress: @escaping @Sendable (OperationCount, Int) -> Void
  ) throws -> SetEffects {
    try engine.run(passes, progress: progress)
    let clean = try engine.outcome(of: passes[0]).tokens(.loss).map(Self.sum)
    let tokens = documents.documents.map { Double($0.count - 1) }
    let outcome = try engine.outcome(of: pass)
    func total(_ numbers: [Double], _ label: Int) -> Double {
      zip(numbers, labels).reduce(0) { $1.1 == label ? $0 + $1.0 : $0 }
    }
    return SetEffects(
      documents: (0..<count).map { label in labels.count { $0 == label } },
      tokens: (0..<count).map { Int(total(tokens, $0)) },
      loss: (0..<count).map { RoundedNumber.fixed(total(clean, $0) / total(tokens, $0), 4) },
      sizes: settings.sizes,
      effects: ParallelLoop.map(sets.count, workers: engine.workers) { index in
        let losses = outcome.tokens(.loss, run: index).map(Self.sum)
        return effect(sets[index], change: zip(losses, clean).map { $0 - $1 }, tokens: tokens)
      })
  }

  private static func sum(_ losses: [Float]) -> Double { losses.reduce(0.0) { $0 + Double($1) } }

  /// - Parameter change: the change of each document's summed loss
  private func effect(_ set: Chosen, change: [Double], tokens: [Double]) -> SetEffect {
    let intervals = (0..<count).map { label in
      let own = labels.indices.filter { labels[$0] == label }
      let (numerators, denominators) = (own.map { change[$0] }, own.map { tokens[$0] })
      let mean = numerators.reduce(0, +) / denominators.reduce(0, +)
      let interval = DocumentIntervals(Bootstrap(resamples: 2000))
        .interval(numerators: numerators, denominators: denominators)
      return (mean: mean, interval: interval)
    }
    func round(_ value: Double) -> Double { RoundedNumber.fixed(value, 5) }
    return SetEffect(
      ranking: set.ranking, label: set.label, size: set.size, neurons: set.neurons,
      change: intervals.map { round($0.mean) },
      low: intervals.map { round($0.interval?.lower ?? $0.mean) },
      high: intervals.map { round($0.interval?.upper ?? $0.mean) },
      hasIntervals: intervals.allSatisfy { $0.interval != nil })
  }
}
