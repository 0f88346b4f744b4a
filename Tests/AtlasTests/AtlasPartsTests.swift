import Atlas
import LinearAlgebra
import Passes
import StudyFile
import Testing

/// The choices of an atlas that need no model.
struct AtlasPartsTests {
  private static func document(
    _ label: Int, _ index: Int, _ digest: String
  ) -> AtlasDocument {
    AtlasDocument(label: label, index: index, ids: [0, 1], digest: digest)
  }

  @Test func eachLabelIsDividedByItsOwnHashes() {
    let documents = (0..<2).flatMap { label in
      (0..<10).map { Self.document(label, $0, "\((7 * $0 + 3 * label) % 10)") }
    }
    let divided = DocumentSplit.divided(documents, labels: 2, share: 0.6, byIndex: false)
    for (label, own) in divided.enumerated() {
      #expect(own.map(\.index) == Array(0..<10))
      let confirming = own.filter(\.confirms).map(\.digest).sorted()
      #expect(confirming == ["0", "1", "2", "3", "4", "5"], "label \(label)")
      #expect(own.allSatisfy { $0.passage == nil })
    }
  }

  @Test func versionsOfAPassageStayTogether() {
    // The second label lacks passage 3, and its own hashes would divide otherwise.
    let documents =
      (0..<5).map { Self.document(0, $0, "\(9 - $0)") }
      + [0, 1, 2, 4].map { Self.document(1, $0, "\($0)") }
    let divided = DocumentSplit.divided(documents, labels: 2, share: 0.4, byIndex: true)
    #expect(divided[0].filter(\.confirms).map(\.index) == [3, 4])
    #expect(divided[1].filter(\.confirms).map(\.index) == [4])
    #expect(divided[1].map(\.passage) == [0, 1, 2, 4])
  }

  @Test func randomAndMatchedSetsHaveTheSameLayers() {
    let width = 50
    let firing = (0..<150).map { Double(($0 * 37) % 100) / 100 }
    let set = [3, 60, 61, 149, 0, 100]
    let layers = set.map { $0 / width }.sorted()
    let random = SetStudy.random(set, width: width, seed: 0, label: 1, size: 6)
    #expect(random.map { $0 / width }.sorted() == layers)
    #expect(Set(random).count == 6 && Set(random).isDisjoint(with: set))
    #expect(random != SetStudy.random(set, width: width, seed: 0, label: 2, size: 6))
    #expect(random == SetStudy.random(set, width: width, seed: 0, label: 1, size: 6))
    let matched = SetStudy.matched(set, width: width, firing: firing)
    #expect(matched.map { $0 / width } == set.map { $0 / width })
    #expect(Set(matched).count == 6 && Set(matched).isDisjoint(with: set))
    // Of layer 0, the nearest in firing to neuron 3 (0.11) is the one with 0.10 or 0.12.
    #expect(abs(firing[matched[0]] - firing[3]) <= 0.0101)
  }

  @Test func aLayerThatTheSetFillsHasFewerControls() {
    let set = Array(0..<7)
    #expect(SetStudy.matched(set, width: 10, firing: Array(repeating: 0, count: 10)).count == 3)
    #expect(SetStudy.random(set, width: 10, seed: 0, label: 0, size: 7).count == 3)
  }

  @Test func passagesSayWhyTheyAreShown() {
    // Two labels; the first has higher means but for one document on either side of the split.
    let documents = (0..<20).map { row in
      var document = Self.document(row % 2, row, "")
      document.confirms = row >= 8
      return document
    }
    var means = (0..<20).map { Float($0 % 2 == 0 ? 10 : 0) + Float($0) / 100 }
    means[10] = -1
    means[13] = 20
    let choice = PassageChoice(
      label: 0, means: means, strongest: [], AtlasSides(documents, labels: 2), count: 3, seed: 1)
    func rows(_ kind: AtlasPassage.Kind) -> [Int] {
      choice.choices.filter { $0.kind == kind }.map(\.row)
    }
    // Between the highest of the other label's discovery documents and the lowest of its own.
    #expect(abs(choice.cut - (0.07 + 10) / 2) < 1e-6)
    #expect(rows(.missed) == [10])
    #expect(rows(.mistaken) == [13])
    #expect(rows(.random).count == 3 && rows(.strongest).isEmpty)
    let bands = choice.choices.filter { $0.kind == .band }
    #expect(bands.compactMap(\.share) == PassageChoice.bands)
    #expect(bands.first?.row == 13)
  }

  @Test func windowsStayInsideTheText() {
    #expect(NeuronDetails.window(around: 50, length: 20, front: 1, end: 200) == 38..<58)
    #expect(NeuronDetails.window(around: 1, length: 20, front: 1, end: 200) == 1..<21)
    #expect(NeuronDetails.window(around: 199, length: 20, front: 1, end: 200) == 180..<200)
    #expect(NeuronDetails.window(around: 3, length: 20, front: 1, end: 9) == 1..<9)
  }

  @Test func numbersKeepTheDigitsThatMeanSomething() {
    #expect(RoundedNumber.fixed(0.91236, 4) == 0.9124)
    #expect(RoundedNumber.fixed(-0.00001, 4).description == "0.0")
    #expect(RoundedNumber.significant(1234.6, 3) == 1230)
    #expect(RoundedNumber.significant(-0.0012345, 3) == -0.00123)
    #expect(RoundedNumber.significant(.infinity, 3) == 0)
    #expect(RoundedNumber.significant(.leastNonzeroMagnitude, 2) == 0)
  }
}
