import Statistics

/// Activations of another document at the same position, for resample ablation.
package struct Resampling: Sendable {
  /// Where donors come from.
  package struct Source: Sendable, Hashable {
    package let donors: DocumentSet
    /// Whether the documents that are run may stand among the donors: none is its own donor.
    package let isAmongDonors: Bool
    package let seed: UInt32

    package init(donors: DocumentSet, isAmongDonors: Bool, seed: UInt32) {
      self.donors = donors
      self.isAmongDonors = isAmongDonors
      self.seed = seed
    }
  }

  /// By document and position.
  package let values: [[Float]]
  /// Tokens after the first that keep their own activation, since their donor is too short.
  package let kept: Int

  /// A document's tokens and the neuron's activations at them.
  package typealias Document = (ids: [Int32], activations: [Float])

  /// Each document takes the activations of one donor, drawn among those at least as long as it
  /// is; where there is none, of the longest.
  ///
  /// In NumPy the draws are `RandomState(seed).randint(0, n)`, document after document; one
  /// eligible donor draws nothing.
  /// - Parameters:
  ///   - isAmongDonors: whether a donor of the document's own text is left out
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
