import LanguageModel
import LinearAlgebra
import StudyFile

/// An edit of the model: from one position on, hook_post of one or several neurons is set to a
/// value.
package struct Intervention: Sendable, Hashable {
  /// One neuron and the value it is set to.
  package struct Part: Sendable, Hashable {
    package let neuron: NeuronAddress
    package let value: Value
    /// A direction along which the residual stream moves instead of the neuron's own, as far at
    /// every token as the edit would have moved it. The neuron's activation then stays as it is.
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
    /// The neuron's mean over the tokens of some documents, without the `front` tokens of each.
    case mean(over: DocumentSet)
    /// The neuron's activations at the same position of another document.
    case resampled(Resampling.Source)
    /// A point on the line from the neuron's activation to `to`. It is chosen so that the root mean
    /// square of the residual stream's shift over each document's tokens equals that of the edit
    /// `size`.
    case scaled(to: Value, size: EditSize)
  }

  /// The edit whose size another edit is scaled to: setting a neuron to a value.
  package struct EditSize: Sendable, Hashable {
    package let neuron: NeuronAddress
    package let value: Value

    package init(of neuron: NeuronAddress, to value: Value) {
      self.neuron = neuron
      self.value = value
    }
  }

  package let parts: [Part]
  /// The first position that is changed; 0 changes BOS too.
  package let from: Int

  /// - Parameter parts: the neurons to set; at least one.
  package init(_ parts: [Part], from: Int) {
    precondition(!parts.isEmpty, "an intervention on no neuron")
    self.parts = parts
    self.from = from
  }

  /// Sets one neuron to a value from a position on.
  package init(_ neuron: NeuronAddress, to value: Value, from: Int) {
    self.init([Part(neuron, to: value)], from: from)
  }

  /// The first edited layer; the edited run equals the clean one before its MLP writes.
  package var firstLayer: Int { parts.map(\.neuron.layer).min() ?? 0 }

  /// A text of everything the intervention depends on, for the key of a pass.
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

/// An intervention with its values computed, for the documents of one pack.
struct ResolvedIntervention: Sendable {
  struct Part: Sendable {
    let neuron: NeuronAddress
    let values: Values
    /// A vector the residual stream moves along instead of the neuron's output direction, of the
    /// same length; nil moves the neuron itself.
    let along: [Float]?

    /// The vector that is added to the residual stream per unit of change, `[d_model]`.
    func direction(in model: Transformer) -> [Float] {
      along ?? model.outputDirection(layer: neuron.layer, neuron: neuron.neuron)
    }
  }

  enum Values: Sendable {
    case constant(Float)
    /// Values by document and position.
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

  /// How far the intervention moves a neuron at each row of some documents. No other code decides
  /// what becomes of an activation.
  ///
  /// - Parameters:
  ///   - documents: their indices in the pack and their lengths
  ///   - activations: the neuron's activations, document after document
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
  /// The neuron's output direction, `[d_model]`.
  let direction: [Float]

  package init(change: [Float], direction: [Float]) {
    (self.change, self.direction) = (change, direction)
  }

  /// Adds the move to the rows of the residual stream from `row` on.
  package func apply(to residual: inout Matrix, at row: Int, kernels: Kernels) {
    kernels.addOuter(&residual, row: row, factor: change, direction: direction)
  }
}
