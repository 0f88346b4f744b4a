import LanguageModel
import StudyFile
import Synchronization

/// A document, and the neurons whose activations at each of its tokens are wanted.
package struct NeuronReadings: Sendable {
  package let ids: [Int32]
  package let neurons: [NeuronAddress]

  package init(_ ids: [Int32], _ neurons: [NeuronAddress]) {
    (self.ids, self.neurons) = (ids, neurons)
  }
}

extension Engine {
  /// Reads some neurons of each document: for each document, each neuron's activations by position.
  /// Nothing else is kept.
  ///
  /// - Parameter share: the share of the packs that are run; the found documents are theirs
  /// - Throws: `Diagnostic`.
  package func activations(
    _ readings: [NeuronReadings], front: Int, share: WorkShare = WorkShare(0, of: 1),
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in }
  ) throws -> [[[Float]]] {
    let documents = DocumentSet(readings.map(\.ids), front: front)
    let found = Mutex<[[[Float]]]>([])
    try compute(
      Array(documents.packs[share.range(of: documents.packs.count)]), rows: documents.size.rows,
      longest: documents.size.longest,
      progress: progress, pack: { $0 },
      body: { pack, worker in
        worker.activations(
          of: pack, readings[pack.first..<pack.first + pack.documents.count].map(\.neurons))
      },
      merge: { _, part in found.withLock { $0 += part } })
    return found.withLock { $0 }
  }

  /// The operations of `activations`.
  package static func operations(
    of readings: [NeuronReadings], front: Int, in shape: Architecture
  ) -> OperationCount {
    var count = OperationCount()
    for pack in DocumentSet(readings.map(\.ids), front: front).packs {
      let neurons = readings[pack.first..<pack.first + pack.documents.count].flatMap(\.neurons)
      guard let last = neurons.map(\.layer).max() else { continue }
      count.addBlocks(0..<last, of: shape, documents: pack.lengths)
      count.addPart(.post, ofLayer: last, of: shape, documents: pack.lengths)
    }
    return count
  }
}

extension PackWorker {
  /// Activations by document, neuron and position.
  fileprivate mutating func activations(
    of pack: DocumentPack, _ neurons: [[NeuronAddress]]
  ) -> [[[Float]]] {
    var found = zip(pack.lengths, neurons).map { length, neurons in
      neurons.map { _ in [Float](repeating: 0, count: length) }
    }
    guard let last = neurons.joined().map(\.layer).max() else { return found }
    run(pack, upTo: last) { layer, worker in
      let (column, width) = (worker.forward.postBlock.column, worker.forward.hidden.columns)
      var first = 0
      for (document, length) in pack.lengths.enumerated() {
        for (place, neuron) in neurons[document].enumerated() where neuron.layer == layer {
          for position in 0..<length {
            found[document][place][position] =
              worker.forward.hidden.elements[(first + position) * width + column + neuron.neuron]
          }
        }
        first += length
      }
    }
    return found
  }
}
