import Charts

extension Measured {
  /// The number with its interval, `+0.050 [0.044, 0.057]`, with as many digits as the interval
  /// needs. An end that is not zero never reads as zero.
  package var words: String {
    guard let low, let high else { return Wording.signedNumber(value) }
    let decimals = NumberText.decimals(low: low, high: high)
    return Wording.signed(value, decimals)
      + " [\(Wording.fixed(low, decimals)), \(Wording.fixed(high, decimals))]"
  }

  /// The same without a plus sign: `0.818 [0.795, 0.830]`.
  package var unsignedWords: String { words.hasPrefix("+") ? String(words.dropFirst()) : words }

  /// A clause on where the interval lies: `the interval is above zero`.
  package var side: String {
    guard low != nil, high != nil else { return "there is no interval" }
    return mayBeZero
      ? "the interval includes zero"
      : "the interval is \(value > 0 ? "above" : "below") zero"
  }
}

extension Wording {
  /// A number with its sign and three significant digits: `+0.0503`.
  static func signedNumber(_ value: Double) -> String {
    (value > 0 ? "+" : "") + NumberText.significant(value)
  }
}
