#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a model encodes the position of a token in the text.
package enum PositionalEmbedding: Sendable, Codable, Equatable {
  /// A vector for each position is added to the embedding (W_pos).
  case learned
  /// Queries and keys are rotated by an angle that grows with the position (Su et al. 2021).
  case rotary(Rotary)
  /// ALiBi: a key's score falls with its distance, with a slope for each head (Press et al. 2022).
  case alibi
}

/// Rotary positions on the first dimensions of each head.
package struct Rotary: Sendable, Codable, Equatable {
  /// Which two dimensions are rotated together.
  package enum Pairs: String, Sendable, Codable {
    /// The pairs are (i, i + n/2).
    case halves
    /// The pairs are (2i, 2i + 1).
    case adjacent
  }

  /// How the angles are scaled in a model that was trained on shorter texts.
  package enum Scaling: Sendable, Codable, Equatable {
    /// All frequencies are divided by a factor.
    case linear(factor: Double)
    /// Low frequencies are divided, high ones kept, and those between are interpolated (Llama 3.1).
    case llama3(factor: Double, low: Double, high: Double, original: Int)
  }

  /// The number of rotated dimensions of each head. Pair i has the angle `position /
  /// base^(2i/dimensions)`.
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

  /// The number of pairs that are rotated.
  ///
  /// With an odd number of dimensions, transformers computes the frequencies in steps of two and
  /// rotates one pair for each: one dimension more than `dimensions`.
  package var pairCount: Int { (dimensions + 1) / 2 }
}

extension Rotary {
  /// The divisor of the position for each pair's angle, in float32, as TransformerLens and
  /// transformers compute it.
  package var divisors: [Float] {
    (0..<pairCount).map { pair in
      let divisor = powf(Float(base), Float(2 * pair) / Float(dimensions))
      switch scaling {
      case nil: return divisor
      case .linear(let factor): return divisor * Float(factor)
      case .llama3(let factor, let low, let high, let original):
        // The formula is that of `_compute_llama3_parameters` in transformers.
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

extension PositionalEmbedding {
  /// ALiBi's slope for each head. For a power of two H of heads it is 2^(−8h/H), h from 1;
  /// otherwise the slopes of the next lower power come first, then every other slope of the next
  /// higher one (`build_alibi_tensor` in transformers).
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
