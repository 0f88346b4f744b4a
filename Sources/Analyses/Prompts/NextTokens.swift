import Statistics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How likely one token is to come next.
package struct TokenScore: Codable, Sendable, Equatable {
  /// The rank; 0 is the most likely token, and of equal logits the lower id ranks first.
  package var rank: Int
  package var logit: Double
  package var probability: Double
  /// The log-probability in nats; finite even where the probability rounds to zero.
  package var logProbability: Double

  enum CodingKeys: String, CodingKey {
    case rank, logit, probability
    case logProbability = "log_probability"
  }
}

/// The distribution over the next token given by logits; the softmax is computed in Double.
package struct NextTokens: Sendable {
  private let logits: [Float]
  private let logSumExp: Double

  /// The distribution that logits stand for.
  ///
  /// - Parameter logits: `[vocabulary]`, finite
  package init(logits: [Float]) {
    self.logits = logits
    let largest = Double(logits.max() ?? 0)
    logSumExp = largest + log(logits.reduce(0.0) { $0 + exp(Double($1) - largest) })
  }

  /// The `count` most likely tokens, the most likely first; of equal logits the lower id comes
  /// first.
  package func top(_ count: Int) -> [Int] { topIndices(by: logits, count: count) }

  /// The rank, logit and probability of a token.
  ///
  /// - Complexity: O(vocabulary).
  package func score(of token: Int) -> TokenScore {
    precondition(logits.indices.contains(token), "token \(token) of \(logits.count)")
    let logit = logits[token]
    let logProbability = Double(logit) - logSumExp
    return TokenScore(
      rank: logits[..<token].count { $0 >= logit } + logits[token...].count { $0 > logit },
      logit: Double(logit), probability: exp(logProbability), logProbability: logProbability)
  }
}
