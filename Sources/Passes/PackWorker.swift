import Diagnostics
import LanguageModel
import LinearAlgebra
import StudyFile

/// One worker of the engine: scratch memory, the steps of a unit, and the operations computed so
/// far.
struct PackWorker {
  let model: Transformer
  var forward: ForwardPass
  private(set) var count = OperationCount()
  let streams: KeptStreams

  init(model: Transformer, rows: Int, longest: Int, streams: KeptStreams) {
    self.model = model
    self.streams = streams
    forward = ForwardPass(model: model, rows: rows, longest: longest)
  }

  private var shape: Architecture { model.architecture }
  private var lengths: [Int] { forward.pack.documents.map(\.count) }

  /// Runs a pack without an edit.
  ///
  /// - Throws: `Diagnostic`.
  mutating func run(_ unit: CleanUnit) throws -> PackOutcome {
    var kept = try gather(unit)
    guard !unit.readings.isEmpty else { return kept }
    let pack = Pack(unit.pack.documents)
    var reader = RunReader(
      unit.readings, of: pack, front: unit.pack.front, runs: 1, in: model)
    if let start = unit.start {
      forward.resume(pack)
      try streams.read(
        stream(of: unit.pack, after: start), rows: pack.rows, into: &forward.residual)
    } else {
      forward.embed(pack)
      reader.begin(&self)
    }
    let depth = unit.depth(in: shape)
    let first = unit.start.map { $0 + 1 } ?? 0
    for layer in first..<max(first, depth.whole) {
      run(layer: layer, &reader)
      reader.layer(layer, &self, isWhole: true)
      if unit.readings.contains(.residual(layer: layer)) {
        try streams.keep(
          forward.residual, rows: pack.rows, at: stream(of: unit.pack, after: layer))
        kept[.residual(layer: layer)] = .kept
      }
      if unit.readings.contains(.post(layer: layer)) { try keepPost(unit.pack, layer, &kept) }
    }
    if let part = depth.part {
      run(part, of: depth.whole, &reader)
      if unit.readings.contains(.post(layer: depth.whole)) {
        try keepPost(unit.pack, depth.whole, &kept)
      }
    }
    return try reader.end(&self)[0].merging(kept) { $1 }
  }

  private func keepPost(_ pack: DocumentPack, _ layer: Int, _ kept: inout PackOutcome) throws {
    try streams.keep(
      tilesOf: [(forward.hidden, forward.postBlock)],
      at: .init(pack: pack, layer: layer, kind: .post))
    kept[.post(layer: layer)] = .kept
  }

  /// Takes the activations of the unit's `gathered` neurons from the kept columns of their layers.
  private func gather(_ unit: CleanUnit) throws -> PackOutcome {
    var outcome: PackOutcome = [:]
    for (layer, neurons) in Dictionary(grouping: unit.gathered, by: \.layer) {
      let columns = try streams.columns(
        neurons.map(\.neuron), at: .init(pack: unit.pack, layer: layer, kind: .post))
      for (neuron, column) in zip(neurons, columns) {
        var first = 0
        outcome[.activation(neuron)] = .tokens(
          unit.pack.lengths.map { length in
            defer { first += length }
            return Array(column[first..<first + length])
          })
      }
    }
    return outcome
  }

  func stream(of pack: DocumentPack, after layer: Int) -> KeptStreams.Place {
    .init(pack: pack, layer: layer, kind: .residual)
  }

  /// Runs several interventions on a pack side by side.
  ///
  /// - Parameter interventions: the unit's interventions with their values computed
  /// - Returns: the outcome of each intervention, in order
  /// - Throws: `Diagnostic`.
  mutating func run(
    _ unit: EditedUnit, _ interventions: [ResolvedIntervention], clean: PackOutcome
  ) throws -> [PackOutcome] {
    if unit.pass.readings.contains(.paths) {
      return [try paths(unit, interventions[0], clean: clean)]
    }
    let pack = Pack(unit.runs.flatMap { _ in unit.pack.documents })
    var scales: [Float]?
    if case .tokens(let values)? = clean[.finalScale] {
      scales = unit.runs.flatMap { _ in values.flatMap(\.self) }
    }
    var reader = RunReader(
      unit.pass.readings, of: pack, front: unit.pack.front, runs: unit.runs.count, in: model,
      editedLayer: unit.firstLayer, cleanScales: scales)
    if let start = unit.start(in: shape) {
      forward.resume(pack)
      for run in interventions.indices {
        try streams.read(
          stream(of: unit.pack, after: start), rows: unit.pack.rows,
          into: &forward.residual, at: run * unit.pack.rows)
        for part in interventions[run].parts where part.neuron.layer == start {
          let activations = Self.activations(of: part.neuron, clean)
          move(interventions[run], part, activations, unit.pack, at: run * unit.pack.rows)
        }
      }
    } else {
      forward.embed(pack)
      reader.begin(&self)
    }
    let depth = Depth(of: unit.pass.readings, in: shape)
    let first = unit.start(in: shape).map { $0 + 1 } ?? 0
    for layer in first..<max(first, depth.whole) {
      run(layer: layer, &reader)
      for (run, intervention) in interventions.enumerated() {
        for part in intervention.parts where part.neuron.layer == layer {
          let first = run * unit.pack.rows
          let column = column(part.neuron.neuron, rows: first..<first + unit.pack.rows)
          move(intervention, part, column, unit.pack, at: first)
        }
      }
      reader.layer(layer, &self, isWhole: true)
    }
    if let part = depth.part { run(part, of: depth.whole, &reader) }
    return try reader.end(&self)
  }

  /// Moves one neuron of a run: its activation in `hidden`, and the residual stream it has written
  /// to.
  private mutating func move(
    _ intervention: ResolvedIntervention, _ part: ResolvedIntervention.Part,
    _ activations: [Float], _ pack: DocumentPack, at row: Int
  ) {
    let change = intervention.change(
      part, documents: pack.lengths.enumerated().map { ($0.offset, $0.element) },
      activations: activations)
    guard part.along == nil else {
      StreamMove(change: change, direction: part.direction(in: model)).apply(
        to: &forward.residual, at: row, kernels: forward.kernels)
      return
    }
    forward.add(
      change: change, ofNeuron: part.neuron.neuron, layer: part.neuron.layer, at: row)
    let column = forward.postBlock.column + part.neuron.neuron
    for (index, change) in change.enumerated() where change != 0 {
      forward.hidden[row + index, column] += change
    }
  }

  private static func activations(of neuron: NeuronAddress, _ clean: PackOutcome) -> [Float] {
    guard case .tokens(let values)? = clean[.activation(neuron)] else {
      preconditionFailure("the clean run has not read \(neuron)")
    }
    return values.flatMap(\.self)
  }
}

extension PackWorker {
  /// Runs a block, and shows the reader the input of its MLP if the reader wants it.
  private mutating func run(layer: Int, _ reader: inout RunReader) {
    if reader.readsInput(of: layer), !shape.parallelResidual {
      forward.runToMid(layer: layer)
      reader.input(layer, &self)
      forward.runFromMid(layer: layer)
    } else {
      if reader.readsInput(of: layer) { reader.input(layer, &self) }
      forward.run(layer: layer)
    }
    count.addBlocks(layer..<layer + 1, of: shape, documents: lengths)
    count.addWrites(1, of: shape, rows: reader.productRows(of: layer))
  }

  /// Runs the beginning of a block, up to the input of its MLP or to hook_post.
  private mutating func run(_ part: Depth.BlockPart, of layer: Int, _ reader: inout RunReader) {
    forward.runToMid(layer: layer)
    if reader.readsInput(of: layer) { reader.input(layer, &self) }
    if part == .post {
      forward.runFromMid(layer: layer, through: .activated)
      reader.layer(layer, &self, isWhole: false)
    }
    count.addPart(part, ofLayer: layer, of: shape, documents: lengths)
  }

  /// hook_post of a neuron of the layer that ran last, `[rows]`; all rows of the pack unless told.
  func column(_ neuron: Int, rows: Range<Int>? = nil) -> [Float] {
    let (start, stride) = (forward.postBlock.column + neuron, forward.hidden.columns)
    return forward.hidden.elements.withUnsafeBufferPointer { hidden in
      (rows ?? 0..<forward.pack.rows).map { hidden[$0 * stride + start] }
    }
  }

  /// The scale that a norm divides each row of the residual stream by, `[rows]`.
  func scales() -> [Float] {
    let norm = shape.norm
    return (0..<forward.pack.rows).map { norm.scale(of: forward.residual.row($0)) }
  }

  /// The loss of predicting the next token, for every row but the last of each document, in nats.
  mutating func losses() -> [Float] {
    let (rows, targets) = predicted
    count.addLogits(rows.count, of: shape)
    return forward.losses(rows: rows, targets: targets)
  }

  /// The rank of the true next token, for every row but the last of each document.
  mutating func ranks() -> [Int] {
    let (rows, targets) = predicted
    count.addLogits(2 * rows.count, of: shape)
    return forward.ranks(rows: rows, targets: targets)
  }

  /// The rows that predict a token, and the tokens that follow them.
  private var predicted: (rows: [Int32], targets: [Int32]) {
    let rows = forward.pack.documents.flatMap { $0.dropLast().map { Int32($0) } }
    return (rows, rows.map { forward.pack.ids[Int($0) + 1] })
  }

  /// Runs the embedding and all blocks up to hook_post of layer `last`, and shows each layer's.
  mutating func run(
    _ pack: DocumentPack, upTo last: Int, _ read: (Int, inout PackWorker) throws -> Void
  ) rethrows {
    forward.embed(Pack(pack.documents))
    for layer in 0..<last {
      forward.run(layer: layer)
      try read(layer, &self)
    }
    forward.runToPost(layer: last)
    try read(last, &self)
    count.addBlocks(0..<last, of: shape, documents: lengths)
    count.addPart(.post, ofLayer: last, of: shape, documents: lengths)
  }

  /// Counts the operations of one layer of a scan.
  mutating func countScan(_ directions: Int, layer: Int) {
    count.addBlocks(layer..<layer + 1, of: shape, documents: lengths)
    count.addProjections(directions, layers: 1, of: shape, rows: forward.pack.rows)
  }

  /// Finds the layer and the document where the numbers of a pack stop being finite.
  mutating func notFinite(_ pack: DocumentPack, name: (_ ids: [Int32]) -> String) -> Diagnostic {
    var place = "the logits"
    var file = name(pack.documents.first ?? [])
    search: for ids in pack.documents {
      forward.embed(Pack([ids]))
      for layer in 0..<shape.layers {
        forward.run(layer: layer)
        let size = ids.count * shape.dModel
        if forward.residual.elements[..<size].contains(where: { !$0.isFinite }) {
          (place, file) = ("layer \(layer)", name(ids))
          break search
        }
      }
    }
    return Diagnostic(
      .data, file: file, field: place, expected: "finite activations", found: "NaN or infinity",
      advice: "The model overflows on this text; check the checkpoint.")
  }

  /// The sums of each document's losses in the runs of `PathRuns`: total, direct, indirect, then
  /// one run for each component.
  private mutating func paths(
    _ unit: EditedUnit, _ intervention: ResolvedIntervention, clean: PackOutcome
  ) throws -> PackOutcome {
    precondition(
      intervention.parts.allSatisfy { $0.neuron.layer == unit.firstLayer },
      "paths from neurons of several layers")
    let activations = intervention.parts.map { Self.activations(of: $0.neuron, clean) }
    var sums: [[Double]] = []
    var skipped = 0
    for group in PathRuns.groups(of: unit.pack) {
      let documents = Array(unit.pack.documents[group.documents])
      let rows = skipped..<skipped + group.rows
      let moves = zip(intervention.parts, activations).map { part, activations in
        StreamMove(
          change: intervention.change(
            part, documents: group.documents.map { ($0, unit.pack.documents[$0].count) },
            activations: Array(activations[rows])),
          direction: part.direction(in: model))
      }
      forward.resume(Pack(documents + documents))
      let place = stream(of: unit.pack, after: unit.firstLayer)
      for half in 0..<2 {
        try streams.read(
          place, rows: group.rows, skipping: skipped, into: &forward.residual,
          at: half * group.rows)
      }
      for move in moves {
        move.apply(to: &forward.residual, at: group.rows, kernels: forward.kernels)
      }
      var final = Matrix(rows: group.rows, columns: shape.dModel)
      try streams.read(
        stream(of: unit.pack, after: shape.layers - 1), rows: group.rows,
        skipping: skipped, into: &final)
      sums += try pathSums(documents, after: unit.firstLayer, clean: final, moves: moves)
      skipped += group.rows
    }
    return [.paths: .documents(sums)]
  }

  /// The same sums for documents that run together.
  private mutating func pathSums(
    _ documents: [[Int32]], after layer: Int, clean: Matrix, moves: [StreamMove]
  ) throws -> [[Double]] {
    var sums = documents.map { _ in [Double]() }
    var patched: [[Double]] = []
    let shape = self.shape
    let pack = Pack(documents)
    let rows = pack.documents.flatMap { $0.dropLast().map { Int32($0) } }
    let targets = rows.map { pack.ids[Int($0) + 1] }
    var passes = 0
    func losses(_ stream: Matrix, _ forward: inout ForwardPass) throws -> [Double] {
      forward.residual.elements.replaceSubrange(0..<stream.elements.count, with: stream.elements)
      let losses = forward.losses(rows: rows, targets: targets)
      guard losses.allSatisfy(\.isFinite) else { throw NotFinite() }
      passes += 1
      var start = 0
      return documents.map { ids in
        defer { start += ids.count - 1 }
        return losses[start..<start + ids.count - 1].reduce(0.0) { $0 + Double($1) }
      }
    }
    let runs = try PathRuns(&forward, after: layer, clean: clean, moves: moves) {
      patched.append(try losses($2, &$0))
    }
    let whole = try [runs.total, runs.direct, runs.indirect].map { try losses($0, &forward) }
    for document in documents.indices {
      sums[document] = (whole + patched).map { $0[document] }
    }
    let later = layer + 1..<shape.layers
    count.addBlocks(later, of: shape, documents: lengths)
    count.addWrites(later.count, of: shape, rows: clean.rows)
    count.addLogits(passes * rows.count, of: shape)
    return sums
  }
}
