import Diagnostics
import Foundation
import LanguageModel
import Passes
import SampleStudies
import StudyFile
import Testing

/// The sweep on the demo study, cut to a few documents, against running each document alone.
struct SweepTests {
  private static func study(
    documents: Int = 8, padded: PaddedSettings? = nil
  ) throws -> ResolvedStudy {
    var file = try InSampleStudy.demo.file
    file.documents = documents
    file.probe.documents = 4
    file.probe.splits = 2
    file.probe.candidates = 5
    file.padded = padded
    return try ResolvedStudy(file, environment: [:])
  }

  private static func evidence(
    _ study: ResolvedStudy, _ needs: Needs, workers: Int = 2
  ) throws -> Evidence {
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    var sweep = Sweep(study, needs: needs, environment: ["TMPDIR": NSTemporaryDirectory()])
    sweep.workers = workers
    return try sweep.run(in: model)
  }

  private static let all = Needs(
    columns: [
      ColumnNeed(.loss(.clean), of: .target), ColumnNeed(.loss(.ablated), of: .target),
      ColumnNeed(.activation(.auto), of: .target), ColumnNeed(.activation(.probe(2)), of: .other),
    ]
  )

  /// Losses of a document that runs alone, clean and with the study's neuron set.
  private static func losses(_ ids: [Int32], _ evidence: Evidence, _ run: Run) -> [Float] {
    var pass = ForwardPass(model: evidence.model, rows: ids.count, longest: ids.count)
    pass.embed(Pack([ids]))
    let shape = evidence.model.architecture
    for layer in 0..<shape.layers {
      pass.attend(layer: layer)
      pass.activate(layer: layer, normedByAttention: true)
      if run == .ablated, layer == evidence.neuron.layer {
        for row in ids.indices {
          pass.hidden[row, shape.column(of: evidence.neuron.neuron)] = evidence.value ?? .nan
        }
      }
      pass.write(.both, layer: layer)
    }
    return pass.losses(
      rows: (0..<Int32(ids.count - 1)).map { $0 }, targets: Array(ids.dropFirst()))
  }

  @Test func columnsEqualDocumentsRunAlone() throws {
    let study = try Self.study()
    let evidence = try Self.evidence(study, Self.all)
    for (index, document) in study.documents(of: .target).documents.enumerated() {
      for run in Run.allCases {
        let found = evidence.column(.loss(run), of: .target)[index]
        let alone = Self.losses(document.ids, evidence, run)
        #expect(found.count == alone.count)
        // Adding a multiple of W_out to the stream instead of editing hook_post rounds otherwise.
        #expect(zip(found, alone).allSatisfy { abs($0 - $1) < 1e-4 })
      }
      let trace = evidence.trace(document.ids, .clean)
      let column = trace.post.column(evidence.neuron.neuron)
      let found = evidence.column(.activation(.auto), of: .target)[index]
      #expect(zip(found, column).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func workersDoNotChangeABit() throws {
    let study = try Self.study(documents: 40)
    let (one, two) = (
      try Self.evidence(study, Self.all, workers: 1), try Self.evidence(study, Self.all, workers: 2)
    )
    #expect(one.value == two.value)
    #expect(one.probe.sparse.neurons == two.probe.sparse.neurons)
    #expect(one.probe.sparse.scores == two.probe.sparse.scores)
    for document in 0..<study.documents(of: .target).documents.count {
      #expect(
        one.column(.loss(.ablated), of: .target)[document]
          == two.column(.loss(.ablated), of: .target)[document])
    }
  }

  @Test func paddingLeavesRealTokensAlone() throws {
    let bare = try Self.study()
    let padded = try Self.study(padded: PaddedSettings(batch: 3, batches: [:]))
    let (a, b) = (try Self.evidence(bare, Self.all), try Self.evidence(padded, Self.all))
    let layout = b.layout(of: .target)
    #expect(layout.batched[0] == layout.real[0...2].max())
    for (document, tokens) in layout.real.enumerated() {
      let (bare, padded) = (
        a.column(.loss(.clean), of: .target)[document],
        b.column(.loss(.clean), of: .target)[document]
      )
      #expect(padded.count == layout.batched[document] - 1)
      #expect(zip(bare, padded.prefix(tokens - 1)).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func ablatingAtItsOwnValueChangesNothing() throws {
    let study = try Self.study()
    let evidence = try Self.evidence(study, Self.all)
    let ids = Array(study.documents(of: .target).documents[0].ids.prefix(1))
    let activation = evidence.trace(ids, .clean).post[0, evidence.neuron.neuron]
    let edited = Trace(
      of: ids, in: evidence.model, layer: evidence.neuron.layer,
      edit: NeuronEdit(
        layer: evidence.neuron.layer, neuron: evidence.neuron.neuron, values: [activation]))
    #expect(edited.logits == evidence.trace(ids, .clean).logits)
  }

  @Test func theStudyFileIsHeldAgainstTheModel() throws {
    var file = try InSampleStudy.demo.file
    file.layer = .number(9)
    #expect {
      _ = try ResolvedStudy(file, environment: [:])
    } throws: { ($0 as? Diagnostic)?.kind == .study && "\($0)".contains("0 to 5") }
    file = try InSampleStudy.demo.file
    file.neuron = .number(99_999)
    #expect {
      _ = try ResolvedStudy(file, environment: [:])
    } throws: { "\($0)".contains("L3N99999") && "\($0)".contains("0 to 511") }
    file = try InSampleStudy.demo.file
    file.prompts[0].answers = [" gouvernement"]
    #expect {
      _ = try ResolvedStudy(file, environment: [:])
    } throws: { "\($0)".contains("one token") && "\($0)".contains("\"") }
  }

  @Test func operationsCountWhatIsAsked() throws {
    let study = try Self.study()
    let bare = Sweep(study, needs: Needs(), environment: [:])
    let full = Sweep(study, needs: Self.all, environment: [:])
    let (least, all) = (bare.plan(), full.plan())
    #expect(least.operations.total > 0)
    #expect(least.operations.logits == 0)
    #expect(all.operations.total > 2 * least.operations.total)
    #expect(all.outcomeBytes > least.outcomeBytes)
  }

  /// The engine counts while it runs what the plan has counted before.
  @Test func thePlanOfASweepIsWhatIsCounted() throws {
    let study = try Self.study(padded: PaddedSettings(batch: 3, batches: [:]))
    let sweep = Sweep(
      study, needs: Self.all, environment: ["TMPDIR": NSTemporaryDirectory()])
    let model = try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
    #expect(try sweep.run(in: model).engine.operations == sweep.plan().operations)
  }
}
