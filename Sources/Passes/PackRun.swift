import Diagnostics
import LanguageModel
import LinearAlgebra

/// What one pack leaves behind.
struct ClassPackOutcome: Sendable {
  var activations: [[Float]]
  var loss: [Float] = []
  var editedLoss: [Float] = []
  var sums: [Int: GroupedSum] = [:]
  var editedSums: [Int: GroupedSum] = [:]
}

/// One worker: scratch, and the steps for a pack.
struct PackRun {
  let pass: ClassPass
  var forward: ForwardPass
  private var checkpoint: Matrix

  init(pass: ClassPass, forward: ForwardPass) {
    self.pass = pass
    self.forward = forward
    let kept = pass.edited == nil ? 0 : forward.residual.rows
    checkpoint = Matrix(rows: kept, columns: forward.residual.columns)
  }

  mutating func callAsFunction(_ documents: Range<Int>) throws -> ClassPackOutcome {
    let shape = forward.model.architecture
    let pack = Pack(documents.map { padded(pass.documents.documents[$0].ids, document: $0) })
    var outcome = ClassPackOutcome(activations: pass.activations.map { _ in [] })
    let masks = pass.sums.isEmpty && pass.edited == nil ? [] : masks(documents)
    let (whole, toPost) = pass.depth(of: shape)
    let start = try begin(pack, documents)
    for layer in start..<(toPost.map { $0 + 1 } ?? whole) {
      if layer == pass.resumed?.layer && isResumed(documents) {
        // Read back by `begin`.
      } else if layer < whole {
        forward.run(layer: layer)
      } else {
        forward.runToPost(layer: layer)
      }
      if layer == pass.spill?.layer { try spill(documents) }
      for (index, address) in pass.activations.enumerated() where address.layer == layer {
        outcome.activations[index] = column(address.neuron)
      }
      if pass.sums.contains(layer) { outcome.sums[layer] = sums(masks) }
      if let edited = pass.edited, edited.edit.layer == layer { keep(edited.edit) }
    }
    if pass.loss { outcome.loss = losses(documents, pack) }

    if let edited = pass.edited {
      forward.residual.elements.replaceSubrange(
        0..<pack.rows * forward.residual.columns,
        with: checkpoint.elements[0..<pack.rows * checkpoint.columns])
      for layer in edited.edit.layer + 1..<max(edited.edit.layer + 1, shape.layers) {
        forward.run(layer: layer)
        if edited.sums.contains(layer) { outcome.editedSums[layer] = sums(masks) }
      }
      if edited.loss { outcome.editedLoss = losses(documents, pack) }
    }
    try checkFinite(outcome, documents)
    return outcome
  }

  /// A document's ids, with pads behind them as far as the layout computes.
  private func padded(_ ids: [Int32], document: Int) -> [Int32] {
    ids + repeatElement(pass.documents.padding, count: pass.layout.computed[document] - ids.count)
  }

  /// Bit 0: a real token that counts; bit 1: any position but BOS.
  private func masks(_ documents: Range<Int>) -> [UInt32] {
    documents.flatMap { document in
      (0..<pass.layout.computed[document]).map { position in
        position < pass.documents.front ? 0 : position < pass.layout.real[document] ? 3 : 2
      }
    }
  }

  private func column(_ neuron: Int) -> [Float] {
    let (start, stride) = (forward.postBlock.column + neuron, forward.hidden.columns)
    return (0..<forward.pack.rows).map { forward.hidden.elements[$0 * stride + start] }
  }

  private func sums(_ masks: [UInt32]) -> GroupedSum {
    var sums = GroupedSum(groups: 2, columns: forward.model.architecture.dMLP)
    sums.add(forward.hidden, forward.postBlock, masks: masks, kernels: forward.kernels)
    return sums
  }

  private func isResumed(_ documents: Range<Int>) -> Bool {
    documents.upperBound <= pass.resumed?.documents ?? 0
  }

  /// Starts a pack, and returns the first layer to look at: the embedding's, or the one that an
  /// earlier pass has left in files.
  private mutating func begin(_ pack: Pack, _ documents: Range<Int>) throws -> Int {
    guard let resumed = pass.resumed, isResumed(documents) else {
      forward.embed(pack)
      return 0
    }
    forward.resume(pack)
    for (rows, document, row) in places(of: documents, in: resumed) {
      let (post, residual) = blocks(of: rows)
      try resumed.post?.read(into: &forward.hidden, post, document: document, first: row)
      try resumed.residual?.read(into: &forward.residual, residual, document: document, first: row)
    }
    return resumed.layer
  }

  /// Writes what the layer that ran last has left.
  private func spill(_ documents: Range<Int>) throws {
    guard let spill = pass.spill else { return }
    for (rows, document, row) in places(of: documents, in: spill) {
      let (post, residual) = blocks(of: rows)
      try spill.post?.write(forward.hidden, post, document: document, first: row)
      try spill.residual?.write(forward.residual, residual, document: document, first: row)
    }
  }

  /// Each document's rows in the pack, and where it stands in a spill.
  private func places(
    of documents: Range<Int>, in spill: ClassPass.Spill
  ) -> [(rows: Range<Int>, document: Int, row: Int)] {
    let front = pass.documents.front
    var row =
      spill.firstRow + pass.layout.real[..<documents.lowerBound].reduce(0) { $0 + $1 - front }
    return zip(documents, forward.pack.documents).map { document, rows in
      defer { row += rows.count - front }
      return (rows, spill.firstDocument + document, row)
    }
  }

  /// Where hook_post and the residual stream of some rows lie.
  private func blocks(of rows: Range<Int>) -> (post: Block, residual: Block) {
    var post = forward.postBlock
    (post.row, post.rows) = (rows.lowerBound, rows.count)
    return (
      post, Block(row: rows.lowerBound, rows: rows.count, columns: forward.residual.columns)
    )
  }

  /// The residual stream after the edited layer: setting one neuron adds a multiple of its output
  /// direction, and earlier layers are not computed again.
  private mutating func keep(_ edit: NeuronEdit) {
    let activations = column(edit.neuron)
    var change = activations.map { edit.value - $0 }
    for document in forward.pack.documents {
      for row in document.prefix(edit.from) { change[row] = 0 }
    }
    checkpoint.elements.replaceSubrange(
      0..<forward.pack.rows * checkpoint.columns,
      with: forward.residual.elements[0..<forward.pack.rows * checkpoint.columns])
    swap(&checkpoint, &forward.residual)
    forward.add(change: change, ofNeuron: edit.neuron, layer: edit.layer)
    swap(&checkpoint, &forward.residual)
  }

  private mutating func losses(_ documents: Range<Int>, _ pack: Pack) -> [Float] {
    var rows: [Int32] = []
    var targets: [Int32] = []
    for (document, range) in zip(documents, pack.documents) {
      for position in 0..<max(0, pass.layout.batched[document] - 1) {
        rows.append(Int32(range.lowerBound + position))
        // A pad predicted past the computed rows is a pad, as within them.
        let next = position + 1
        targets.append(
          next < range.count ? pack.ids[range.lowerBound + next] : pass.documents.padding)
      }
    }
    return forward.losses(rows: rows, targets: targets)
  }

  private func checkFinite(_ outcome: ClassPackOutcome, _ documents: Range<Int>) throws {
    let columns = outcome.activations + [outcome.loss, outcome.editedLoss]
    guard columns.contains(where: { $0.contains { !$0.isFinite } }) else { return }
    throw firstNonFinite(documents)
  }

  /// Finds which document and layer went wrong, one document at a time.
  private func firstNonFinite(_ documents: Range<Int>) -> Diagnostic {
    var place = "the logits"
    var name = pass.documents.name
    search: for document in documents {
      let tokenized = pass.documents.documents[document]
      var forward = ForwardPass(
        model: forward.model, rows: tokenized.ids.count, longest: tokenized.ids.count)
      forward.embed(Pack([tokenized.ids]))
      for layer in 0..<forward.model.architecture.layers {
        forward.run(layer: layer)
        if forward.residual.elements.contains(where: { !$0.isFinite }) {
          place = "layer \(layer)"
          name = "\(tokenized.corpus), document \(tokenized.index)"
          break search
        }
      }
    }
    return Diagnostic(
      .data, file: name, field: place, expected: "finite activations", found: "NaN or infinity",
      advice: "The model overflows on this text; check the checkpoint.")
  }
}
