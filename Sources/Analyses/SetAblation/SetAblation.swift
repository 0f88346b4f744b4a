import Corpora
import LanguageModel
import Passes
import Statistics
import StudyFile

/// The change of the loss when all neurons of a set are ablated at once, across layers, on every
/// corpus: beside each alone, along the first k of the set, and beside control sets.
package struct SetAblation: Analysis {
  package static let id = "set_ablation"
  package static let question =
    "What does the model lose without all of the set's neurons at once, beside each alone and "
    + "beside control sets?"
  package static let subjects: Set<Subject> = [.set]
  package static let settings: [Setting] = [
    .count("random", 20), .count("matched", 20), .count("scaled", 40), .count("directions", 40),
    .resamples(),
  ]
  package static let parts: StudyParts = .evaluation

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  /// The numbers of neurons that the curve shows: every one up to 8, then powers of two, then all.
  package static func sizes(_ count: Int) -> [Int] {
    (1...count).filter { $0 <= 8 || $0 == count || $0.nonzeroBitCount == 1 }
  }

  /// One corpus's sample: its clean run, and the set's ablation and each neuron's once the values
  /// are known.
  private struct Runs {
    let corpus: String
    let sample: DocumentSample
    let clean: Pass
    let edited: Pass?
  }

  /// - Parameter edits: nil before the values are known
  private func runs(_ study: ResolvedStudy, _ edits: SetEdits?) -> [Runs] {
    let set = study.set
    return study.corpora.all.compactMap { corpus in
      let sample = DocumentSample(of: .named(corpus.name), in: study)
      guard !sample.documents.isEmpty else { return nil }
      let documents = sample.set
      return Runs(
        corpus: corpus.name, sample: sample, clean: Self.clean(documents, study),
        edited: edits.map { edits in
          Pass(
            documents,
            interventions: ([set.neurons] + set.neurons.map { [$0] }).map {
              edits.together($0, on: documents)
            }, reading: [.loss])
        })
    }
  }

  /// The clean run, with every stream that an edited run starts from and every activation that an
  /// edit is sized by.
  private static func clean(_ documents: DocumentSet, _ study: ResolvedStudy) -> Pass {
    Pass(
      documents,
      reading: Set(
        [.loss] + study.set.layers.flatMap { [Readout.residual(layer: $0), .post(layer: $0)] }))
  }

  /// The control edits and the curve on the target's sample, in this order: the first neurons of the
  /// set, of each random and of each matched set, for every size; then the scaled sets and the random
  /// directions.
  private struct ControlRuns {
    let sizes: [Int]
    let controls: SetControls
    let random: ArraySlice<[NeuronAddress]>
    let scaled: ArraySlice<[NeuronAddress]>
    let edited: Pass

    /// The sets that are ablated at each size.
    var perSize: Int { 1 + random.count + controls.matched.count }
  }

  private func controlRuns(_ edits: SetEdits, on documents: DocumentSet) -> ControlRuns {
    let (study, set) = (edits.settled.study, edits.settled.study.set)
    func size(_ name: String) -> Int { study.file.size(of: Self.id, name) }
    let controls = SetControls(
      of: set, width: study.architecture.dMLP, seed: study.seed,
      random: max(size("random"), size("scaled")), matched: size("matched"),
      fitted: edits.fitted)
    let (random, scaled) = (
      controls.random.prefix(size("random")), controls.random.prefix(size("scaled"))
    )
    let sizes = Self.sizes(set.count)
    let sets = [set.neurons] + random + controls.matched
    let prefixes = sizes.flatMap { size in
      sets.map { edits.together(Array($0.prefix(size)), on: documents) }
    }
    return ControlRuns(
      sizes: sizes, controls: controls, random: random, scaled: scaled,
      edited: Pass(
        documents,
        interventions: prefixes + scaled.map { edits.scaled($0, as: set, on: documents) }
          + (0..<size("directions")).map { edits.direction($0, of: set, on: documents) },
        reading: [.loss]))
  }

  package func passes(_ settled: Settled) -> [Pass] {
    // A fault of reading the kept activations is thrown later, when `run` asks for the results.
    let (study, edits) = (settled.study, try? SetEdits(settled))
    let target = DocumentSample(of: .target, in: study).set
    return study.setFit.passes
      + runs(study, edits).flatMap { [$0.clean] + [$0.edited].compactMap(\.self) }
      + [edits.map { controlRuns($0, on: target).edited }].compactMap(\.self)
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, set) = (evidence.study, evidence.study.set)
    let bootstrap = study.file.bootstrap(of: Self.id)
    guard let edits = try SetEdits(evidence.settled) else {
      preconditionFailure("the fitting documents of the set have not been run")
    }
    var corpora: [String: Change] = [:]
    for runs in runs(study, edits) {
      guard let pass = runs.edited else { continue }
      let edited = try evidence.outcome(of: pass)
      corpora[runs.corpus] = Change(
        sample: runs.sample, clean: try evidence.outcome(of: runs.clean).tokens(.loss),
        together: edited.tokens(.loss),
        alone: set.neurons.indices.map { edited.tokens(.loss, run: 1 + $0) },
        bootstrap: bootstrap)
    }
    let target = DocumentSample(of: .target, in: study)
    let runs = controlRuns(edits, on: target.set)
    let clean = try evidence.outcome(of: Self.clean(target.set, study)).tokens(.loss)
    let edited = try evidence.outcome(of: runs.edited)
    func change(_ run: Int, _ bootstrap: Bootstrap? = nil) -> Measured {
      LossChange(clean: clean, edited: edited.tokens(.loss, run: run), bootstrap: bootstrap).change
    }
    let curve = runs.sizes.enumerated().map { place, size in
      let first = place * runs.perSize
      let (random, matched) = (first + 1, first + 1 + runs.random.count)
      return Point(
        size: size, change: change(first, bootstrap),
        random: (random..<matched).map { change($0).value },
        matched: (matched..<first + runs.perSize).map { change($0).value })
    }
    let scaled = runs.sizes.count * runs.perSize
    let directions = scaled + runs.scaled.count
    return Result(
      neurons: set.neurons.map { neuron in
        Neuron(
          layer: neuron.layer, neuron: neuron.neuron, value: edits.number(neuron).map(Double.init))
      },
      from: study.front, seed: study.file.probe.seed, resamples: bootstrap.resamples,
      corpora: corpora, curve: curve,
      controls: Controls(
        random: Array(runs.random), matched: runs.controls.matched,
        scaled: (scaled..<directions).map { change($0).value },
        directions: (directions..<edited.pass.interventions.count).map { change($0).value }))
  }
}

extension SetAblation {
  package struct Result: Codable, Sendable, Equatable {
    /// The neurons in the study's order, each with the value that it is set to.
    package var neurons: [Neuron]
    /// The first position that is edited.
    package var from: Int
    package var seed: Int
    /// The number of resamples behind each interval over more than 40 documents.
    package var resamples: Int
    /// The changes by the corpus's name.
    package var corpora: [String: Change]
    /// The first k neurons of the set on the target, for several k.
    package var curve: [Point]
    package var controls: Controls
  }

  package struct Neuron: Codable, Sendable, Equatable {
    package var layer: Int
    package var neuron: Int
    /// The value the neuron is set to; absent where each token has its own.
    package var value: Double?

    package var address: NeuronAddress { NeuronAddress(layer: layer, neuron: neuron) }
  }

  /// What the ablation changes on one corpus.
  package struct Change: Codable, Sendable, Equatable {
    package var sample: DocumentSample.Size
    /// All neurons at once.
    package var together: LossChange
    /// Each neuron by itself, in the study's order.
    package var alone: [LossChange]
    /// The sum of the changes of each alone, in nats per token.
    package var sum: Measured
    /// The change of all at once less that sum: 0 where effects add up.
    package var beyond: Measured
  }

  /// The first `size` neurons of the set, and of each control set, on the target.
  package struct Point: Codable, Sendable, Equatable {
    package var size: Int
    /// The change of the loss, in nats per token; below, that under each control set.
    package var change: Measured
    package var random: [Double]
    package var matched: [Double]
  }

  /// The control sets, whose changes of the target's loss the curve's points hold, and the changes
  /// under edits of equal size.
  package struct Controls: Codable, Sendable, Equatable {
    package var random: [[NeuronAddress]]
    package var matched: [[NeuronAddress]]
    /// The change under random sets, each neuron of which shifts the residual stream of a document
    /// as far as its counterpart in the set; below, under moves along as many random directions.
    package var scaled: [Double]
    package var directions: [Double]

    /// The changes under all edits of equal size.
    package var equal: [Double] { scaled + directions }
  }
}

extension SetAblation.Change {
  /// - Parameters:
  ///   - clean, together: losses by document and token
  ///   - alone: the same for the ablation of each neuron
  init(
    sample: DocumentSample, clean: [[Float]], together: [[Float]], alone: [[[Float]]],
    bootstrap: Bootstrap
  ) {
    func total(_ losses: [Float]) -> Double { losses.reduce(0) { $0 + Double($1) } }
    let before = clean.map(total)
    func changes(_ losses: [[Float]]) -> [Double] { zip(losses.map(total), before).map { $0 - $1 } }
    let singles = alone.map(changes)
    let sums = before.indices.map { document in singles.reduce(0) { $0 + $1[document] } }
    let tokens = clean.map { Double($0.count) }
    self.init(
      sample: sample.size,
      together: LossChange(clean: clean, edited: together, bootstrap: bootstrap),
      alone: alone.map { LossChange(clean: clean, edited: $0, bootstrap: bootstrap) },
      sum: Measured(numerators: sums, denominators: tokens, bootstrap: bootstrap),
      beyond: Measured(
        numerators: zip(changes(together), sums).map { $0 - $1 }, denominators: tokens,
        bootstrap: bootstrap))
  }
}
