import LanguageModel
import LinearAlgebra
import StudyFile

/// Thrown when a number that was read is NaN or infinite. The engine then finds where that began.
struct NotFinite: Error {}

/// Reads the wanted quantities of a run while its layers are computed.
///
/// The rows may hold several runs of the same documents side by side; each run has its own outcome.
struct RunReader {
  private let readings: Set<Readout>
  private let model: Transformer
  /// The row ranges of the documents, run after run.
  private let documents: [Range<Int>]
  private let runs: Int
  /// The number of tokens at each document's beginning that no sum counts.
  private let front: Int
  /// The first place of the stream that the lens reads: 0 is the embedding; an edited run begins
  /// after the edited layer.
  private let firstPlace: Int
  /// For an attribution of an edited run, the scales of the clean run's final norm, by row.
  private let cleanScales: [Float]?
  private var outcomes: [PackOutcome]
  private var attribution: RowDots?
  private var attributed: NeuronAddress?
  private var inputs: [InputKey: RowDots] = [:]
  /// The gated neurons whose signs are counted.
  private var signed: [NeuronAddress] = []
  /// The neurons whose hook_pre is read.
  private var preActivated: [NeuronAddress] = []
  /// The losses of the logit lens, by place, then by row.
  private var lens: [[Float]] = []
  private var isFinite = true

  init(
    _ readings: Set<Readout>, of pack: Pack, front: Int, runs: Int, in model: Transformer,
    editedLayer: Int? = nil, cleanScales: [Float]? = nil
  ) {
    self.readings = readings
    self.model = model
    documents = pack.documents
    self.runs = runs
    self.front = front
    firstPlace = editedLayer.map { $0 + 1 } ?? 0
    self.cleanScales = cleanScales
    outcomes = Array(repeating: [:], count: runs)
    for reading in readings {
      switch reading {
      case .attribution(let neuron):
        attributed = neuron
        attribution = RowDots(
          along: Self.targets(of: pack, in: model), rows: pack.rows, in: model)
      case .input(let neuron, let map):
        let read = model.reading(layer: neuron.layer, neuron: neuron.neuron).part(map)
        inputs[InputKey(neuron: neuron, map: map)] = RowDots(
          along: Matrix(rows: 1, columns: read.weights.count, elements: read.weights),
          rows: pack.rows, in: model)
      case .signs(let neuron): signed.append(neuron)
      case .preActivation(let neuron): preActivated.append(neuron)
      default: break
      }
    }
  }

  /// The unembedding direction of the token that follows each row, `[rows, d_model]`; zero at the
  /// last row of a document.
  private static func targets(of pack: Pack, in model: Transformer) -> Matrix {
    var directions = Matrix(rows: pack.rows, columns: model.architecture.dModel)
    let columns = directions.columns
    for rows in pack.documents {
      for row in rows.dropLast() {
        directions.elements.replaceSubrange(
          row * columns..<(row + 1) * columns, with: model.unembedding.row(Int(pack.ids[row + 1])))
      }
    }
    return directions
  }

  /// A neuron and one of its reading maps.
  private struct InputKey: Hashable {
    let neuron: NeuronAddress
    let map: Linear

    var layer: Int { neuron.layer }
  }

  /// Whether something is read at the input of a layer's MLP.
  func readsInput(of layer: Int) -> Bool {
    inputs.keys.contains { $0.layer == layer }
      || (signed + preActivated).contains { $0.layer == layer }
  }

  /// The number of rows of the products that reading a layer's components costs.
  func productRows(of layer: Int) -> Int {
    (attribution?.productRows ?? 0)
      + inputs.reduce(0) { $0 + ($1.key.layer > layer ? $1.value.productRows : 0) }
  }

  /// Reads the embedding.
  mutating func begin(_ worker: inout PackWorker) {
    attribution?.addEmbedding(worker.forward.residual)
    for key in inputs.keys { inputs[key]?.addEmbedding(worker.forward.residual) }
    if readings.contains(.lens), firstPlace == 0 { lens.append(worker.losses()) }
  }

  /// Reads the input of a layer's MLP; in a sequential block also what its attention has written.
  mutating func input(_ layer: Int, _ worker: inout PackWorker) {
    let shape = model.architecture
    for (key, var dots) in inputs where key.layer == layer {
      if !shape.parallelResidual { dots.addAttention(layer, worker.forward.hidden) }
      let scales = worker.scales()
      let whole = dots.along(worker.forward.residual)
      let sums = documents.map { rows in
        (dots.dots + [whole]).map { part in
          rows.dropFirst(front).reduce(0.0) { $0 + part[$1] / Double(scales[$1]) }
        }
      }
      record(.input(of: key.neuron, map: key.map), documents: sums)
    }
    for neuron in signed where neuron.layer == layer { countSigns(of: neuron, &worker) }
    for neuron in preActivated where neuron.layer == layer {
      let values = preActivations(of: neuron, .mlpIn, &worker).map { Float($0) }
      isFinite = isFinite && values.allSatisfy(\.isFinite)
      record(.preActivation(of: neuron), tokens: documents.map { Array(values[$0]) })
    }
  }

  /// A neuron's pre-activation by one of its maps, bias included, at each row.
  private func preActivations(
    of neuron: NeuronAddress, _ map: Linear, _ worker: inout PackWorker
  ) -> [Double] {
    let (weights, bias) = model.reading(layer: neuron.layer, neuron: neuron.neuron).part(map)
    let scales = worker.scales()
    let dots = RowDots(
      along: Matrix(rows: 1, columns: weights.count, elements: weights), rows: scales.count,
      in: model
    ).along(worker.forward.residual)
    return zip(dots, scales).map { $0 / Double($1) + Double(bias) }
  }

  private mutating func countSigns(of neuron: NeuronAddress, _ worker: inout PackWorker) {
    let gate = preActivations(of: neuron, .mlpGate, &worker).map { $0 > 0 }
    let linear = preActivations(of: neuron, .mlpIn, &worker).map { $0 > 0 }
    record(
      .signs(of: neuron),
      documents: documents.map { rows in
        var counts = [0.0, 0, 0, 0]
        for row in rows.dropFirst(front) {
          counts[(gate[row] ? 0 : 2) + (linear[row] ? 0 : 1)] += 1
        }
        return counts
      })
  }

  /// Reads a layer that has run, either whole or up to hook_post.
  mutating func layer(_ layer: Int, _ worker: inout PackWorker, isWhole: Bool) {
    for reading in readings {
      switch reading {
      case .activation(let neuron) where neuron.layer == layer:
        let values = worker.column(neuron.neuron)
        isFinite = isFinite && values.allSatisfy(\.isFinite)
        record(reading, tokens: documents.map { Array(values[$0]) })
      case .moments(layer):
        record(moments: worker.forward, reading)
      default: break
      }
    }
    guard isWhole else { return }
    let hidden = worker.forward.hidden
    attribution?.addLayer(
      layer, hidden, neuron: attributed?.layer == layer ? attributed?.neuron : nil)
    for key in inputs.keys where key.layer > layer {
      inputs[key]?.addLayer(layer, hidden)
    }
    let isLast = layer + 1 == model.architecture.layers
    if readings.contains(.lens), layer + 1 >= firstPlace, !isLast {
      lens.append(worker.losses())
    }
  }

  /// Reads the end of the run and returns the outcome of each run.
  ///
  /// - Throws: `NotFinite` where an activation or a loss is NaN or infinite.
  mutating func end(_ worker: inout PackWorker) throws -> [PackOutcome] {
    guard isFinite else { throw NotFinite() }
    if readings.contains(.loss) || readings.contains(.lens) {
      let losses = worker.losses()
      guard losses.allSatisfy(\.isFinite) else { throw NotFinite() }
      if readings.contains(.loss) { record(.loss, tokens: perTarget(losses)) }
      if readings.contains(.lens) {
        lens.append(losses)
        let places = lens.map { perTarget($0).map { $0.reduce(0.0) { $0 + Double($1) } } }
        record(
          .lens, documents: documents.indices.map { document in places.map { $0[document] } })
      }
    }
    if readings.contains(.rank) {
      record(.rank, tokens: perTarget(worker.ranks().map { Float($0) }))
    }
    if readings.contains(.finalScale) {
      let scales = worker.scales()
      record(.finalScale, tokens: documents.map { Array(scales[$0]) })
    }
    if let attributed, let attribution {
      attribute(attribution, attributed, scales: worker.scales(), worker.forward.residual)
    }
    return outcomes
  }

  /// Records, as sums over each document, what every component adds to the logit of the true next
  /// token, then the neuron's and the whole stream's. For an edited run the same follows with the
  /// clean run's scales, but for the whole stream.
  private mutating func attribute(
    _ dots: RowDots, _ neuron: NeuronAddress, scales: [Float], _ residual: Matrix
  ) {
    let own = dots.dots + [dots.neurons[neuron] ?? []]
    let all = own + [dots.along(residual)]
    func sums(_ parts: [[Double]], _ scales: [Float], _ rows: Range<Int>) -> [Double] {
      parts.map { part in
        rows.dropLast().reduce(0.0) { $0 + part[$1] / Double(scales[$1]) }
      }
    }
    record(
      .attribution(of: neuron),
      documents: documents.map { rows in
        sums(all, scales, rows) + (cleanScales.map { sums(own, $0, rows) } ?? [])
      })
  }

  /// The numbers of the rows that predict a token, document by document.
  private func perTarget(_ values: [Float]) -> [[Float]] {
    var start = 0
    return documents.map { rows in
      defer { start += rows.count - 1 }
      return Array(values[start..<start + rows.count - 1])
    }
  }

  private func perRun<Value>(_ values: [Value]) -> [[Value]] {
    let count = values.count / runs
    return (0..<runs).map { Array(values[$0 * count..<($0 + 1) * count]) }
  }

  private mutating func record(_ reading: Readout, tokens: [[Float]]) {
    for (run, values) in perRun(tokens).enumerated() { outcomes[run][reading] = .tokens(values) }
  }

  private mutating func record(_ reading: Readout, documents: [[Double]]) {
    for (run, values) in perRun(documents).enumerated() {
      outcomes[run][reading] = .documents(values)
    }
  }

  private mutating func record(moments forward: ForwardPass, _ reading: Readout) {
    let block = forward.postBlock
    for (run, documents) in perRun(documents).enumerated() {
      var sum = [Double](repeating: 0, count: block.columns)
      var squares = sum
      var tokens = 0
      forward.hidden.elements.withUnsafeBufferPointer { hidden in
        for row in documents.flatMap({ $0.dropFirst(front) }) {
          tokens += 1
          let start = row * forward.hidden.columns + block.column
          for neuron in 0..<block.columns {
            let value = Double(hidden[start + neuron])
            sum[neuron] += value
            squares[neuron] += value * value
          }
        }
      }
      outcomes[run][reading] = .moments(
        LayerMoments(tokens: tokens, sum: sum, squares: squares))
    }
  }
}
