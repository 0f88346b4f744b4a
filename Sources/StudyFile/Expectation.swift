/// A check that the study demands: a figure and the bound that it must keep.
package struct Expectation: Sendable, Equatable {
  package enum Bound: Sendable, Equatable {
    case atLeast(Double)
    case atMost(Double)
    case equals(Double, tolerance: Double)

    package func holds(_ value: Double) -> Bool {
      switch self {
      case .atLeast(let least): value >= least
      case .atMost(let most): value <= most
      case .equals(let expected, let tolerance): abs(value - expected) <= tolerance
      }
    }
  }

  package var figure: FigureAddress
  package var bound: Bound
}

extension Expectation: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case figure
    case atLeast = "at_least"
    case atMost = "at_most"
    case equals, tolerance
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    figure = try container.decode(FigureAddress.self, forKey: .figure)
    if let least = try container.decodeIfPresent(Double.self, forKey: .atLeast) {
      bound = .atLeast(least)
    } else if let most = try container.decodeIfPresent(Double.self, forKey: .atMost) {
      bound = .atMost(most)
    } else {
      bound = .equals(
        try container.decode(Double.self, forKey: .equals),
        tolerance: try container.decode(Double.self, forKey: .tolerance))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(figure, forKey: .figure)
    switch bound {
    case .atLeast(let least): try container.encode(least, forKey: .atLeast)
    case .atMost(let most): try container.encode(most, forKey: .atMost)
    case .equals(let expected, let tolerance):
      try container.encode(expected, forKey: .equals)
      try container.encode(tolerance, forKey: .tolerance)
    }
  }
}
