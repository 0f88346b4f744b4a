import LanguageModel
import StudyFile

/// The clean run of a pack with everything that passes read of it.
struct CleanUnit: Sendable {
  let pack: DocumentPack
  /// The readouts to compute; none has been read before.
  var readings: Set<Readout>
  /// The neurons whose activations are taken from their layers' kept columns.
  var gathered: Set<NeuronAddress> = []
  /// The layer whose kept stream the run starts from; nil starts at the embedding.
  var start: Int?

  func depth(in shape: Architecture) -> Depth { Depth(of: readings, in: shape) }

  func operations(of shape: Architecture) -> OperationCount {
    let depth = depth(in: shape)
    var count = OperationCount()
    let begin = start.map { $0 + 1 } ?? 0
    count.addBlocks(begin..<max(begin, depth.whole), of: shape, documents: pack.lengths)
    if let part = depth.part {
      count.addPart(part, ofLayer: depth.whole, of: shape, documents: pack.lengths)
    }
    count.addVocabulary(
      readings.vocabularyPasses(places: shape.layers + 1), of: shape, documents: pack.lengths)
    for reading in readings {
      switch reading {
      case .attribution: count.addWrites(shape.layers, of: shape, rows: pack.rows)
      case .input(let neuron, _): count.addWrites(neuron.layer, of: shape, rows: 1)
      default: break
      }
    }
    return count
  }
}

/// Edited runs of a pack side by side, as many as make about a thousand rows.
struct EditedUnit: Sendable {
  let pass: Pass
  let pack: DocumentPack
  /// The range of the pass's interventions that run here.
  let runs: Range<Int>

  var interventions: ArraySlice<Intervention> { pass.interventions[runs] }
  /// The layer after whose kept stream the runs start; nil if they start at the embedding.
  func start(in shape: Architecture) -> Int? {
    pass.startsAtEmbedding(in: shape) ? nil : firstLayer
  }

  var firstLayer: Int { interventions.map(\.firstLayer).min() ?? 0 }

  /// The number of rows that the products of the unit have.
  func rows(in shape: Architecture) -> Int {
    pass.readings.contains(.paths)
      ? 2 * (PathRuns.groups(of: pack).map(\.rows).max() ?? 0) : runs.count * pack.rows
  }

  func operations(of shape: Architecture) -> OperationCount {
    let lengths = runs.flatMap { _ in pack.lengths }
    var count = OperationCount()
    if pass.readings.contains(.paths) {
      let later = firstLayer + 1..<shape.layers
      count.addBlocks(later, of: shape, documents: lengths + lengths)
      count.addWrites(later.count, of: shape, rows: pack.rows)
      count.addVocabulary(
        3 + PathRuns.components(after: firstLayer, of: shape).count, of: shape, documents: lengths)
      return count
    }
    let depth = Depth(of: pass.readings, in: shape)
    let begin = start(in: shape).map { $0 + 1 } ?? 0
    count.addBlocks(begin..<max(begin, depth.whole), of: shape, documents: lengths)
    if let part = depth.part {
      count.addPart(part, ofLayer: depth.whole, of: shape, documents: lengths)
    }
    count.addVocabulary(
      pass.readings.vocabularyPasses(places: shape.layers - firstLayer), of: shape,
      documents: lengths)
    for case .attribution in pass.readings {
      count.addWrites(shape.layers, of: shape, rows: runs.count * pack.rows)
    }
    return count
  }
}

/// Units that can run together. They are independent, except that edited units need the clean ones.
package struct Wave: Sendable {
  var clean: [CleanUnit] = []
  var edited: [EditedUnit] = []

  /// The operations of all units.
  package func operations(of shape: Architecture) -> OperationCount {
    var count = OperationCount()
    for unit in clean { count += unit.operations(of: shape) }
    for unit in edited { count += unit.operations(of: shape) }
    return count
  }

  /// The most rows and the longest document of any unit.
  func size(in shape: Architecture) -> (rows: Int, longest: Int) {
    let rows = clean.map(\.pack.rows) + edited.map { $0.rows(in: shape) }
    let lengths = clean.flatMap(\.pack.lengths) + edited.flatMap(\.pack.lengths)
    return (rows.max() ?? 0, lengths.max() ?? 0)
  }

  /// The bytes of the results in memory: numbers by token, and sums by document and neuron.
  func outcomeBytes(in shape: Architecture) -> Int {
    func bytes(_ readings: Set<Readout>, _ gathered: Int, _ pack: DocumentPack) -> Int {
      readings.reduce(4 * gathered * pack.rows) { sum, reading in
        switch reading {
        case .loss, .rank, .activation, .preActivation, .finalScale:
          sum + 4 * pack.rows + 32 * pack.documents.count
        case .moments: sum + 16 * shape.dMLP
        case .lens, .attribution, .input, .paths, .signs:
          sum + 16 * (shape.layers + 1) * (shape.heads + 2) * pack.documents.count
        case .residual, .post: sum
        }
      }
    }
    return clean.reduce(0) { $0 + bytes($1.readings, $1.gathered.count, $1.pack) }
      + edited.reduce(0) { $0 + $1.runs.count * bytes($1.pass.readings, 0, $1.pack) }
  }

  /// The bytes of the tensors that the units leave in the temporary file.
  func keptBytes(in shape: Architecture) -> Int {
    clean.reduce(0) { sum, unit in
      let columns = unit.readings.reduce(0) { columns, reading in
        switch reading {
        case .residual: columns + shape.dModel
        case .post: columns + shape.dMLP
        default: columns
        }
      }
      return sum + columns * unit.pack.rows * MemoryLayout<Float>.stride
    }
  }
}
