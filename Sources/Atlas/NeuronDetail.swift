/// What the page of a neuron shows besides its columns.
package struct NeuronDetail: Sendable, Codable, Equatable {
  /// The neuron's place.
  package var place: Int
  /// Why it has a page: the indices of the labels that it is among the best of; empty where it is
  /// only named.
  package var labels: [Int]
  package var isNamed: Bool
  /// The index of the label that its passages are about: the first of `labels`, or the one in whose
  /// order it stands first.
  package var shownFor: Int
  /// The mean over a document above which the document is said to be that label's, chosen on discovery
  /// documents.
  package var cut: Double
  /// The first bin of the histograms, and the counts of each label's tokens from there on, on both
  /// sides of the split. Bins after the last count are empty.
  package var firstBin: Int
  package var histograms: [[Int]]
  /// The most promoted and the most suppressed tokens, by what a unit of activation adds to their
  /// logits less the mean over the vocabulary.
  package var promotes: [TokenScore]
  package var suppresses: [TokenScore]
  /// The tokens whose embeddings its input reads most, by cosine.
  package var reads: [TokenScore]
  /// Texts on which it is strongest, in bands of its strength, at random, and where it errs.
  package var passages: [AtlasPassage]

  enum CodingKeys: String, CodingKey {
    case place, labels, cut, histograms, promotes, suppresses, reads, passages
    case isNamed = "is_named"
    case shownFor = "shown_for"
    case firstBin = "first_bin"
  }
}

/// A token with a number.
package struct TokenScore: Sendable, Codable, Equatable {
  package var token: String
  package var score: Double

  package init(token: String, score: Double) {
    self.token = token
    self.score = score
  }
}

/// A piece of a document with a neuron's activation at each token.
package struct AtlasPassage: Sendable, Codable, Equatable {
  /// Why it is shown.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// The strongest activations of the atlas, one a document, strongest first.
    case strongest
    /// Documents near the quantiles of the neuron's mean over a document; `share` names them.
    case band
    /// Documents drawn without regard to the neuron.
    case random
    /// Confirmation documents of the label that it is shown for whose mean is not above the cut, lowest
    /// first.
    case missed
    /// Confirmation documents of other labels whose mean is above the cut, highest first.
    case mistaken
  }

  package var kind: Kind
  /// The index of the document's label, and the document's place in the corpus.
  package var label: Int
  package var document: Int
  /// Whether it is a confirmation document; otherwise it took part in choosing.
  package var confirms: Bool
  /// The quantile of a band, from 0 to 1; nil for the other kinds.
  package var share: Double?
  /// The neuron's mean over the document's tokens.
  package var mean: Double
  /// The tokens of the passage, and the activation at each.
  package var tokens: [String]
  package var values: [Double]
}
