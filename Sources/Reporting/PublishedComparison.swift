import JSON
import StudyFile

/// A figure published elsewhere beside what this study gives for it.
package struct PublishedComparison: Sendable, Equatable {
  /// The figure's address, as the study writes it.
  package let figure: String
  package let published: [Double]
  package let isList: Bool
  /// As many values as were published; nil where the findings hold fewer, or none.
  package let reproduced: [Double]?
  /// The same over real tokens, for a figure that includes padding.
  package let corrected: [Double]?
  package let tolerance: Double
  package let source: String

  package init(_ figure: PublishedFigure, findings: JSON) {
    self.figure = figure.figure.text
    switch figure.value {
    case .number(let number): (published, isList) = ([number], false)
    case .list(let numbers): (published, isList) = (numbers, true)
    }
    tolerance = figure.tolerance
    source = figure.source
    let (count, isList) = (published.count, isList)
    func values(_ address: FigureAddress) -> [Double]? {
      let found = FigureLookup(address, in: findings)
      let fits = found.isList == isList && found.numbers.count >= count && count > 0
      return fits ? Array(found.numbers.prefix(count)) : nil
    }
    reproduced = values(figure.figure)
    corrected = Self.masked(figure.figure).flatMap(values)
  }

  /// The largest difference, reproduced minus published, with its sign.
  package var difference: Double? {
    guard let reproduced else { return nil }
    return zip(reproduced, published).map { $0 - $1 }.max { $0.magnitude < $1.magnitude }
  }

  package var isInside: Bool {
    // What was read from decimals may be off by the last bit.
    difference.map { $0.magnitude <= tolerance + 1e-12 } ?? false
  }

  /// The address of the figure over real tokens.
  private static func masked(_ address: FigureAddress) -> FigureAddress? {
    guard address.steps.contains(.name("padded")),
      let range = address.text.ranges(of: ".padded.").last
    else { return nil }
    return try? FigureAddress.parse(
      address.text[..<range.lowerBound] + ".masked." + address.text[range.upperBound...])
  }
}
