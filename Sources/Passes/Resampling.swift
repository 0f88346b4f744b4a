import Statistics

/// Resample ablation: a document's activations are replaced by those of another document at the
/// same positions.
package struct Resampling: Sendable {
  /// Where donors are taken from.
  package struct Source: Sendable, Hashable {
    package let donors: DocumentSet
    /// Whether the documents that are run may be among the donors. No document is its own donor.
    package let isAmongDonors: Bool
    package let seed: UInt32

    package init(donors: DocumentSet, isAmongDonors: Bool, seed: UInt32) {
      self.donors = donors
      self.isAmongDonors = isAmongDonors
      self.seed = seed
    }
  }

  /// The activations to set, by document and position.
  package let values: [[Float]]
  /// The number of tokens after the first that keep their own activation, because their donor is
  /// too short.
  package let kept: Int

  /// A document's tokens and the neuron's activations at them.
  package typealias Document = (ids: [Int32], activations: [Float])

  /// Draws one donor for each document among those at least as long; if there is none, takes the
  /// longest.
  ///
  /// In NumPy the draws are `RandomState(seed).randint(0, n)`, document after document, where n is
  /// the number of eligible donors; with one eligible donor nothing is drawn.
  /// - Parameters:
  ///   - isAmongDonors: whether donors with the document's own tokens are left out
  package init(
    of own: [Document], from donors: [Document], isAmongDonors: Bool, seed: UInt32
  ) {
    var generator = MersenneTwister(seed: seed)
    var kept = 0
    values = own.map { ids, activations in
      let pool = donors.filter { !isAmongDonors || $0.ids != ids }.map(\.activations)
      let longEnough = pool.filter { $0.count >= activations.count }
      let donor: [Float]
      if let last = UInt32(exactly: longEnough.count - 1) {
        donor = longEnough[Int(generator.integer(through: last))]
      } else {
        donor = pool.max { $0.count < $1.count } ?? []
      }
      kept += max(0, activations.count - max(1, donor.count))
      return activations.indices.map { $0 < donor.count ? donor[$0] : activations[$0] }
    }
    self.kept = kept
  }
}
