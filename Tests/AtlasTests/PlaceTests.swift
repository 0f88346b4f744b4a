import Atlas
import StudyFile
import Testing

/// Neurons are counted through the layers, so an address and a place name each other.
struct PlaceTests {
  @Test func confirmedNeuronsCountOnceInPermutations() {
    // Phipson and Smyth 2010: the observed labelling is one of the permutations.
    #expect(LabelColumns.p(0, of: 999) == 0.001)
    #expect(LabelColumns.p(999, of: 999) == 1)
  }
}
