import LanguageModel
import Passes
import StudyFile
import Testing

/// The readout by which misses are ranked, against hook_pre of TransformerLens
/// (`Tests/reference/evidence_patching.py`).
struct PreActivationTests {
  /// A sum of 64 products of the float32 residual stream, divided by the norm's scale: rounding of
  /// numbers up to 10 stays below 5e-5.
  private static let tolerance = 5e-5

  @Test(arguments: [
    NeuronAddress(layer: 0, neuron: 7), NeuronAddress(layer: 3, neuron: 436),
    NeuronAddress(layer: 5, neuron: 511),
  ])
  func everyTokenEqualsTransformerLens(neuron: NeuronAddress) throws {
    let golden = try PatchingGolden()
    let documents = Array(golden.sample.documents.prefix(4))
    let found = try golden.evidence.outcome(
      of: Pass(DocumentSet(documents.map(\.ids)), reading: [.preActivation(of: neuron)])
    ).tokens(.preActivation(of: neuron))
    let expected = golden.expected["pre"]?[neuron.description]?.array?.map(\.doubles) ?? []
    #expect(found.map(\.count) == documents.map(\.ids.count))
    #expect(found.map(\.count) == expected.map(\.count))
    for (own, reference) in zip(found.joined(), expected.joined()) {
      #expect(abs(Double(own) - reference) < Self.tolerance, "\(own) for \(reference)")
    }
  }
}
