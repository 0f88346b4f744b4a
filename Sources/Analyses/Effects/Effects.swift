import Diagnostics
import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile
import Synchronization

/// How the neuron reaches the loss: straight through the residual stream, or through what later
/// heads and MLPs make of it (path patching, Wang et al. 2022).
package struct Effects: Analysis {
  package static let id = "effects"
  package static let parts: StudyParts = []

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func run(_ evidence: Evidence) throws -> Result {
    let sample = sample(evidence.study)
    let model = evidence.model
    let components = PathPatching.components(
      after: evidence.neuron.layer, of: model.architecture)
    let edit = NeuronEdit(
      layer: evidence.neuron.layer, neuron: evidence.neuron.neuron, value: evidence.value, from: 1)
    let documents = sample.documents.map(\.ids)
    let collected = Mutex<[DocumentLosses]>([])
    try ParallelLoop.ordered(
      documents.count, scratch: {},
      compute: { index, _ in
        var paths = PathPatching(of: documents[index], edit: edit, in: model)
        return try DocumentLosses(&paths, components)
      },
      merge: { _, losses in collected.withLock { $0.append(losses) } })
    return Result(
      evidence.neuron, value: Double(evidence.value), sample: sample.size,
      components: components, documents: collected.withLock { $0 },
      bootstrap: evidence.study.file.bootstrap(of: Self.id))
  }

  private func sample(_ study: ResolvedStudy) -> DocumentSample {
    DocumentSample(of: .target, in: study, tokens: study.file.size(of: Self.id, "tokens"))
  }

  package func operations(_ study: ResolvedStudy) -> OperationCount {
    let (shape, lengths) = (study.architecture, sample(study).lengths)
    let later = study.laterLayers.count
    var count = OperationCount.runs(
      1, layers: shape.layers + later, losses: false, of: shape, documents: lengths)
    // Runs that only write what they are told: clean, total, direct, indirect and each component.
    let runs = 4 + PathPatching.components(after: study.layer, of: shape).count
    count.addWrites(runs * later, of: shape, documents: lengths)
    count += .runs(runs, layers: 0, losses: true, of: shape, documents: lengths)
    return count
  }

  /// Sums of one document's losses over its tokens, in nats.
  struct DocumentLosses: Sendable {
    let tokens: Double
    let clean: Double
    let total: Double
    let direct: Double
    let indirect: Double
    let components: [Double]

    init(_ paths: inout PathPatching, _ components: [PathPatching.Component]) throws {
      func sum(_ losses: [Float]) -> Double { losses.reduce(0) { $0 + Double($1) } }
      let clean = paths.losses(neuron: .clean, later: .clean)
      tokens = Double(clean.count)
      self.clean = sum(clean)
      total = sum(paths.losses(neuron: .ablated, later: .ablated))
      direct = sum(paths.losses(neuron: .ablated, later: .clean))
      indirect = sum(paths.losses(neuron: .clean, later: .ablated))
      var parts: [Double] = []
      for component in components {
        parts.append(sum(paths.losses(neuron: .clean, later: .ablatedIn(component))))
      }
      self.components = parts
      guard ([self.clean, total, direct, indirect] + parts).allSatisfy(\.isFinite) else {
        throw Diagnostic(
          .data, file: "the model", field: "the logits", expected: "finite losses",
          found: "NaN or infinity",
          advice: "The model overflows on a document of the study; check the checkpoint.")
      }
    }
  }

  package struct Result: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    package var value: Double
    package var sample: DocumentSample.Size
    /// Nats per token.
    package var clean: Double
    /// Changes of the loss, nats per token: the neuron ablated and the model left to run.
    package var total: Measured
    /// The neuron ablated, later outputs held clean.
    package var direct: Measured
    /// The neuron clean, later outputs those of the ablated run.
    package var indirect: Measured
    /// total − direct − indirect: what the final norm and the softmax make of both at once.
    package var remainder: Measured
    /// The neuron clean, and one later output that of the ablated run.
    package var components: [Part]

    init(
      _ neuron: NeuronAddress, value: Double, sample: DocumentSample.Size,
      components: [PathPatching.Component], documents: [DocumentLosses], bootstrap: Bootstrap
    ) {
      let tokens = documents.map(\.tokens)
      func measured(_ change: (DocumentLosses) -> Double) -> Measured {
        Measured(numerators: documents.map(change), denominators: tokens, bootstrap: bootstrap)
      }
      layer = neuron.layer
      self.neuron = neuron.neuron
      self.value = value
      self.sample = sample
      clean = documents.reduce(0) { $0 + $1.clean } / max(1, tokens.reduce(0, +))
      total = measured { $0.total - $0.clean }
      direct = measured { $0.direct - $0.clean }
      indirect = measured { $0.indirect - $0.clean }
      remainder = measured { $0.total - $0.direct - $0.indirect + $0.clean }
      self.components = components.enumerated().map { index, component in
        Part(component, measured { $0.components[index] - $0.clean })
      }
    }
  }

  /// One later head or MLP.
  package struct Part: Codable, Sendable, Equatable {
    package var label: String
    package var layer: Int
    /// Absent for an MLP.
    package var head: Int?
    package var effect: Measured

    init(_ component: PathPatching.Component, _ effect: Measured) {
      label = component.label
      layer = component.layer
      head = component.head
      self.effect = effect
    }
  }
}
