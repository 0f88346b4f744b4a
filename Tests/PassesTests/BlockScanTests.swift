import Foundation
import LanguageModel
import LinearAlgebra
import Passes
import StudyFile
import Testing

/// The scan over all layers on the demo model, against passes that read whole columns.
struct BlockScanTests {
  private static let model = Result {
    let study = try ResolvedStudy(try BuiltInStudy.named("demo")!, environment: [:])
    return try Transformer(architecture: study.architecture, checkpoint: study.checkpoint)
  }

  private static func engine(workers: Int = 2) throws -> Engine {
    Engine(
      running: try model.get(), workers: workers, temporaryFolder: NSTemporaryDirectory())
  }

  private static func ids(_ lengths: [Int], seed: Int) -> [[Int32]] {
    lengths.enumerated().map { index, length in
      [0] + (1..<length).map { Int32(($0 * 37 + index * 101 + seed) % 4000 + 1) }
    }
  }

  /// Two corpora; the documents of odd index are of the second part, and one has no mean.
  private static let corpora: [[BlockScan.Document]] = {
    var row = 0
    return [ids([60, 300, 500, 17, 411], seed: 0), ids([90, 2, 350], seed: 7)].map { documents in
      documents.enumerated().map { index, ids in
        defer { if ids.count != 17 { row += 1 } }
        return BlockScan.Document(ids, part: index % 2, row: ids.count == 17 ? nil : row)
      }
    }
  }()

  private static let scan = BlockScan(corpora, front: 1, samples: 50)

  @Test func aScanEqualsWholeColumns() throws {
    let engine = try Self.engine()
    let totals = try engine.scan(Self.scan)
    let shape = engine.model.architecture
    for place in [0, 511, 3 * 512 + 436, 5 * 512 + 17] {
      let neuron = NeuronAddress(layer: place / 512, neuron: place % 512)
      let columns = try Self.corpora.map { documents in
        try engine.outcome(
          of: Pass(DocumentSet(documents.map(\.ids)), reading: [.activation(neuron)])
        )
        .tokens(.activation(neuron)).map { Array($0.dropFirst()) }
      }
      let all = columns.joined().flatMap(\.self)
      #expect(abs(totals.sum[place] - all.reduce(0.0) { $0 + Double($1) }) < 1e-9)
      let squares = all.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(totals.squares[place] - squares) < 1e-9 * squares)
      #expect(totals.least[place] == all.min())
      for (corpus, documents) in columns.enumerated() {
        for part in 0..<2 {
          let values = documents.enumerated().filter { $0.offset % 2 == part }.flatMap(\.element)
          var counts = [UInt32](repeating: 0, count: 64)
          for value in values { counts[ActivationBins.bin(of: value)] += 1 }
          #expect(Array(totals.counts[2 * corpus + part][place * 64..<place * 64 + 64]) == counts)
          #expect(totals.fired(corpus: corpus, part: part)[place] == values.count { $0 > 0 })
        }
      }
      let documents = columns.flatMap(\.self)
      for (document, values) in zip(Self.scan.documents, documents) {
        guard let row = document.row else { continue }
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        #expect(abs(Double(totals.means[row, place]) - mean) <= 1e-6 * abs(mean))
      }
      var strongest: [StrongestDocuments.Entry] = []
      for (index, values) in documents.enumerated() {
        let value = values.max() ?? 0
        let position = (values.firstIndex(of: value) ?? 0) + 1
        strongest.append(.init(value: value, document: index, position: position))
      }
      strongest.sort { $0.value == $1.value ? $0.document < $1.document : $0.value > $1.value }
      #expect(totals.strongest.of(place) == strongest)
      let sampled = Self.scan.sampled.map { all[$0] }
      #expect((0..<50).map { totals.samples[$0, place] } == sampled)
    }
    #expect(Self.scan.tokens == 59 + 299 + 499 + 16 + 410 + 89 + 1 + 349)
    let planned = Self.scan.operations(of: shape)
    let own = try Self.engine()
    _ = try own.scan(Self.scan)
    #expect(planned == own.operations)
  }

  @Test func noByteDependsOnTheWorkers() throws {
    let one = try Self.engine(workers: 1).scan(Self.scan)
    let many = try Self.engine(workers: 5).scan(Self.scan)
    #expect(one.counts == many.counts)
    #expect(one.sum == many.sum && one.squares == many.squares && one.least == many.least)
    #expect(one.means.elements == many.means.elements)
    #expect(one.samples.elements == many.samples.elements)
    #expect(one.strongest == many.strongest)
  }

  @Test func blocksEndPastTheirRowsAndWithTheirCorpus() {
    let long = (0..<140).map { _ in
      BlockScan.Document(Array(repeating: 1, count: 500), part: 0, row: nil)
    }
    let scan = BlockScan([long, Array(long.prefix(3))], front: 1, samples: 0)
    // 132 documents have 66,000 rows, and 131 have fewer than 65,537.
    #expect(scan.blocks.map { $0.packs.flatMap(\.documents).count } == [132, 8, 3])
    #expect(scan.blocks.map(\.corpus) == [0, 0, 1])
    #expect(scan.blocks.map { $0.packs[0].first } == [0, 132, 140])
  }

  @Test func chosenNeuronsAreReadAsInAPass() throws {
    let engine = try Self.engine()
    let ids = Self.corpora[0].map(\.ids)
    let neurons = [NeuronAddress(layer: 4, neuron: 3), NeuronAddress(layer: 0, neuron: 9)]
    let readings = ids.enumerated().map { NeuronReadings($1, $0 == 1 ? [] : neurons) }
    let found = try engine.activations(readings, front: 1)
    let planned = Engine.operations(of: readings, front: 1, in: engine.model.architecture)
    #expect(planned == engine.operations)
    for (place, neuron) in neurons.enumerated() {
      let column = try engine.outcome(of: Pass(DocumentSet(ids), reading: [.activation(neuron)]))
        .tokens(.activation(neuron))
      for document in ids.indices where document != 1 {
        #expect(found[document][place] == column[document])
      }
    }
    #expect(found[1].isEmpty)
  }

  @Test func aSetOfNeuronsIsAblatedAsItsPartsSay() throws {
    let engine = try Self.engine()
    let documents = DocumentSet(Self.ids([70, 80], seed: 3))
    let parts = [(1, 4), (1, 9), (3, 436), (5, 2)].map {
      Intervention.Part(
        NeuronAddress(layer: $0.0, neuron: $0.1), to: .number(Float($0.1) / 100))
    }
    let set = Intervention(parts, from: 1)
    let later = NeuronAddress(layer: 3, neuron: 436)
    let outcome = try engine.outcome(
      of: Pass(documents, interventions: [set], reading: [.loss, .activation(later)]))
    // Driven by hand: each layer runs, and the neurons' changes are added to what it has written.
    let model = try Self.model.get()
    var forward = ForwardPass(model: model, rows: 150, longest: 80)
    let pack = Pack(documents.documents)
    forward.embed(pack)
    for layer in 0..<model.architecture.layers {
      forward.run(layer: layer)
      for part in parts where part.neuron.layer == layer {
        let column = forward.postBlock.column + part.neuron.neuron
        guard case .number(let value) = part.value else { continue }
        let change = (0..<150).map { row in
          row == 0 || row == 70 ? 0 : value - forward.hidden[row, column]
        }
        forward.add(change: change, ofNeuron: part.neuron.neuron, layer: layer)
      }
    }
    let rows = pack.documents.flatMap { $0.dropLast().map { Int32($0) } }
    let losses = forward.losses(rows: rows, targets: rows.map { pack.ids[Int($0) + 1] })
    let found = outcome.tokens(.loss).flatMap(\.self)
    #expect(zip(found, losses).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(found.count == losses.count)
  }
}
