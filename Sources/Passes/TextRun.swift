import LanguageModel
import LinearAlgebra

/// A short text that is run alone, clean or with the study's ablation, and whose components, logits and
/// activations are looked at.
package struct TextRun: Sendable, Hashable {
  package let ids: [Int32]
  package let run: Run

  package init(_ ids: [Int32], _ run: Run) {
    (self.ids, self.run) = (ids, run)
  }

  /// All blocks, and the logits of the last token.
  package func operations(of shape: Architecture) -> OperationCount {
    var count = OperationCount()
    count.addBlocks(shape.layers, of: shape, documents: [ids.count])
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

extension Engine {
  /// Runs a short text; equal runs are run once.
  ///
  /// - Parameter layer: the layer whose hook_post is kept.
  func trace(_ text: TextRun, layer: Int, edit: NeuronEdit?) -> Trace {
    if let known = known(text) { return known }
    let trace = Trace(of: text.ids, in: model, layer: layer, edit: edit)
    remember(trace, of: text)
    return trace
  }
}

extension Evidence {
  /// Runs short texts that have not run yet, on all workers.
  ///
  /// - Parameter progress: is told what each text has counted, and its tokens.
  package func run(
    _ texts: Set<TextRun>,
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in }
  ) {
    // An ablated run may take its values from the clean one.
    for run in Run.allCases {
      let unread = texts.filter { $0.run == run && engine.known($0) == nil }
      let list = Array(unread)
      ParallelLoop.forEach(list.count, workers: engine.workers) { index in
        _ = trace(list[index].ids, run)
        progress(list[index].operations(of: model.architecture), list[index].ids.count)
      }
    }
  }

  /// A short text's run.
  package func trace(_ ids: [Int32], _ run: Run) -> Trace {
    engine.trace(
      TextRun(ids, run), layer: neuron.layer, edit: run == .clean ? nil : ablation(of: ids))
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
