import JSON
import StudyFile

/// A figure published elsewhere and the value that this study gives for it.
package struct PublishedComparison: Sendable, Equatable {
  /// The figure's address as the study writes it.
  package let figure: String
  package let published: [Double]
  package let isList: Bool
  /// The reproduced values, as many as were published; nil if the findings have fewer.
  package let reproduced: [Double]?
  /// The reproduced values without padding tokens, for a figure that includes them.
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
    // Decimal numbers in files may be off by the last bit, hence the small allowance.
    difference.map { $0.magnitude <= tolerance + 1e-12 } ?? false
  }

  /// The address of the same figure without padding tokens.
  private static func masked(_ address: FigureAddress) -> FigureAddress? {
    guard address.steps.contains(.name("padded")),
      let range = address.text.ranges(of: ".padded.").last
    else { return nil }
    return try? FigureAddress.parse(
      address.text[..<range.lowerBound] + ".masked." + address.text[range.upperBound...])
  }
}
