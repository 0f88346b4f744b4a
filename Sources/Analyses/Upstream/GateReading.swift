import Charts
import Corpora
import Passes
import ReportModel
import StudyFile

extension Upstream {
  /// What the gate of a gated neuron reads, and how often its gate and linear part have which
  /// signs. The four combinations are four ways to fire (Gerstner and Schütze 2025).
  package struct GateReading: Codable, Sendable, Equatable {
    /// The pre-activation of the gate, x·W_gate + b_gate, as a mean over the counted tokens.
    package var pre: ClassPair<Measured>
    /// The contribution of each earlier component; together with `bias` they add up to `pre`.
    package var parts: [ComponentInput]
    /// The gate's bias, b_gate.
    package var bias: Double
    /// The share of tokens with each combination of signs of gate and linear part: (+, +), (+, −),
    /// (−, +), (−, −).
    package var signs: ClassPair<[Double]>
    /// The tokens whose embedding adds most to the gate; below, those that take most from it.
    package var excite: [TokenEffect]
    package var inhibit: [TokenEffect]
  }
}

extension Upstream.GateReading {
  static let labels = [
    "gate +, linear +", "gate +, linear −", "gate −, linear +", "gate −, linear −",
  ]

  /// The shares of the four combinations, from their counts in each document.
  static func shares(_ counts: [[Double]]) -> [Double] {
    let sums = (0..<4).map { place in counts.reduce(0) { $0 + $1[place] } }
    let all = sums.reduce(0, +)
    return sums.map { all > 0 ? $0 / all : 0 }
  }

  /// The table of the shares of signs, for the target and the other class.
  func table(target: String) -> DataTable {
    DataTable(
      header: ["signs", "hook_post", target, "other"],
      rows: Self.labels.enumerated().map { place, label in
        [
          .text(label), .text(place == 0 || place == 3 ? "+" : "−"),
          .text(Wording.percent(signs.target[place])), .text(Wording.percent(signs.other[place])),
        ]
      })
  }

  /// A paragraph on what the gate reads, with the components that differ most between the classes.
  func prose(_ neuron: NeuronAddress, target: String) -> String {
    let sorted = parts.sorted { $0.difference.magnitude > $1.difference.magnitude }
    let shares = sorted.prefix(3).map { "\($0.label) \(Wording.signed($0.difference, 2))" }
    return """
      \(neuron) is gated: what is shown above is its linear part, x·W\\_in, which the activation \
      function of its gate, x·W\\_gate, lets through or holds back. The gate is \
      \(pre.target.words(2)) on \(target) and \(pre.other.words(2)) on the other class; of the \
      difference, the largest parts are \(Wording.list(shares)). Tokens whose embeddings open it \
      most are \(Self.list(excite)); those that close it most, \(Self.list(inhibit)). With a \
      function that lets a little through below 0, as SiLU and GELU do, all four combinations of \
      signs occur, and a neuron may mean something else in each:
      """
  }

  private static func list(_ tokens: [TokenEffect]) -> String {
    Wording.list(tokens.prefix(5).map { Markdown.code(ReadableText.token($0.token)) })
  }
}
