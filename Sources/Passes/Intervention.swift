import LanguageModel
import LinearAlgebra
import StudyFile

/// What a run of the model changes: hook_post of one or several neurons is set to a value from a
/// position on.
package struct Intervention: Sendable, Hashable {
  /// One neuron and what it becomes.
  package struct Part: Sendable, Hashable {
    package let neuron: NeuronAddress
    package let value: Value
    /// Along which direction the residual stream moves instead of the neuron's own, as far at every
    /// token; the neuron's activation then stays.
    package let along: RandomDirection?

    package init(
      _ neuron: NeuronAddress, to value: Value, along direction: RandomDirection? = nil
    ) {
      self.neuron = neuron
      self.value = value
      along = direction
    }
  }

  package indirect enum Value: Sendable, Hashable {
    case number(Float)
    /// The neuron's mean over the tokens of some documents, without the first of each.
    case mean(over: DocumentSet)
    /// The neuron's activations at the same position of another document.
    case resampled(Resampling.Source)
    /// On the way to a value, so far that the root mean square over each document's tokens of the
    /// residual stream's shift is that of another edit.
    case scaled(to: Value, size: EditSize)
  }

  /// The size of setting a neuron to a value.
  package struct EditSize: Sendable, Hashable {
    package let neuron: NeuronAddress
    package let value: Value

    package init(of neuron: NeuronAddress, to value: Value) {
      self.neuron = neuron
      self.value = value
    }
  }

  package let parts: [Part]
  /// The first position that is changed; 0 changes what stands at a text's beginning, too.
  package let from: Int

  /// - Parameter parts: at least one.
  package init(_ parts: [Part], from: Int) {
    precondition(!parts.isEmpty, "an intervention on no neuron")
    self.parts = parts
    self.from = from
  }

  package init(_ neuron: NeuronAddress, to value: Value, from: Int) {
    self.init([Part(neuron, to: value)], from: from)
  }

  /// The layer after which the edited run leaves the clean one.
  package var firstLayer: Int { parts.map(\.neuron.layer).min() ?? 0 }

  /// Everything that it depends on, for the key of a pass.
  var content: String {
    "from \(from): "
      + parts.map { part in
        "\(part.neuron) \(part.value.content)"
          + (part.along.map { " along \($0.index) of seed \($0.seed)" } ?? "")
      }.joined(separator: ", ")
  }
}

extension Intervention.Value {
  var content: String {
    switch self {
    case .number(let value): "number \(value.bitPattern)"
    case .mean(let documents): "mean \(documents.digest)"
    case .resampled(let source):
      "resampled \(source.donors.digest) \(source.isAmongDonors) \(source.seed)"
    case .scaled(let value, let size):
      "scaled \(value.content) as \(size.neuron) to \(size.value.content)"
    }
  }
}

/// An intervention with its numbers known, on the documents of one pack.
struct ResolvedIntervention: Sendable {
  struct Part: Sendable {
    let neuron: NeuronAddress
    let values: Values
    /// What the residual stream moves along instead of what the neuron writes, as long as that.
    let along: [Float]?

    /// `[d_model]`
    func direction(in model: Transformer) -> [Float] {
      along ?? model.outputDirection(layer: neuron.layer, neuron: neuron.neuron)
    }
  }

  enum Values: Sendable {
    case constant(Float)
    /// By document and position.
    case tokens([[Float]])

    subscript(document: Int, position: Int) -> Float {
      switch self {
      case .constant(let value): value
      case .tokens(let values): values[document][position]
      }
    }
  }

  let parts: [Part]
  let from: Int

  /// How far it moves a neuron at each row of some documents: the one place that says what becomes
  /// of an activation.
  ///
  /// - Parameters:
  ///   - documents: their places in the pack and their lengths
  ///   - activations: the neuron's, document after document
  func change(
    _ part: Part, documents: [(place: Int, length: Int)], activations: [Float]
  ) -> [Float] {
    var change = [Float](repeating: 0, count: activations.count)
    var first = 0
    for (document, length) in documents {
      for position in min(from, length)..<length {
        change[first + position] =
          part.values[document, position] - activations[first + position]
      }
      first += length
    }
    return change
  }
}

/// What an edit of one neuron adds to the residual stream: at each row, a multiple of the direction
/// that the neuron writes.
package struct StreamMove: Sendable {
  let change: [Float]
  /// `[d_model]`
  let direction: [Float]

  package init(change: [Float], direction: [Float]) {
    (self.change, self.direction) = (change, direction)
  }

  package func apply(to residual: inout Matrix, at row: Int, kernels: Kernels) {
    kernels.addOuter(&residual, row: row, factor: change, direction: direction)
  }
}
