import Corpora
import LanguageModel
import LinearAlgebra
import Storage
import StudyFile

/// One passage of a class through the model: every need of every analysis in the same run.
///
/// Whatever of it can change the outcome stands in `content`.
package struct ClassPass {
  /// A run with one neuron set, which starts from the clean residual stream after its layer.
  package struct Edited {
    let edit: NeuronEdit
    var loss = false
    /// Layers whose hook_post is summed.
    var sums: Set<Int> = []

    package init(edit: NeuronEdit, loss: Bool = false, sums: Set<Int> = []) {
      self.edit = edit
      self.loss = loss
      self.sums = sums
    }
  }

  let documents: TokenizedClass
  let layout: ClassLayout
  /// Neurons whose activations are kept: layer and index.
  var activations: [NeuronAddress] = []
  package var loss = false
  var sums: Set<Int> = []
  package var edited: Edited?
  /// No pack holds documents of both sides of this one.
  var apart = 0
  /// What is written of a layer, so that the same documents need not pass it again.
  var spill: Spill?
  /// What an earlier pass has written of the first documents of this class.
  var resumed: Spill?

  /// A layer's activations, and the residual stream after it, of some documents in files.
  struct Spill {
    let layer: Int
    /// hook_post.
    var post: ActivationSpill?
    /// hook_resid_post; nil where nobody asks for anything later.
    var residual: ActivationSpill?
    /// Whether the residual stream is wanted.
    var isWhole: Bool
    /// How many documents, and where the first of them stands in the files.
    let documents: Int
    let firstDocument: Int
    let firstRow: Int
  }

  package struct Outcome: Codable, Sendable {
    var activations: [Column]
    package var loss: Column?
    package var editedLoss: Column?
    var sums: [Int: TokenSums]
    var editedSums: [Int: TokenSums]
  }

  package init(documents: TokenizedClass, layout: ClassLayout) {
    self.documents = documents
    self.layout = layout
  }

  /// What the outcome follows from, besides the model; a spill changes only the way there.
  var content: [String] {
    let ids = documents.documents.flatMap(\.ids)
    let edit = edited.map { edited in
      "\(edited.edit.layer) \(edited.edit.neuron) \(edited.edit.value.bitPattern) "
        + "\(edited.edit.from) \(edited.loss) \(edited.sums.sorted())"
    }
    return [
      Checksum.sha256(of: ids), "\(layout.real)", "\(layout.batched)", "\(layout.computed)",
      "\(apart)", activations.map(\.description).joined(separator: " "), "\(loss)",
      "\(sums.sorted())", edit ?? "",
    ]
  }

  /// Layers of the clean run that are computed whole, and one more to its activations if wanted.
  func depth(of shape: Architecture) -> (whole: Int, toPost: Int?) {
    if needsLogits { return (shape.layers, nil) }
    if let spill, spill.isWhole { return (spill.layer + 1, nil) }
    return (deepest ?? 0, deepest)
  }

  /// Whether anything after the last layer tapped is wanted.
  var needsLogits: Bool { loss || edited.map { $0.loss || !$0.sums.isEmpty } ?? false }

  /// Whether a pass may start from the files of a layer: nothing before it is wanted, and the files
  /// hold all the rows that are computed.
  func canResume(after layer: Int) -> Bool {
    layout.computed == layout.real && !activations.contains { $0.layer < layer }
      && !sums.contains { $0 < layer } && edited.map { $0.edit.layer >= layer } ?? true
  }

  /// The deepest layer whose activations are wanted of the clean run.
  private var deepest: Int? {
    (activations.map(\.layer) + Array(sums) + (spill.map { [$0.layer] } ?? [])).max()
  }

  /// What the pass computes.
  package func operations(of shape: Architecture) -> OperationCount {
    var count = OperationCount()
    let (whole, toPost) = depth(of: shape)
    let losses = layout.lossOffsets.last ?? 0
    let resumedDocuments = resumed?.documents ?? 0
    let fresh = Array(layout.computed.dropFirst(resumedDocuments))
    count.addBlocks(whole, of: shape, documents: fresh)
    if let resumed {
      count.addBlocks(
        max(0, whole - resumed.layer - 1), of: shape,
        documents: Array(layout.computed.prefix(resumedDocuments)))
    }
    if toPost != nil { count.addMLPIn(1, of: shape, rows: Double(fresh.reduce(0, +))) }
    if loss { count.addLogits(losses, of: shape) }
    if let edited {
      count.addBlocks(
        shape.layers - edited.edit.layer - 1, of: shape, documents: layout.computed)
      if edited.loss { count.addLogits(losses, of: shape) }
    }
    return count
  }

  /// Runs the class.
  ///
  /// - Throws: `Diagnostic` of kind `.data` where an activation is not finite.
  package func run(
    in model: Transformer, workers: Int, progress: @Sendable (_ rows: Int) -> Void = { _ in }
  ) throws -> Outcome {
    let packs = layout.packs(rows: Self.packRows, apart: apart)
    let rows = packs.map { layout.computed[$0].reduce(0, +) }.max() ?? 0
    let longest = layout.computed.max() ?? 0
    let collected = Collected(pass: self, dMLP: model.architecture.dMLP)
    try ParallelLoop.ordered(
      packs.count, workers: workers,
      scratch: {
        PackRun(
          pass: self, forward: ForwardPass(model: model, rows: rows, longest: longest))
      },
      compute: { index, run in
        let outcome = try run(packs[index])
        progress(layout.computed[packs[index]].reduce(0, +))
        return outcome
      },
      merge: { _, outcome in collected.append(outcome) })
    return collected.outcome(layout)
  }

  /// Rows of a pack: enough for products to run at full speed, little enough to stay near the
  /// cache.
  static let packRows = 1024
}

/// Columns and sums of a class, as packs come in; only touched under the loop's lock.
private final class Collected: @unchecked Sendable {
  private let pass: ClassPass
  private var activations: [[Float]]
  private var loss: [Float] = []
  private var editedLoss: [Float] = []
  private var sums: [Int: TokenSums] = [:]
  private var editedSums: [Int: TokenSums] = [:]
  private let dMLP: Int

  init(pass: ClassPass, dMLP: Int) {
    self.pass = pass
    self.dMLP = dMLP
    activations = pass.activations.map { _ in [] }
  }

  func append(_ outcome: ClassPackOutcome) {
    for index in activations.indices { activations[index] += outcome.activations[index] }
    loss += outcome.loss
    editedLoss += outcome.editedLoss
    for (layer, added) in outcome.sums { sums[layer, default: TokenSums(dMLP: dMLP)].add(added) }
    for (layer, added) in outcome.editedSums {
      editedSums[layer, default: TokenSums(dMLP: dMLP)].add(added)
    }
  }

  func outcome(_ layout: ClassLayout) -> ClassPass.Outcome {
    let (rows, losses) = (layout.computedOffsets, layout.lossOffsets)
    return ClassPass.Outcome(
      activations: activations.map { Column(values: $0, offsets: rows) },
      loss: pass.loss ? Column(values: loss, offsets: losses) : nil,
      editedLoss: pass.edited?.loss == true ? Column(values: editedLoss, offsets: losses) : nil,
      sums: sums, editedSums: editedSums)
  }
}
