/// Maps values to steps of colour: sequential from pale to deep, or signed around zero.
struct ColourScale {
  /// The colour of a step, and that of text on it. The middle step of a signed scale has no colour.
  struct Step: Equatable {
    let fill: Paint?
    let text: Paint
    var isNegative = false
  }

  let ticks: Ticks
  let low: Double
  let high: Double
  let isSigned: Bool

  /// A scale for the finite `values`; its ends are ticks.
  init(values: some Sequence<Double>, isSigned: Bool) {
    self.isSigned = isSigned
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if isSigned {
      let limit = max(low.magnitude, high.magnitude)
      ticks = Ticks(covering: limit.isFinite ? -limit : -1, limit.isFinite ? limit : 1, about: 4)
    } else {
      ticks = Ticks(covering: low, high, about: 4)
    }
    let values = ticks.values
    self.low = values.first ?? 0
    self.high = values.last ?? 1
  }

  /// All steps, from the lowest value to the highest.
  var steps: [Step] {
    isSigned ? (-8...8).map(signedStep) : Paint.sequential.indices.map(sequentialStep)
  }

  /// The step of `value`; nil if `value` is not finite.
  func step(_ value: Double) -> Step? {
    guard value.isFinite else { return nil }
    let fraction = min(max((value - low) / (high - low), 0), 1)
    if isSigned { return signedStep(Int(((fraction * 2 - 1) * 8).rounded())) }
    return sequentialStep(min(Int(fraction * 9), 8))
  }

  private func signedStep(_ level: Int) -> Step {
    if level == 0 { return Step(fill: nil, text: .ink) }
    let side = level < 0 ? Paint.negative : Paint.positive
    let depth = min(abs(level), side.count) - 1
    return Step(fill: side[depth], text: depth < 4 ? .ink : .ground, isNegative: level < 0)
  }

  private func sequentialStep(_ level: Int) -> Step {
    Step(fill: Paint.sequential[level], text: level < 5 ? .ink : .ground)
  }
}
