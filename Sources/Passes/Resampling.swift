import Statistics

/// Activations of another document at the same position, for resample ablation.
package struct Resampling: Sendable {
  /// Where donors come from.
  package struct Source: Sendable, Hashable {
    package let donors: DocumentSet
    /// Whether the documents that are run are the donors themselves, each being no donor of its own.
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

  /// Each document takes the activations of one donor, drawn among those at least as long as it
  /// is; where there is none, of the longest.
  ///
  /// In NumPy the draws are `RandomState(seed).randint(0, n)`, document after document; one
  /// eligible donor draws nothing.
  /// - Parameters:
  ///   - own: activations by document and position
  ///   - donors: the same of the donors; nil takes the other documents of `own`
  package init(of own: [[Float]], from donors: [[Float]]?, seed: UInt32) {
    var generator = MersenneTwister(seed: seed)
    var kept = 0
    values = own.enumerated().map { index, activations in
      let pool = (donors ?? own).enumerated().filter { donors != nil || $0.offset != index }
      let longEnough = pool.filter { $0.element.count >= activations.count }
      let donor: [Float]
      if let last = UInt32(exactly: longEnough.count - 1) {
        donor = longEnough[Int(generator.integer(through: last))].element
      } else {
        donor = pool.max { $0.element.count < $1.element.count }?.element ?? []
      }
      kept += max(0, activations.count - max(1, donor.count))
      return activations.indices.map { $0 < donor.count ? donor[$0] : activations[$0] }
    }
    self.kept = kept
  }
}
