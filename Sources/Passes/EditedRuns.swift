import Diagnostics
import LanguageModel
import LinearAlgebra
import Synchronization

/// Many edits of one layer's neurons on the same documents.
///
/// The clean run goes once per pack and its residual stream after the layer is kept; every edited
/// run starts there, since setting a neuron adds a multiple of the direction that it writes. BOS
/// is never edited.
package struct EditedRuns: Sendable {
  /// One neuron's activations and what they become.
  package struct Edit: Sendable {
    package enum Value: Sendable {
      case constant(Float)
      /// By document and position, as many as the document has tokens.
      case tokens([[Float]])
    }

    package let neuron: Int
    package let value: Value

    package init(neuron: Int, _ value: Value) {
      self.neuron = neuron
      self.value = value
    }
  }

  package let model: Transformer
  package let layer: Int
  package let documents: [[Int32]]
  /// The clean loss of each document's tokens after BOS, in nats.
  package let clean: [[Float]]
  private let packs: [CleanPack]

  /// Runs the documents clean.
  ///
  /// - Throws: `Diagnostic` of kind `.data` where a loss is not finite.
  package init(
    of documents: [[Int32]], after layer: Int, in model: Transformer,
    workers: Int = ParallelLoop.cores
  ) throws {
    self.model = model
    self.layer = layer
    self.documents = documents
    let ranges = Self.packs(documents)
    let packed = ranges.map { Pack(Array(documents[$0])) }
    let collected = Mutex<[(CleanPack, [[Float]])]>([])
    try ParallelLoop.ordered(
      packed.count, workers: workers, scratch: { Self.scratch(packed, model) },
      compute: { index, forward in
        let pack = packed[index]
        forward.embed(pack)
        for layer in 0...layer { forward.run(layer: layer) }
        let clean = CleanPack(
          first: ranges[index].lowerBound, pack: pack,
          residual: Array(forward.residual.elements[..<(pack.rows * forward.residual.columns)]),
          post: forward.hidden.rows(pack.rows, columns: forward.postBlock))
        for layer in layer + 1..<max(layer + 1, model.architecture.layers) {
          forward.run(layer: layer)
        }
        return (clean, try Self.losses(&forward))
      },
      merge: { _, result in collected.withLock { $0.append(result) } })
    let results = collected.withLock { $0 }
    packs = results.map(\.0)
    clean = results.flatMap(\.1)
  }

  package init(_ sample: DocumentSample, after layer: Int, in model: Transformer) throws {
    try self.init(of: sample.documents.map(\.ids), after: layer, in: model)
  }

  /// hook_post of a neuron of the layer, clean, by document and position.
  package func activations(of neuron: Int) -> [[Float]] {
    packs.flatMap { clean in
      clean.pack.documents.map { rows in rows.map { clean.post[$0, neuron] } }
    }
  }

  /// Mean and mean square of each of the layer's neurons over the tokens after BOS, clean.
  package var moments: (mean: [Double], square: [Double]) {
    let count = model.architecture.dMLP
    let zero = Array(repeating: 0.0, count: count)
    var sums = (mean: zero, square: zero)
    var tokens = 0
    for clean in packs {
      for row in clean.pack.documents.flatMap({ $0.dropFirst() }) {
        tokens += 1
        for neuron in 0..<count {
          let value = Double(clean.post.elements[row * count + neuron])
          sums.mean[neuron] += value
          sums.square[neuron] += value * value
        }
      }
    }
    let total = Double(max(1, tokens))
    return (sums.mean.map { $0 / total }, sums.square.map { $0 / total })
  }

  /// The losses under each edit: `[edit][document][token after BOS]`.
  ///
  /// - Throws: `Diagnostic` of kind `.data` where a loss is not finite.
  package func losses(
    of edits: [Edit], workers: Int = ParallelLoop.cores
  ) throws -> [[[Float]]] {
    try forEachRun(edits, workers: workers) { forward, _ in
      for layer in layer + 1..<max(layer + 1, model.architecture.layers) {
        forward.run(layer: layer)
      }
      return try Self.losses(&forward)
    }.map { $0.flatMap(\.self) }
  }

  /// Starts a run for each edit and pack from the edited residual stream after the layer.
  ///
  /// - Returns: by edit, what `body` makes of each pack, in order.
  package func forEachRun<Outcome: Sendable>(
    _ edits: [Edit], workers: Int = ParallelLoop.cores,
    _ body: @Sendable (_ forward: inout ForwardPass, _ first: Int) throws -> Outcome
  ) throws -> [[Outcome]] {
    let collected = Mutex<[[Outcome]]>(edits.map { _ in [] })
    try ParallelLoop.ordered(
      packs.count * edits.count, workers: workers,
      scratch: { Self.scratch(packs.map(\.pack), model) },
      compute: { index, forward in
        let clean = packs[index / edits.count]
        forward.embed(clean.pack)
        forward.residual.elements.replaceSubrange(
          0..<clean.residual.count, with: clean.residual)
        let edit = edits[index % edits.count]
        forward.kernels.addOuter(
          &forward.residual, factor: clean.change(edit),
          direction: model.outputDirection(layer: layer, neuron: edit.neuron))
        return try body(&forward, clean.first)
      },
      merge: { index, outcome in
        collected.withLock { $0[index % edits.count].append(outcome) }
      })
    return collected.withLock { $0 }
  }

  private static func scratch(_ packs: [Pack], _ model: Transformer) -> ForwardPass {
    ForwardPass(
      model: model, rows: packs.map(\.rows).max() ?? 0,
      longest: packs.flatMap { $0.documents.map(\.count) }.max() ?? 0)
  }

  /// Documents put together so that a pack has about as many rows as in the sweep.
  package static func packs(_ documents: [[Int32]]) -> [Range<Int>] {
    var packs: [Range<Int>] = []
    var (start, filled) = (0, 0)
    for (index, ids) in documents.enumerated() {
      if filled > 0, filled + ids.count > ClassPass.packRows {
        packs.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += ids.count
    }
    if start < documents.count { packs.append(start..<documents.count) }
    return packs
  }

  /// Losses of the pack that is in the pass, document by document.
  package static func losses(_ forward: inout ForwardPass) throws -> [[Float]] {
    let pack = forward.pack
    let rows = pack.documents.flatMap { $0.dropLast().map { Int32($0) } }
    let losses = forward.losses(rows: rows, targets: rows.map { pack.ids[Int($0) + 1] })
    guard losses.allSatisfy(\.isFinite) else {
      throw Diagnostic(
        .data, file: "the model", field: "the logits", expected: "finite losses",
        found: "NaN or infinity",
        advice: "The model overflows on a document of the study; check the checkpoint.")
    }
    var start = 0
    return pack.documents.map { document in
      defer { start += document.count - 1 }
      return Array(losses[start..<start + document.count - 1])
    }
  }
}

/// The clean run of a pack up to the edited layer.
private struct CleanPack: Sendable {
  /// The pack's first document.
  let first: Int
  let pack: Pack
  /// hook_resid_post of the layer, row after row.
  let residual: [Float]
  /// hook_post `[rows, d_mlp]`
  let post: Matrix

  /// How far an edit moves its neuron, by row; BOS stays.
  func change(_ edit: EditedRuns.Edit) -> [Float] {
    var change = Array(repeating: Float(0), count: pack.rows)
    for (index, rows) in pack.documents.enumerated() {
      for row in rows.dropFirst() {
        let value =
          switch edit.value {
          case .constant(let value): value
          case .tokens(let values): values[first + index][row - rows.lowerBound]
          }
        change[row] = value - post[row, edit.neuron]
      }
    }
    return change
  }
}

extension Matrix {
  /// The first rows of a block's columns, as a copy.
  package func rows(_ count: Int, columns block: Block) -> Matrix {
    var elements: [Float] = []
    elements.reserveCapacity(count * block.columns)
    for row in 0..<count {
      let start = row * columns + block.column
      elements += self.elements[start..<start + block.columns]
    }
    return Matrix(rows: count, columns: block.columns, elements: elements)
  }
}
