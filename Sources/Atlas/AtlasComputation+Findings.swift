import LinearAlgebra
import Passes
import Statistics
import StudyFile

extension AtlasComputation {
  /// Puts what was found into the columns of `findings.json`.
  func assemble(
    _ totals: ScanTotals, _ statistics: AtlasStatistics, _ firing: FiringShares,
    clusters: [NeuronCluster]?,
    tokens: (promoted: [[Int]], fires: [[Int]], texts: [String], areAll: Bool),
    pages: [NeuronDetail], sets: SetEffects?
  ) -> AtlasFindings {
    let places = Self.clusterOfNeuron(clusters ?? [], neurons: totals.neurons)
    let cells = statistics.labels.indices.map { label in
      columns(label, totals, statistics, firing)
    }
    var notes = atlas.notes + model.notes
    if clusters == nil {
      notes.append(
        "The model has more than \(Self.mostCorrelated) neurons; near-duplicates were not looked for."
      )
    }
    if !tokens.areAll {
      notes.append("Promoted tokens are given for neurons with a page alone.")
    }
    return AtlasFindings(
      file: file, model: describedModel, design: design(statistics, firing, clusters, totals),
      labels: Dictionary(
        uniqueKeysWithValues: statistics.labels.indices.map { label in
          (file.corpora[label].name, described(label, statistics, cells[label], places))
        }),
      neurons: neurons(totals, firing, places, tokens), cells: cells, nulls: nulls(statistics),
      clusters: clusters ?? [], pages: pages, tokens: tokens.texts, sets: sets, checkpoints: [],
      notes: notes)
  }

  private var describedModel: AtlasModel {
    let source = atlas.model.source
    return AtlasModel(
      name: source.name, revision: source.snapshot ?? source.revision, family: shape.family,
      layers: shape.layers, dModel: shape.dModel, dMLP: shape.dMLP, vocabulary: shape.vocabulary,
      context: shape.context, processing: shape.processing,
      front: atlas.model.beginning.count,
      beginning: atlas.model.beginning.first.map { atlas.model.found.tokenizer.string(of: $0) },
      isGated: shape.mlp.isGated, weights: atlas.model.weights)
  }

  private func design(
    _ statistics: AtlasStatistics, _ firing: FiringShares, _ clusters: [NeuronCluster]?,
    _ totals: ScanTotals
  ) -> AtlasDesign {
    let passages = Set(atlas.documents.compactMap(\.passage))
    let chosen = firing.entropy.selected.last
    return AtlasDesign(
      withinPassages: !passages.isEmpty, passages: passages.count, cells: statistics.cells,
      selected: statistics.selected, confidence: statistics.confidence,
      edges: ActivationBins.edges.map(Double.init),
      lape: chosen.map {
        .init(
          entropy: RoundedNumber.fixed(firing.entropy.entropy[$0], 4),
          share: RoundedNumber.significant(firing.entropy.bar, 4))
      }, correlated: clusters == nil ? 0 : totals.samples.rows)
  }

  private func described(
    _ label: Int, _ statistics: AtlasStatistics, _ cells: LabelColumns, _ clusters: [Int]
  ) -> AtlasLabel {
    let documents = atlas.labels[label]
    let front = atlas.model.beginning.count
    func part(_ confirms: Bool) -> AtlasLabel.Part {
      let own = documents.filter { $0.confirms == confirms }
      return .init(
        documents: own.count, tokens: own.reduce(0) { $0 + $1.ids.count - front })
    }
    let confirmed = cells.grade.indices.filter { cells.grade($0) == .confirmed }
    // Neurons of one cluster count once, and those of none each.
    let kinds = Set(confirmed.map { clusters[$0] < 0 ? -1 - $0 : clusters[$0] })
    let best = statistics.labels[label].order[0]
    return AtlasLabel(
      name: file.corpora[label].name, note: file.corpora[label].note, discovery: part(false),
      confirmation: part(true), repeated: atlas.repeated[label], cut: atlas.cut[label],
      confirmed: confirmed.count,
      suggestive: cells.grade.count { $0 == LabelColumns.Grade.suggestive.rawValue },
      lape: cells.lape.reduce(0, +), clusters: kinds.count, best: best, auc: cells.auc[best],
      low: cells.low[best], high: cells.high[best], sha256: atlas.corpora[label].sha256)
  }

  private func columns(
    _ label: Int, _ totals: ScanTotals, _ statistics: AtlasStatistics, _ firing: FiringShares
  ) -> LabelColumns {
    let found = statistics.labels[label]
    let selected = Set(firing.entropy.selected.filter { firing.entropy.isSelected($0, for: label) })
    let thresholds = ParallelLoop.map(totals.neurons, workers: engine.workers) { neuron in
      TokenThreshold(
        choosing: totals.bins(neuron, label: label, part: 0),
        judging: totals.bins(neuron, label: label, part: 1))
    }
    func fixed(_ values: [Double], _ digits: Int = 4) -> [Double] {
      values.map { RoundedNumber.fixed($0, digits) }
    }
    return LabelColumns(
      discovery: fixed(found.discovery), rank: found.rank, auc: fixed(found.areas.map(\.value)),
      low: fixed(found.intervals.map(\.lower), 3), high: fixed(found.intervals.map(\.upper), 3),
      d: fixed(found.d, 2), mcc: fixed(thresholds.map(\.mcc), 3),
      threshold: thresholds.map(\.edge), next: found.next,
      nextAUC: fixed(found.nextAreas.map(\.value), 3), nextLow: fixed(found.nextLow, 3),
      reachedLabel: found.reachedLabel, reachedAtlas: found.reachedAtlas,
      q: found.q.map { RoundedNumber.significant($0, 2) }, firing: fixed(firing.byLabel[label], 3),
      lape: (0..<totals.neurons).map { selected.contains($0) ? 1 : 0 },
      grade: found.grades.map(\.rawValue))
  }

  private func neurons(
    _ totals: ScanTotals, _ firing: FiringShares, _ clusters: [Int],
    _ tokens: (promoted: [[Int]], fires: [[Int]], texts: [String], areAll: Bool)
  ) -> NeuronColumns {
    let count = Double(max(1, totals.tokens))
    func digits(_ value: Double) -> Double { RoundedNumber.significant(value, 3) }
    return NeuronColumns(
      mean: totals.sum.map { digits($0 / count) },
      deviation: zip(totals.sum, totals.squares).map { sum, squares in
        digits(max(0, squares / count - sum / count * (sum / count)).squareRoot())
      },
      min: totals.least.map { digits(Double($0)) },
      max: (0..<totals.neurons).map { neuron in
        digits(totals.strongest.of(neuron).first.map { Double($0.value) } ?? 0)
      },
      firing: firing.all.map { RoundedNumber.fixed($0, 4) },
      entropy: firing.entropy.entropy.map { RoundedNumber.fixed($0, 3) }, cluster: clusters,
      promoted: tokens.promoted, fires: tokens.fires)
  }

  private func nulls(_ statistics: AtlasStatistics) -> [NullLine] {
    let largest = statistics.largest
    let sizes = atlas.labels.map { Double($0.count(where: \.confirms)) }
    let all = sizes.reduce(0, +)
    func line(_ name: String?, _ values: [Float], _ scale: Double?) -> NullLine {
      let z = Quantile.linear(of: values.map(Double.init), at: NullLine.shares)
      return NullLine(
        label: name, z: z.map { RoundedNumber.fixed($0, 3) },
        auc: scale.map { scale in z.map { RoundedNumber.fixed(0.5 + $0 * scale, 4) } } ?? [])
    }
    // What one deviation of the sum of ranks is as an area, for the median neuron.
    let scales = sizes.indices.map { label in
      let deviation = Quantile.linear(of: largest.deviations[label], at: [0.5])[0]
      return deviation / (sizes[label] * (all - sizes[label]))
    }
    let equal = sizes.allSatisfy { $0 == sizes[0] }
    return sizes.indices.map { line(file.corpora[$0].name, largest.largest[$0], scales[$0]) }
      + [
        line(
          nil, largest.ofAll, equal ? scales.reduce(0, +) / Double(scales.count) : nil)
      ]
  }

  private static func clusterOfNeuron(_ clusters: [NeuronCluster], neurons: Int) -> [Int] {
    var places = [Int](repeating: -1, count: neurons)
    for (index, cluster) in clusters.enumerated() {
      for neuron in cluster.members { places[neuron] = index }
    }
    return places
  }
}

extension ScanTotals {
  /// A neuron's tokens by bin on one side of the split: the label's, and all others'.
  fileprivate func bins(_ neuron: Int, label: Int, part: Int) -> (own: [Int], others: [Int]) {
    let bins = ActivationBins.count
    var (own, others) = ([Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins))
    for corpus in 0..<counts.count / 2 {
      counts[2 * corpus + part].withUnsafeBufferPointer { counts in
        for bin in 0..<bins {
          if corpus == label {
            own[bin] += Int(counts[neuron * bins + bin])
          } else {
            others[bin] += Int(counts[neuron * bins + bin])
          }
        }
      }
    }
    return (own, others)
  }
}
