import Atlas
import LanguageModel
import LinearAlgebra
import Passes
import Storage
import StudyFile

/// The parts of an atlas's work: what each is of, and its key.
struct AtlasParts: Sendable {
  /// A part of the scan or of the sets: a block or a pack, by its place, of a state of the model.
  struct Item: Sendable {
    let state: Int
    let place: Int
    let key: String
    let operations: Double
  }

  /// The atlas's own model, then the states of training whose weights are not named before.
  let states: [ResolvedAtlas]
  /// The scan of each state.
  let scans: [BlockScan]
  /// The blocks of all scans, and the packs of all states' measured documents.
  let blocks: [Item]
  let packs: [Item]
  /// The keys of the shares of the shown documents.
  let columns: [String]
  private let store: WorkStore
  /// What all keys of the atlas hold.
  private let atlas: String

  init(_ run: AtlasRun, _ store: WorkStore) throws {
    self.store = store
    let atlas = run.atlas
    let content = try run.contentKey().digest
    self.atlas = content
    var known: Set<String> = []
    let states = ([atlas] + atlas.states.map { atlas.at($0) }).filter {
      known.insert($0.model.weights).inserted
    }
    self.states = states
    let scans = states.indices.map {
      $0 == 0
        ? AtlasComputation.scan(atlas) : AtlasComputation.scan(states[$0], correlated: 0)
    }
    self.scans = scans
    blocks = states.indices.flatMap { state in
      let model = states[state].model
      return Self.blocks(
        of: scans[state], state: state, model: model.content, model.architecture, store)
    }
    if let settings = atlas.file.sets {
      let measured = SetStudy.documents(settings, atlas)
      packs = states.indices.flatMap { state in
        let rankings = state == 0 ? SetEffects.Ranking.allCases.count : 1
        let shape = states[state].model.architecture
        return measured.packs.indices.map { pack in
          Item(
            state: state, place: pack,
            key: store.key(
              "ablate",
              [content, states[state].model.weights, measured.packs[pack].digest, "\(pack)"]),
            operations: OperationCount.runs(
              1 + rankings * settings.sizes.count * atlas.labels.count, of: shape,
              documents: measured.packs[pack].lengths
            ).total)
        }
      }
    } else {
      packs = []
    }
    // A share is at least one document.
    let shares = min(
      store.shares(scans[0].operations(of: atlas.model.architecture).total),
      max(1, atlas.documents.count))
    columns = (0..<shares).map { store.key("columns", [content, "\($0) of \(shares)"]) }
  }

  /// The blocks of a scan.
  ///
  /// - Parameter model: everything that a run of the model depends on besides the tokens
  static func blocks(
    of scan: BlockScan, state: Int, model: [String], _ shape: Architecture, _ store: WorkStore
  ) -> [Item] {
    scan.blocks.indices.map { block in
      Item(
        state: state, place: block, key: store.key("scan", model + scan.content(of: block)),
        operations: scan.operations(of: block, in: shape).total)
    }
  }

  func selection(of state: Int) -> ContentKey { key("the choice of an atlas", state) }

  func statistics(of state: Int) -> ContentKey { key("the statistics of an atlas", state) }

  private func key(_ kind: String, _ state: Int) -> ContentKey {
    ContentKey(kind, [atlas, states[state].model.weights])
  }

  /// What a state's scan has chosen.
  ///
  /// - Throws: `MissingPart`.
  func selected(_ state: Int) throws -> AtlasSelection {
    let key = selection(of: state)
    guard let found = store.cache.value(AtlasSelection.self, for: key) else {
      throw MissingPart(key: store.cache.name(of: key))
    }
    return found
  }

  /// The totals of a state's scan, added block after block.
  ///
  /// - Throws: `MissingPart`.
  func totals(_ state: Int) throws -> ScanTotals {
    let (scan, shape) = (scans[state], states[state].model.architecture)
    var totals = ScanTotals(of: scan, neurons: shape.layers * shape.dMLP)
    for item in blocks where item.state == state {
      guard case .part(let part) = store.parts.read(item.key),
        let block = BlockTotals(item.place, of: scan, part, shape)
      else { throw MissingPart(key: item.key) }
      totals.add(block, of: scan)
    }
    return totals
  }

  /// The activations of the shown documents.
  func activations(_ readings: [NeuronReadings]) throws -> [[[Float]]] {
    var values: [Float] = []
    for key in columns {
      guard case .part(let part) = store.parts.read(key),
        let found: [Float] = part.numbers("values")
      else { throw MissingPart(key: key) }
      values += found
    }
    guard values.count == readings.reduce(0, { $0 + $1.ids.count * $1.neurons.count }) else {
      throw MissingPart(key: columns[0])
    }
    var first = 0
    return readings.map { reading in
      reading.neurons.map { _ in
        defer { first += reading.ids.count }
        return Array(values[first..<first + reading.ids.count])
      }
    }
  }

  /// The losses of a state's sets.
  func losses(_ state: Int, _ sets: SetStudy) throws -> SetLosses {
    var losses = SetLosses()
    for item in packs where item.state == state {
      guard case .part(let part) = store.parts.read(item.key),
        let clean: [Double] = part.numbers("clean"),
        case let edited = sets.sets.indices.compactMap({
          part.numbers("edited", layer: $0, of: Double.self)
        }), edited.count == sets.sets.count, edited.allSatisfy({ $0.count == clean.count }),
        clean.count == sets.documents.packs[item.place].documents.count
      else { throw MissingPart(key: item.key) }
      losses.append(SetLosses(clean: clean, edited: edited))
    }
    return losses
  }
}

/// The results of an atlas that other processes have left.
struct PartResults: AtlasResults {
  private let parts: AtlasParts
  private let state: Int

  init(_ parts: AtlasParts, state: Int) {
    (self.parts, self.state) = (parts, state)
  }

  func totals(of scan: BlockScan) throws -> ScanTotals { try parts.totals(state) }

  func statistics(_ compute: () -> AtlasStatistics) -> AtlasStatistics {
    parts.statistics(state, compute)
  }

  func activations(_ readings: [NeuronReadings], front: Int) throws -> [[[Float]]] {
    try parts.activations(readings)
  }

  func losses(_ sets: SetStudy) throws -> SetLosses { try parts.losses(state, sets) }
}

extension AtlasParts {
  /// The statistics that stand, or else those that `compute` finds, which then stand.
  fileprivate func statistics(
    _ state: Int, _ compute: () -> AtlasStatistics
  ) -> AtlasStatistics {
    Optional(store.cache).value(for: statistics(of: state), compute: compute)
  }
}

extension ResolvedModel {
  /// Everything that a run of the model depends on besides the tokens.
  fileprivate var content: [String] { [configuration?.sha256 ?? "", weights] }
}

extension Part {
  /// What a block of a scan gives, layer by layer.
  package init(_ block: BlockTotals, _ shape: Architecture) {
    self.init(kind: "scan")
    let (width, neurons) = (shape.dMLP, shape.layers * shape.dMLP)
    for layer in 0..<shape.layers {
      let own = layer * width..<(layer + 1) * width
      func spread<Number>(_ numbers: [Number], _ size: Int) -> ArraySlice<Number> {
        numbers[own.lowerBound * size..<own.upperBound * size]
      }
      for (part, name) in ["counts", "counts_confirming"].enumerated() {
        let first = part * neurons * ActivationBins.count
        add(
          name, layer: layer,
          block.counts[
            first + own.lowerBound * ActivationBins.count..<first + own.upperBound
              * ActivationBins.count])
      }
      add("sum", layer: layer, spread(block.sum, 1))
      add("squares", layer: layer, spread(block.squares, 1))
      add("least", layer: layer, spread(block.least, 1))
      add("strongest", layer: layer, spread(block.strongest.values, BlockScan.strongest))
      add("documents", layer: layer, spread(block.strongest.documents, BlockScan.strongest))
      add("positions", layer: layer, spread(block.strongest.positions, BlockScan.strongest))
      for (name, rows) in [("means", block.means), ("samples", block.samples)] {
        add(
          name, layer: layer,
          stride(from: 0, to: rows.count, by: neurons).flatMap {
            rows[$0 + own.lowerBound..<$0 + own.upperBound]
          })
      }
    }
  }
}

extension BlockTotals {
  /// Reads a block's part.
  ///
  /// - Returns: nil if an array is missing or of another size
  package init?(_ block: Int, of scan: BlockScan, _ part: Part, _ shape: Architecture) {
    let (width, neurons) = (shape.dMLP, shape.layers * shape.dMLP)
    func joined<Number: PartNumber>(_ name: String, _ type: Number.Type) -> [Number] {
      (0..<shape.layers).flatMap { part.numbers(name, layer: $0, of: type) ?? [] }
    }
    func rows(_ name: String) -> [Float] {
      let layers = (0..<shape.layers).map { part.numbers(name, layer: $0, of: Float.self) ?? [] }
      let count = (layers.first?.count ?? 0) / width
      guard layers.allSatisfy({ $0.count == count * width }) else { return [] }
      return (0..<count).flatMap { row in
        layers.flatMap { $0[row * width..<(row + 1) * width] }
      }
    }
    guard part.kind == "scan",
      let strongest = StrongestDocuments(
        count: BlockScan.strongest, values: joined("strongest", Float.self),
        documents: joined("documents", Int32.self), positions: joined("positions", Int32.self))
    else { return nil }
    self.init(
      block, of: scan, neurons: neurons,
      counts: joined("counts", UInt32.self) + joined("counts_confirming", UInt32.self),
      sum: joined("sum", Double.self), squares: joined("squares", Double.self),
      least: joined("least", Float.self), strongest: strongest, means: rows("means"),
      samples: rows("samples"))
  }
}
