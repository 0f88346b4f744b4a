import Charts

/// One of the numbers by which reports are compared: loss, detection, rank, and change
/// elsewhere.
package struct KeyFigure: Sendable, Equatable {
  /// Which of two values speaks more for the claim.
  package enum Better: Sendable {
    case higher, lower, nearerToZero
  }

  package let label: String
  package let value: Measured
  /// The unit with a space before it, such as ` nats`; it may be empty.
  package let unit: String
  /// Whether the number is a rank, which is compared but never subtracted.
  package let isIdentity: Bool
  /// Whether the number is a change, which is printed with its sign.
  package let isChange: Bool
  package let better: Better

  package init(
    label: String, value: Measured, unit: String = "", isIdentity: Bool = false,
    isChange: Bool = true, better: Better = .higher
  ) {
    self.label = label
    self.value = value
    self.unit = unit
    self.isIdentity = isIdentity
    self.isChange = isChange
    self.better = better
  }

  /// Whether it speaks more for the claim than `other` does; nil where both speak alike.
  package func isBetter(than other: KeyFigure) -> Bool? {
    let (own, before) = (value.value, other.value.value)
    return switch better {
    case .higher: own == before ? nil : own > before
    case .lower: own == before ? nil : own < before
    case .nearerToZero:
      own.magnitude == before.magnitude ? nil : own.magnitude < before.magnitude
    }
  }

  package var words: String {
    isIdentity ? Int(value.value).grouped : (isChange ? value.words : value.unsignedWords) + unit
  }

  /// The key figures that the findings hold.
  package static func all(_ findings: Findings) -> [KeyFigure] {
    let study = findings.study
    let target = study.file.target
    let without = study.file.subject == .set ? "them" : "it"
    var figures: [KeyFigure] = []
    if let change = findings.change(on: target)?.loss {
      figures.append(
        KeyFigure(
          label: "Loss on \(target) without \(without)", value: change.change, unit: " nats"))
    }
    if let probe = findings.result(of: SetProbe.self) {
      figures.append(
        KeyFigure(
          label: "MCC on held-out documents", value: probe.together.mcc, isChange: false))
    }
    if let sweep = findings.result(of: ProbeSweep.self) {
      figures += [
        KeyFigure(
          label: "MCC on held-out documents",
          value: sweep.signedMCC, isChange: false),
        KeyFigure(
          label: "Rank among \(sweep.neurons.of("neuron"))",
          value: Measured(Double(sweep.rank.tokens)), isIdentity: true, better: .lower),
      ]
    }
    let others = study.file.other.compactMap { findings.change(on: $0)?.loss.percent }
    if let largest = others.max(by: { $0.value.magnitude < $1.value.magnitude }) {
      figures.append(
        KeyFigure(
          label: "Largest change of another corpus", value: largest, unit: " %",
          better: .nearerToZero))
    }
    return figures
  }
}
