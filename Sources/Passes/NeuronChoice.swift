import Corpora

/// How `neuron: best` was decided: by Matthews' correlation on tokens of documents that no
/// threshold was fitted on, among neurons that are higher on the target.
package struct NeuronChoice: Sendable, Codable, Equatable {
  /// A neuron, and the number of splits in which it alone would have been chosen.
  package struct Winner: Sendable, Codable, Equatable {
    package var layer: Int
    package var neuron: Int
    package var splits: Int

    package init(layer: Int, neuron: Int, splits: Int) {
      self.layer = layer
      self.neuron = neuron
      self.splits = splits
    }
  }

  package var layer: Int
  package var neuron: Int
  /// Matthews' correlation over the held-out judgements of all splits together.
  package var mcc: Double
  package var splits: Int
  /// The neurons that single splits would have chosen, the most frequent first.
  package var winners: [Winner]
  /// Neurons that were searched: those that are higher on the target.
  package var searched: Int
  /// Others of them with exactly its MCC, after it by layer and index; absent in findings of
  /// earlier versions.
  package var tied: Int?
  /// Choosing documents of each class.
  package var documents: ClassPair<Int>

  package init(
    layer: Int, neuron: Int, mcc: Double, splits: Int, winners: [Winner], searched: Int,
    tied: Int? = nil, documents: ClassPair<Int>
  ) {
    self.layer = layer
    self.neuron = neuron
    self.mcc = mcc
    self.splits = splits
    self.winners = winners
    self.searched = searched
    self.tied = tied
    self.documents = documents
  }
}
