/// A sample without replacement from a stream of unknown length: Algorithm R (J. S. Vitter, "Random
/// sampling with a reservoir", ACM TOMS 11, 1985).
///
/// The first `size` elements fill the sample. Element i, counted from 0, then draws j with NumPy's
/// `RandomState(seed).randint(0, i + 1)` and replaces element j of the sample if j < `size`. Memory
/// is that of the sample.
package struct Reservoir<Element> {
  private let size: Int
  private var random: MersenneTwister
  /// The number of elements that were offered.
  package private(set) var offered = 0
  /// The sampled elements, in no meaningful order.
  package private(set) var elements: [Element] = []

  /// An empty sample.
  ///
  /// - Parameter size: at least 1
  package init(size: Int, seed: UInt32) {
    precondition(size > 0, "a sample of \(size)")
    self.size = size
    random = MersenneTwister(seed: seed)
  }

  /// Offers the next element of the stream. It is evaluated only if the sample takes it.
  package mutating func offer(_ element: @autoclosure () throws -> Element) rethrows {
    defer { offered += 1 }
    guard offered >= size else {
      elements.append(try element())
      return
    }
    let place = Int(random.integer(through: UInt32(clamping: offered)))
    if place < size { elements[place] = try element() }
  }
}
