#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a model knows where in a text a token stands.
package enum Positions: Sendable, Codable, Equatable {
  /// A vector for each position is added to the embedding (W_pos).
  case learned
  /// Queries and keys are turned by an angle that grows with the position (Su et al. 2021).
  case rotary(Rotary)
  /// A key's score falls with its distance, by a slope for each head (Press et al. 2022).
  case alibi
}

/// Rotary positions on the first dimensions of each head.
package struct Rotary: Sendable, Codable, Equatable {
  /// Which two dimensions are turned together.
  package enum Pairs: String, Sendable, Codable {
    /// (i, i + n/2)
    case halves
    /// (2i, 2i + 1)
    case adjacent
  }

  /// How the angles of a model that was trained on short texts were stretched.
  package enum Scaling: Sendable, Codable, Equatable {
    /// Every frequency is divided.
    case linear(factor: Double)
    /// Low frequencies are divided, high ones kept, those between blended (Llama 3.1).
    case llama3(factor: Double, low: Double, high: Double, original: Int)
  }

  /// Dimensions of each head that take part. Pair i turns by `position / base^(2i/dimensions)`.
  package var dimensions: Int
  package var base: Double
  package var scaling: Scaling?
  package var pairs = Pairs.halves

  package init(
    dimensions: Int, base: Double, scaling: Scaling? = nil, pairs: Pairs = .halves
  ) {
    self.dimensions = dimensions
    self.base = base
    self.scaling = scaling
    self.pairs = pairs
  }

  /// The pairs of dimensions that are turned.
  ///
  /// transformers makes the frequencies of an odd count by steps of two, and turns as many pairs as
  /// there are frequencies: one dimension more.
  package var pairCount: Int { (dimensions + 1) / 2 }
}

extension Rotary {
  /// What a position is divided by for the angle of each pair, in float32, as TransformerLens and
  /// transformers compute it.
  package var divisors: [Float] {
    (0..<pairCount).map { pair in
      let divisor = powf(Float(base), Float(2 * pair) / Float(dimensions))
      switch scaling {
      case nil: return divisor
      case .linear(let factor): return divisor * Float(factor)
      case .llama3(let factor, let low, let high, let original):
        // `_compute_llama3_parameters` in transformers.
        let wavelength = 2 * Float.pi * divisor
        if wavelength < Float(original) / Float(high) { return divisor }
        if wavelength > Float(original) / Float(low) { return divisor * Float(factor) }
        let kept = (Float(original) / wavelength - Float(low)) / (Float(high) - Float(low))
        let frequency = 1 / divisor
        return 1 / ((1 - kept) * frequency / Float(factor) + kept * frequency)
      }
    }
  }
}

extension Positions {
  /// How fast each head's scores fall with distance: 2^(−8h/H) from h = 1, where H is a power of two;
  /// else those of the power below, and every other of the power above (`build_alibi_tensor` in
  /// transformers).
  package static func slopes(heads: Int) -> [Float] {
    var power = 1
    while 2 * power <= heads { power *= 2 }
    func slope(_ index: Int, of count: Int) -> Float {
      Float(exp2(-8 * Double(index) / Double(count)))
    }
    return (1...power).map { slope($0, of: power) }
      + (0..<heads - power).map { slope(2 * $0 + 1, of: 2 * power) }
  }
}
