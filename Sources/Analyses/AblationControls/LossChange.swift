import Statistics

/// The change of the loss on some documents under an edit, weighted by token and by document.
package struct LossChange: Codable, Sendable, Equatable {
  /// The clean loss, in nats per token.
  package var clean: Double
  /// The edited minus the clean loss, in nats per token; every token weighs the same.
  package var change: Measured
  /// The change in percent of the clean loss.
  package var percent: Measured
  /// The mean over documents of each document's mean change, in nats; every document weighs the
  /// same.
  package var byDocument: Measured
  /// The mean over documents of each document's change in percent of its clean loss.
  package var percentByDocument: Measured
  /// `byDocument` divided by the standard deviation over documents (n − 1); absent where the
  /// documents do not differ.
  package var effectSize: Double?
  /// The share of documents whose mean loss rises, 0 to 1.
  package var worse: Double

  enum CodingKeys: String, CodingKey {
    case clean, change, percent, worse
    case byDocument = "by_document"
    case percentByDocument = "percent_by_document"
    case effectSize = "effect_size"
  }

  /// Compares the losses of documents; those without a token are left out.
  ///
  /// - Parameters:
  ///   - clean, edited: losses by document and token
  ///   - bootstrap: nil leaves intervals out
  package init(clean: [[Float]], edited: [[Float]], bootstrap: Bootstrap?) {
    precondition(
      clean.map(\.count) == edited.map(\.count), "losses of documents of different lengths")
    let pairs = zip(clean, edited).filter { !$0.0.isEmpty }
    let tokens = pairs.map { Double($0.0.count) }
    let before = pairs.map { Self.sum($0.0) }
    let changes = zip(pairs, before).map { Self.sum($0.1) - $1 }
    let means = zip(changes, tokens).map { $0 / $1 }
    self.clean = before.reduce(0, +) / max(1, tokens.reduce(0, +))
    change = Measured(numerators: changes, denominators: tokens, bootstrap: bootstrap)
    percent = Measured(
      numerators: changes.map { 100 * $0 }, denominators: before, bootstrap: bootstrap)
    byDocument = Measured(meanOf: means, bootstrap: bootstrap)
    percentByDocument = Measured(
      meanOf: zip(changes, before).map { $1 > 0 ? 100 * $0 / $1 : 0 }, bootstrap: bootstrap)
    effectSize = Self.effectSize(means)
    worse = Double(means.count { $0 > 0 }) / Double(max(1, means.count))
  }

  private static func sum(_ losses: [Float]) -> Double { losses.reduce(0) { $0 + Double($1) } }

  private static func effectSize(_ means: [Double]) -> Double? {
    guard means.count > 1 else { return nil }
    let mean = means.reduce(0, +) / Double(means.count)
    let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(means.count - 1)).squareRoot()
    return deviation > 0 ? mean / deviation : nil
  }
}

extension LossChange {
  /// The smallest and the largest of other corpora's changes, in percent, as the end of a sentence without
  /// full stop; empty without any.
  static func range(_ others: [(name: String, percent: Measured)]) -> String {
    guard let low = others.min(by: { $0.percent.value < $1.percent.value }),
      let high = others.max(by: { $0.percent.value < $1.percent.value })
    else { return "" }
    return others.count == 1
      ? ", on \(low.name) by \(low.percent.words) %"
      : "; on \(others.count) others by \(low.percent.words) (\(low.name)) to "
        + "\(high.percent.words) % (\(high.name))"
  }
}
