import LanguageModel
import Passes
import StudyFile

/// The passages on which each neuron of a set is strongest, of either class.
package struct SetExamples: Analysis {
  package static let id = "set_examples"
  package static let question = "On which passages is each neuron of the set strongest?"
  package static let subjects: Set<Subject> = [.set]
  package static let parts: StudyParts = []
  package static let settings: [Setting] = [
    Setting("neurons", 8, in: 1...NeuronSet.sizes.upperBound), .count("passages", 2),
  ]

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] { [Self.reading(settled.study)] }

  /// The first neurons of the set, of which passages are shown.
  private static func neurons(_ study: ResolvedStudy) -> [NeuronAddress] {
    Array(study.set.neurons.prefix(study.file.size(of: id, "neurons")))
  }

  private static func reading(_ study: ResolvedStudy) -> Pass {
    Pass(
      SetProbe.sample(study).documents,
      reading: Set(neurons(study).map { .activation($0) }))
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let study = evidence.study
    let sample = SetProbe.sample(study)
    let outcome = try evidence.outcome(of: Self.reading(study))
    let count = study.file.size(of: Self.id, "passages")
    let names = [study.file.target, CorpusReference.other.description]
    return Result(
      neurons: Self.neurons(study).map { neuron in
        let activations = outcome.tokens(.activation(neuron))
        let readings = sample.texts.enumerated().map { index, document in
          Reading(
            corpus: document.corpus, index: document.index, ids: document.ids,
            activations: activations[index][...], front: study.front)
        }
        let sides = [readings.prefix(sample.ofEither), readings.dropFirst(sample.ofEither)]
        return Result.Neuron(
          layer: neuron.layer, neuron: neuron.neuron,
          classes: zip(names, sides).map { name, side in
            let side = Array(side)
            let choice = ExampleChoice(of: side, highest: count) { $0.activation($1) }
            return Result.Class(
              name: name, documents: side.count,
              passages: choice.passages.map {
                Examples.Result.Passage(
                  $0, of: side[$0.reading], texts: study.tokenizer.texts)
              })
          })
      })
  }

  package struct Result: Codable, Sendable, Equatable {
    /// The first neurons of the set, in the study's order.
    package var neurons: [Neuron]

    package struct Neuron: Codable, Sendable, Equatable {
      package var layer: Int
      package var neuron: Int
      /// The target's passages, then the other class's.
      package var classes: [Class]

      package var address: NeuronAddress { NeuronAddress(layer: layer, neuron: neuron) }
    }

    package struct Class: Codable, Sendable, Equatable {
      package var name: String
      package var documents: Int
      /// The passages around the documents' highest activations, the strongest first.
      package var passages: [Examples.Result.Passage]
    }
  }
}
