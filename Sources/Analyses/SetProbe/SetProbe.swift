import Corpora
import LanguageModel
import LinearAlgebra
import Passes
import Statistics
import StudyFile

/// How well a set's neurons tell the target's tokens from others, each by itself and all together,
/// beside random sets of as many neurons of the same layers. Fitted on the choosing documents,
/// judged on the measured ones.
package struct SetProbe: Analysis {
  package static let id = "set_probe"
  package static let question =
    "How well do the set's neurons tell the target on new documents, each and together, beside "
    + "random sets of their layers?"
  package static let subjects: Set<Subject> = [.set]
  package static let parts: StudyParts = []
  package static let settings: [Setting] = [.count("random", 20), .resamples()]
  /// The most tokens of a fit, evenly spaced; more would only cost time.
  static let rowLimit = SparseCurve.rowLimit

  package init() {}

  package func needs(_ study: ResolvedStudy) -> Needs { Needs() }

  package func passes(_ settled: Settled) -> [Pass] {
    settled.study.setFit.passes + [Self.judging(settled.study)]
  }

  /// The measured documents, whose every neuron of the set's layers is kept.
  private static func judging(_ study: ResolvedStudy) -> Pass {
    Pass(
      sample(study).documents, reading: Set(study.set.layers.map { .post(layer: $0) }))
  }

  /// The measured documents of both classes, equally many of each.
  static func sample(_ study: ResolvedStudy) -> ProbedSample {
    ProbedSample([CorpusReference.target, .other].map { DocumentSample(of: $0, in: study) })
  }

  package func run(_ evidence: Evidence) throws -> Result {
    let (study, engine) = (evidence.study, evidence.engine)
    let (fit, sample) = (study.setFit, Self.sample(study))
    let bootstrap = study.file.bootstrap(of: Self.id)
    let judge = SetJudge(fit.sample, sample, bootstrap: bootstrap)
    let controls = SetControls(
      of: study.set, width: study.architecture.dMLP, seed: study.seed,
      random: study.file.size(of: Self.id, "random"), matched: 0,
      fitted: try evidence.settled.fittedNeurons())
    func columns(_ neurons: [NeuronAddress], of documents: DocumentSet) throws -> [[Float]] {
      try neurons.map { neuron in
        try engine.activations(of: documents, layer: neuron.layer).values(of: [neuron.neuron])[0]
      }
    }
    let fitted = try columns(study.set.neurons, of: fit.sample.documents)
    let judged = try columns(study.set.neurons, of: sample.documents)
    let alone = ParallelLoop.map(study.set.count, workers: engine.workers) { index in
      Result.Single(
        study.set.neurons[index], judge.reading(fitted: [fitted[index]], judged: [judged[index]]),
        area: judge.area(ofMeans: judged[index]))
    }
    let random = try controls.random.map { set in
      (
        set, try columns(set, of: fit.sample.documents), try columns(set, of: sample.documents)
      )
    }
    return Result(
      neurons: alone, together: judge.reading(fitted: fitted, judged: judged),
      random: ParallelLoop.map(random.count, workers: engine.workers) { index in
        let (set, fitted, judged) = random[index]
        return Result.RandomSet(
          neurons: set, mcc: judge.reading(fitted: fitted, judged: judged).mcc.value)
      },
      correlations: Self.correlations(judged),
      fitted: Result.Documents(fit.sample), judged: Result.Documents(sample),
      rows: judge.rows.count, isNew: sample.isNew, seed: study.file.probe.seed,
      resamples: bootstrap.resamples)
  }

  /// Pearson's correlation of every two neurons over all judged tokens; 0 with a constant one.
  package static func correlations(_ columns: [[Float]]) -> [[Double]] {
    let centred = columns.map { column in
      let mean = column.reduce(0.0) { $0 + Double($1) } / Double(max(1, column.count))
      return column.map { Double($0) - mean }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let squares = centred.map { product($0, $0) }
    return centred.indices.map { row in
      centred.indices.map { column in
        if row == column { return 1 }
        let scale = (squares[row] * squares[column]).squareRoot()
        return scale > 0 ? product(centred[row], centred[column]) / scale : 0
      }
    }
  }

  package struct Result: Codable, Sendable, Equatable {
    /// Each neuron by itself, in the study's order.
    package var neurons: [Single]
    /// One logistic regression on all of them.
    package var together: Together
    /// The random sets, each with a regression of its own.
    package var random: [RandomSet]
    /// Pearson's correlation of every two neurons over the judged tokens.
    package var correlations: [[Double]]
    /// The documents that are fitted on, and those that are judged.
    package var fitted: Documents
    package var judged: Documents
    /// The tokens that a regression is fitted on.
    package var rows: Int
    /// Whether none of the judged documents is among those of the fit.
    package var isNew: Bool
    package var seed: Int
    package var resamples: Int

    enum CodingKeys: String, CodingKey {
      case neurons, together, random, correlations, fitted, judged, rows, seed, resamples
      case isNew = "new"
    }

    package struct Single: Codable, Sendable, Equatable {
      package var layer: Int
      package var neuron: Int
      /// Matthews' correlation of a one-neuron regression's judgements of tokens.
      package var mcc: Measured
      /// The area under the ROC curve of the documents' mean activations.
      package var auc: Measured
      /// Whether the regression takes low activations for the target.
      package var isLower: Bool

      enum CodingKeys: String, CodingKey {
        case layer, neuron, mcc, auc
        case isLower = "lower"
      }

      package init(layer: Int, neuron: Int, mcc: Measured, auc: Measured, isLower: Bool) {
        (self.layer, self.neuron) = (layer, neuron)
        (self.mcc, self.auc, self.isLower) = (mcc, auc, isLower)
      }

      fileprivate init(_ neuron: NeuronAddress, _ reading: Together, area: Measured) {
        self.init(
          layer: neuron.layer, neuron: neuron.neuron, mcc: reading.mcc, auc: area,
          isLower: (reading.coefficients.first ?? 0) < 0)
      }

      package var address: NeuronAddress { NeuronAddress(layer: layer, neuron: neuron) }
    }

    package struct Together: Codable, Sendable, Equatable {
      package var mcc: Measured
      /// The area under the ROC curve of the documents' mean log-odds.
      package var auc: Measured
      /// The share of tokens that are judged rightly.
      package var accuracy: Double
      /// Log-odds of the target per unit of each neuron's activation, and the intercept.
      package var coefficients: [Double]
      package var intercept: Double
    }

    package struct RandomSet: Codable, Sendable, Equatable {
      package var neurons: [NeuronAddress]
      package var mcc: Double
    }

    package struct Documents: Codable, Sendable, Equatable {
      package var target: ProbeSweep.Result.Size
      package var other: ProbeSweep.Result.Size

      init(_ sample: ProbedSample) {
        (target, other) = (sample.size(true), sample.size(false))
      }
    }
  }
}
