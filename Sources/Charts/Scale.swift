/// Maps values to pixels, with ticks.
struct Scale {
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  let ticks: [Tick]
  let isLogarithmic: Bool
  /// The pixels at the low end of the domain, and below, at its high end.
  var from = 0.0
  var to = 1.0
  private let low: Double
  private let high: Double

  /// A scale that covers all `values` that can be drawn, and ends on ticks.
  init(_ axis: Axis, values: [Double], about count: Int, wholeNumbers: Bool = false) {
    isLogarithmic = axis.kind == .logarithmic
    var shown = values.filter { $0.isFinite && (axis.kind == .linear || $0 > 0) }
    if isLogarithmic {
      let ticks = Self.logarithmicTicks(shown.min() ?? 1, shown.max() ?? 10, about: count)
      self.ticks = ticks
      low = Logarithm.base10(ticks.first?.value ?? 1)
      high = Logarithm.base10(ticks.last?.value ?? 10)
      return
    }
    if axis.includesZero {
      shown.append(0)
      if shown.allSatisfy({ $0 == 0 }) { shown.append(1) }
    }
    let nice = Ticks(
      covering: shown.min() ?? 0, shown.max() ?? 1, about: count, wholeNumbers: wholeNumbers)
    ticks = zip(nice.values, nice.labels).map(Tick.init)
    low = ticks.first?.value ?? 0
    high = ticks.last?.value ?? 1
  }

  /// A linear scale from `low` to `high` exactly, without ticks.
  init(between low: Double, and high: Double) {
    (ticks, isLogarithmic) = ([], false)
    (self.low, self.high) = (low, high)
  }

  /// The pixel of `value`; nil if the axis cannot show it.
  func position(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let place = isLogarithmic ? Logarithm.base10(value) : value
    let fraction = min(max((place - low) / (high - low), 0), 1)
    return from + (to - from) * fraction
  }

  /// The pixel at which bars and areas start: that of zero, or else the low end.
  var base: Double { isLogarithmic ? from : position(0) ?? from }

  /// The width of the widest tick label, in pixels.
  var labelWidth: Double { ticks.map { TextWidth.of($0.label, size: 13) }.max() ?? 0 }

  /// Ticks at powers of ten, with 2 and 5 between them if there is room.
  private static func logarithmicTicks(_ low: Double, _ high: Double, about count: Int) -> [Tick] {
    let low = min(max(low, 1e-300), 1e300)
    let high = min(max(high, low), 1e300)
    let first = Logarithm.decade(low)
    let last = Logarithm.decade(high)
    let mantissas = last - first < max(count / 3, 1) ? [1, 2, 5] : [1]
    let stride = max(1, (last - first) / max(count, 1))
    let isWrittenOut = first >= -4 && last <= 6
    var candidates: [Tick] = []
    for exponent in first...(last + stride) where (exponent - first) % stride == 0 {
      for mantissa in mantissas {
        let value = Double(mantissa) * Logarithm.power(exponent)
        guard value.isFinite else { continue }
        let label =
          isWrittenOut
          ? NumberText.decimal(mantissa, exponent: exponent)
          : NumberText.scientific(mantissa, exponent: exponent)
        candidates.append(Tick(value: value, label: label))
      }
    }
    let start = candidates.lastIndex { $0.value <= low * (1 + 1e-9) } ?? 0
    let end = candidates.firstIndex { $0.value >= high * (1 - 1e-9) } ?? candidates.count - 1
    if start < end { return Array(candidates[start...end]) }
    return Array(candidates[max(0, start - 1)...min(candidates.count - 1, start + 1)])
  }
}
