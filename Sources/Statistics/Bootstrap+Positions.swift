extension Bootstrap {
  /// The interval of the mean at each position over documents of different lengths.
  ///
  /// A document that ends before a position takes no part there. The resamples are those of
  /// `interval(numerators:denominators:)`, the same for all positions.
  /// - Parameter documents: for each document, a number for each position from the first on
  /// - Returns: one interval for each position of the longest document; nil where `interval` is nil
  /// - Complexity: O(resamples · numbers).
  package func intervals(byPosition documents: [[Double]]) -> [Interval?] {
    let length = documents.map(\.count).max() ?? 0
    guard resamples > 0, let last = UInt32(exactly: documents.count - 1), length > 0 else {
      return Array(repeating: nil, count: length)
    }
    var generator = MersenneTwister(seed: seed)
    // `resamples` numbers for each position; NaN where no drawn document reaches it.
    var means = [Double](repeating: .nan, count: length * resamples)
    var sums = [Double](repeating: 0, count: length)
    var ends = [Int](repeating: 0, count: length + 1)
    for resample in 0..<resamples {
      for position in 0..<length { sums[position] = 0 }
      for position in 0...length { ends[position] = 0 }
      for _ in documents.indices {
        let document = documents[Int(generator.integer(through: last))]
        add(document, to: &sums)
        ends[document.count] += 1
      }
      var left = documents.count
      for position in 0..<length {
        left -= ends[position]
        if left > 0 { means[position * resamples + resample] = sums[position] / Double(left) }
      }
    }
    let tail = (1 - confidence) / 2
    return (0..<length).map { position in
      let values = documents.compactMap { $0.count > position ? $0[position] : nil }
      let estimate = values.reduce(0, +) / Double(values.count)
      let drawn = means[position * resamples..<(position + 1) * resamples].filter(\.isFinite)
      guard estimate.isFinite, !drawn.isEmpty else { return nil }
      let bounds = Quantile.linear(of: drawn, at: [tail, 1 - tail])
      return Interval(estimate: estimate, lower: bounds[0], upper: bounds[1])
    }
  }

  /// Adds the document position by position. Unsafe buffers spare the bounds checks of this inner
  /// loop.
  private func add(_ document: [Double], to sums: inout [Double]) {
    precondition(document.count <= sums.count, "\(document.count) numbers for \(sums.count) sums")
    sums.withUnsafeMutableBufferPointer { sums in
      document.withUnsafeBufferPointer { document in
        for position in document.indices { sums[position] += document[position] }
      }
    }
  }
}

extension DocumentIntervals {
  /// The mean at each position over documents of different lengths, with its interval: Student's
  /// where ten to forty documents have the position, a percentile interval where more have it.
  ///
  /// - Returns: one mean with its interval for each position of the longest document
  /// - Complexity: O(resamples · numbers) where more than forty documents have a position.
  package func intervals(
    byPosition documents: [[Double]]
  ) -> [(mean: Double, interval: Interval?)] {
    let length = documents.map(\.count).max() ?? 0
    let isLarge = documents.count > Self.mostForStudent
    let resampled = isLarge ? bootstrap.intervals(byPosition: documents) : []
    return (0..<length).map { position in
      let values = documents.compactMap { $0.count > position ? $0[position] : nil }
      let interval =
        values.count > Self.mostForStudent ? resampled[position] : interval(mean: values)
      return (values.reduce(0, +) / Double(values.count), interval)
    }
  }
}
