import LanguageModel
import LinearAlgebra

/// A short text that is run alone, clean or with the study's ablation, for its components, its logits
/// and its activations.
package struct TextRun: Sendable, Hashable {
  package let ids: [Int32]
  package let run: Run

  package init(_ ids: [Int32], _ run: Run) {
    (self.ids, self.run) = (ids, run)
  }

  /// All blocks, and the logits of the last token.
  package func operations(of shape: Architecture) -> OperationCount {
    var count = OperationCount()
    count.addBlocks(0..<shape.layers, of: shape, documents: [ids.count])
    count.addLogits(1, of: shape)
    return count
  }

  /// Bytes of what is kept of it: the logits, each component's output, and hook_post of a layer.
  func keptBytes(in shape: Architecture) -> Int {
    let logits = shape.vocabulary * (shape.logitCap == nil ? 1 : 2)
    let components = (2 * shape.layers + 2) * shape.dModel
    return MemoryLayout<Float>.stride * (logits + components + ids.count * shape.dMLP)
  }
}

/// Everything that a short text's run depends on.
struct EditedText: Sendable, Hashable {
  let ids: [Int32]
  /// The layer whose hook_post is kept.
  let layer: Int
  /// Nil for the clean run.
  let edit: NeuronEdit?
}

extension Evidence {
  /// What is told of a text that has run: the operations it has counted, and its tokens.
  package typealias TextProgress = @Sendable (_ done: OperationCount, _ tokens: Int) -> Void

  /// Runs short texts that have not run yet, on all workers.
  package func run(_ texts: Set<TextRun>, progress: TextProgress? = nil) {
    // An ablated run may take its values from the clean one.
    for run in Run.allCases {
      let list = texts.filter { $0.run == run }.map(\.ids)
      ParallelLoop.forEach(list.count, workers: engine.workers) { index in
        _ = trace(list[index], run, progress: progress)
      }
    }
  }

  /// A short text's run; equal runs are run once.
  package func trace(
    _ ids: [Int32], _ run: Run, progress: TextProgress? = nil
  ) -> Trace {
    let text = EditedText(
      ids: ids, layer: neuron.layer, edit: run == .clean ? nil : ablation(of: ids))
    if let known = engine.known(text) { return known }
    let trace = Trace(of: ids, in: model, layer: text.layer, edit: text.edit)
    let operations = TextRun(ids, run).operations(of: model.architecture)
    if engine.remember(trace, of: text, counting: operations) { progress?(operations, ids.count) }
    return trace
  }

  /// The study's ablation of a short text, at every position as the notebook has it.
  private func ablation(of ids: [Int32]) -> NeuronEdit {
    let (layer, neuron) = (neuron.layer, neuron.neuron)
    if let value { return NeuronEdit(layer: layer, neuron: neuron, value: value) }
    // The donor is the first probe document that is long enough, or the longest.
    let front = study.front
    let lengths = study.probeDocuments(of: .target).documents.map { $0.ids.count - front }
    let place =
      lengths.firstIndex { $0 >= ids.count - front }
      ?? lengths.indices.max { lengths[$0] < lengths[$1] } ?? 0
    let first = lengths[..<place].reduce(0, +)
    let donor = probe.column(neuron).target[first...].prefix(lengths.isEmpty ? 0 : lengths[place])
    var values = trace(ids, .clean).post.column(neuron)
    for (position, value) in zip(values.indices.dropFirst(front), donor) {
      values[position] = value
    }
    return NeuronEdit(layer: layer, neuron: neuron, values: values)
  }
}
