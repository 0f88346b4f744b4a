import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile

/// The sets of neurons of an atlas: which they are, the passes that ablate them, and what these find.
package struct SetStudy: Sendable {
  /// A set of neurons, and the values they are set to.
  package struct Chosen: Sendable, Codable {
    let ranking: SetEffects.Ranking
    let label: Int
    let size: Int
    let neurons: [Int]
    /// The value that each neuron is set to.
    let values: [Float]
  }

  package let sets: [Chosen]
  /// The measured documents, label after label.
  package let documents: DocumentSet
  private let settings: AtlasSets
  /// The number of neurons of a layer.
  private let width: Int
  /// The label of each measured document.
  private let labels: [Int]
  private let count: Int

  /// - Parameters:
  ///   - orders: the neurons of each label by each ranking, best first
  ///   - firing: the share of tokens on which each neuron fires
  ///   - values: the value that a label's sets put a neuron to
  init(
    _ settings: AtlasSets, _ atlas: ResolvedAtlas, orders: [SetEffects.Ranking: [[Int]]],
    firing: [Double], rankings: [SetEffects.Ranking], values: (_ label: Int, _ neuron: Int) -> Float
  ) {
    let shape = atlas.model.architecture
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
          sets.append(
            Chosen(
              ranking: ranking, label: label, size: size, neurons: neurons,
              values: neurons.map { values(label, $0) }))
        }
      }
    }
    self.init(settings, atlas, sets)
  }

  /// - Parameter sets: those that another process has chosen
  package init(_ settings: AtlasSets, _ atlas: ResolvedAtlas, _ sets: [Chosen]) {
    let front = atlas.model.beginning.count
    (self.settings, self.sets) = (settings, sets)
    width = atlas.model.architecture.dMLP
    count = atlas.labels.count
    let measured = atlas.labels.map { Self.measured($0, settings, front: front) }
    documents = DocumentSet(parts: measured, front: front)
    labels = measured.indices.flatMap { label in measured[label].map { _ in label } }
  }

  /// The run without an edit, and one with each set ablated.
  private func passes(of documents: DocumentSet) -> [Pass] {
    let edits = sets.map { set in
      Intervention(
        zip(set.neurons, set.values).map { neuron, value in
          Intervention.Part(
            NeuronAddress(layer: neuron / width, neuron: neuron % width), to: .number(value))
        }, from: documents.front)
    }
    return [
      Pass(documents, reading: [.loss]), Pass(documents, interventions: edits, reading: [.loss]),
    ]
  }

  /// The measured documents of an atlas, label after label.
  package static func documents(_ settings: AtlasSets, _ atlas: ResolvedAtlas) -> DocumentSet {
    let front = atlas.model.beginning.count
    return DocumentSet(
      parts: atlas.labels.map { measured($0, settings, front: front) }, front: front)
  }

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

  /// The losses of the measured documents, or of those of some packs.
  ///
  /// - Throws: `Diagnostic`.
  package func losses(
    by engine: Engine, packs: Range<Int>? = nil,
    progress: @escaping @Sendable (OperationCount, Int) -> Void
  ) throws -> SetLosses {
    let passes = passes(of: packs.map { documents.packs($0) } ?? documents)
    try engine.run(passes, progress: progress)
    let edited = try engine.outcome(of: passes[1])
    return SetLosses(
      clean: try engine.outcome(of: passes[0]).tokens(.loss).map(Self.sum),
      edited: ParallelLoop.map(sets.count, workers: engine.workers) { index in
        edited.tokens(.loss, run: index).map(Self.sum)
      })
  }

  /// What the losses of all measured documents say of each set.
  package func effects(_ losses: SetLosses, workers: Int) -> SetEffects {
    let tokens = documents.documents.map { Double($0.count - 1) }
    func total(_ numbers: [Double], _ label: Int) -> Double {
      zip(numbers, labels).reduce(0) { $1.1 == label ? $0 + $1.0 : $0 }
    }
    return SetEffects(
      documents: (0..<count).map { label in labels.count { $0 == label } },
      tokens: (0..<count).map { Int(total(tokens, $0)) },
      loss: (0..<count).map { RoundedNumber.fixed(total(losses.clean, $0) / total(tokens, $0), 4) },
      sizes: settings.sizes,
      effects: ParallelLoop.map(sets.count, workers: workers) { index in
        effect(
          sets[index], change: zip(losses.edited[index], losses.clean).map { $0 - $1 },
          tokens: tokens)
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

/// The losses of documents, each summed over its tokens, in nats.
package struct SetLosses: Sendable {
  /// Without an edit, by document.
  package var clean: [Double] = []
  /// With each set ablated, by set and document.
  package var edited: [[Double]] = []

  package init(clean: [Double] = [], edited: [[Double]] = []) {
    (self.clean, self.edited) = (clean, edited)
  }

  /// Adds those of the documents that follow.
  package mutating func append(_ later: Self) {
    clean += later.clean
    if edited.isEmpty {
      edited = later.edited
    } else {
      for set in edited.indices { edited[set] += later.edited[set] }
    }
  }
}
