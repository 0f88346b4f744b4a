import Foundation
import LanguageModel
import Passes
import StudyFile
import Testing

/// The engine on the demo model, against runs driven by hand and against its own plan.
struct EngineTests {
  private static let model = Result {
    let study = try ResolvedStudy(try BuiltInStudy.named("demo")!, environment: [:])
    return try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
  }

  private static func engine(workers: Int = 2) throws -> Engine {
    Engine(
      running: try model.get(), workers: workers, temporaryFolder: NSTemporaryDirectory())
  }

  /// Documents of made-up tokens; 0 stands at the beginning of each.
  private static func documents(_ lengths: [Int]) -> [[Int32]] {
    lengths.enumerated().map { index, length in
      [0] + (1..<length).map { Int32(($0 * 37 + index * 101) % 4000 + 1) }
    }
  }

  private static let lengths = [60, 300, 500, 17, 411, 350, 90]
  private static let neuron = NeuronAddress(layer: 3, neuron: 436)

  private static func edit(_ neuron: Int, _ value: Float, layer: Int = 3) -> Intervention {
    Intervention(NeuronAddress(layer: layer, neuron: neuron), to: .number(value), from: 1)
  }

  /// Every readout, clean and edited, on several packs; edits of small packs run side by side.
  private static let passes: [Pass] = {
    let all = DocumentSet(documents(lengths))
    let small = DocumentSet(documents([40, 90, 30]))
    let clean: [Set<Readout>] = [
      [.loss], [.rank], [.activation(neuron)], [.finalScale], [.moments(layer: 4)], [.lens],
      [.attribution(of: neuron)], [.input(of: neuron)], [.residual(layer: 3)],
      [.post(layer: 3)], [.loss, .lens, .rank, .attribution(of: neuron), .moments(layer: 1)],
      [.activation(neuron), .residual(layer: 1)], [.input(of: neuron), .moments(layer: 3)],
    ]
    let edited: [Set<Readout>] = [
      [.loss], [.moments(layer: 4), .moments(layer: 5)], [.lens, .loss, .rank],
      [.attribution(of: neuron)], [.paths], [.activation(.init(layer: 5, neuron: 2))],
    ]
    let edits = (0..<9).map { edit($0, Float($0)) }
    let resampled = Intervention(
      neuron, to: .resampled(.init(donors: small, isAmongDonors: false, seed: 1)), from: 1)
    let mean = Intervention(neuron, to: .mean(over: small), from: 1)
    let scaled = Intervention(
      NeuronAddress(layer: 3, neuron: 9),
      to: .scaled(to: .number(0.5), size: .init(of: neuron, to: .number(1))), from: 1)
    let along = Intervention(
      [.init(neuron, to: .number(1), along: RandomDirection(3, seed: 4))], from: 1)
    return clean.map { Pass(all, reading: $0) }
      + edited.map { Pass(all, interventions: [edit(7, 2)], reading: $0) }
      + edited.map { Pass(small, interventions: edits, reading: $0) }
      + [
        Pass(all, interventions: [resampled, mean], reading: [.loss]),
        Pass(all, interventions: [scaled, along], reading: [.loss, .moments(layer: 4)]),
        Pass(small, interventions: [along, scaled], reading: [.paths]),
      ]
  }()

  @Test(arguments: passes.indices) func thePlanIsWhatIsCounted(pass: Int) throws {
    let (engine, pass) = (try Self.engine(), Self.passes[pass])
    var ledger = PassLedger(of: engine.model.architecture)
    let planned = ledger.wave([pass]).operations(of: engine.model.architecture)
    _ = try engine.outcome(of: pass)
    #expect(planned == engine.operations)
    _ = try engine.outcome(of: pass)
    #expect(planned == engine.operations)
  }

  @Test func passesTogetherCostNoMoreThanTheyShare() throws {
    let engine = try Self.engine()
    let shape = engine.model.architecture
    var ledger = PassLedger(of: shape)
    let planned = ledger.wave(Self.passes).operations(of: shape)
    try engine.run(Self.passes)
    #expect(planned == engine.operations)
    let alone = Self.passes.reduce(0.0) { sum, pass in
      var ledger = PassLedger(of: shape)
      return sum + ledger.wave([pass]).operations(of: shape).total
    }
    #expect(planned.total < 0.75 * alone)
  }

  @Test func setsThatBeginAlikeShareTheirPacks() throws {
    let engine = try Self.engine()
    let documents = Self.documents(Self.lengths)
    _ = try engine.outcome(of: Pass(DocumentSet(documents), reading: [.loss]))
    let before = engine.operations
    // The first pack holds 60 + 300 + 500 + 17 rows.
    _ = try engine.outcome(of: Pass(DocumentSet(Array(documents[..<4])), reading: [.loss]))
    #expect(engine.operations == before)
  }

  @Test func workersDoNotChangeABit() throws {
    let engines = try [1, 2].map { try Self.engine(workers: $0) }
    for pass in Self.passes {
      let outcomes = try engines.map { try $0.outcome(of: pass) }
      for readout in pass.readings {
        for run in 0..<max(1, pass.interventions.count) {
          switch readout {
          case .loss, .rank, .activation, .preActivation, .finalScale:
            #expect(outcomes[0].tokens(readout, run: run) == outcomes[1].tokens(readout, run: run))
          case .lens, .attribution, .input, .signs, .paths:
            #expect(
              outcomes[0].documents(readout, run: run)
                == outcomes[1].documents(readout, run: run))
          case .moments(let layer):
            #expect(
              outcomes[0].moments(layer: layer, run: run)
                == outcomes[1].moments(layer: layer, run: run))
          case .residual, .post: break
          }
        }
      }
    }
  }

  /// Losses of a document that runs alone, with neurons set in hook_post itself.
  private static func losses(
    _ ids: [Int32], _ edits: [(layer: Int, neuron: Int, value: Float)], from: Int
  ) throws -> [Float] {
    let model = try model.get()
    var pass = ForwardPass(model: model, rows: ids.count, longest: ids.count)
    pass.embed(Pack([ids]))
    for layer in 0..<model.architecture.layers {
      pass.attend(layer: layer)
      pass.activate(layer: layer, normedByAttention: true)
      for edit in edits where edit.layer == layer {
        for row in from..<ids.count {
          pass.hidden[row, pass.postBlock.column + edit.neuron] = edit.value
        }
      }
      pass.write(.both, layer: layer)
    }
    return pass.losses(
      rows: (0..<Int32(ids.count - 1)).map { $0 }, targets: Array(ids.dropFirst()))
  }

  /// Adding a multiple of the direction a neuron writes rounds otherwise than setting hook_post.
  @Test(arguments: [0, 1, 5]) func severalNeuronsOfSeveralLayersAreEditedAtOnce(from: Int) throws {
    let documents = Self.documents([40, 90, 30])
    let edits = [
      (layer: 2, neuron: 9, value: Float(1.5)), (layer: 3, neuron: 436, value: 3),
      (layer: 3, neuron: 31, value: -0.5),
    ]
    let intervention = Intervention(
      edits.map {
        .init(NeuronAddress(layer: $0.layer, neuron: $0.neuron), to: .number($0.value))
      }, from: from)
    let found = try Self.engine().outcome(
      of: Pass(DocumentSet(documents), interventions: [intervention], reading: [.loss])
    ).tokens(.loss)
    for (ids, found) in zip(documents, found) {
      let alone = try Self.losses(ids, edits, from: from)
      #expect(zip(found, alone).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func runsSideBySideAreThoseAlone() throws {
    let documents = DocumentSet(Self.documents([40, 90, 30]))
    let edits = (0..<9).map { Self.edit($0, Float($0)) }
    let together = try Self.engine().outcome(
      of: Pass(documents, interventions: edits, reading: [.loss, .moments(layer: 5)]))
    for (index, edit) in edits.enumerated() {
      let alone = try Self.engine().outcome(
        of: Pass(documents, interventions: [edit], reading: [.loss, .moments(layer: 5)]))
      let pairs = zip(
        together.tokens(.loss, run: index).joined(), alone.tokens(.loss).joined())
      // The last digits of a product may depend on how many rows it has.
      #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 })
      let sums = zip(
        together.moments(layer: 5, run: index).sum, alone.moments(layer: 5).sum)
      #expect(sums.allSatisfy { abs($0 - $1) < 1e-2 })
    }
  }

  @Test func keptActivationsAreThoseThatAreRun() throws {
    let (kept, run) = (try Self.engine(), try Self.engine())
    let documents = DocumentSet(Self.documents(Self.lengths))
    _ = try kept.outcome(of: Pass(documents, reading: [.post(layer: 3), .residual(layer: 3)]))
    let before = kept.operations
    let pass = Pass(documents, reading: [.activation(Self.neuron)])
    #expect(
      try kept.outcome(of: pass).tokens(.activation(Self.neuron))
        == run.outcome(of: pass).tokens(.activation(Self.neuron)))
    #expect(kept.operations == before)
    // From the kept stream on, the rest of the layers alone.
    let loss = Pass(documents, reading: [.loss])
    #expect(try kept.outcome(of: loss).tokens(.loss) == run.outcome(of: loss).tokens(.loss))
  }

  @Test func aMeanIsThatOfTheDocumentsAfterTheirFirstTokens() throws {
    let engine = try Self.engine()
    let documents = DocumentSet(Self.documents([40, 90, 30]))
    let activations = try engine.outcome(
      of: Pass(documents, reading: [.activation(Self.neuron)])
    ).tokens(.activation(Self.neuron))
    let values = activations.flatMap { $0.dropFirst() }
    let mean = values.reduce(0, +) / Float(values.count)
    let found = try [Intervention.Value.mean(over: documents), .number(mean)].map { value in
      try engine.outcome(
        of: Pass(
          documents, interventions: [Intervention(Self.neuron, to: value, from: 1)],
          reading: [.loss])
      ).tokens(.loss).joined()
    }
    #expect(zip(found[0], found[1]).allSatisfy { abs($0 - $1) < 1e-4 })
  }
}
