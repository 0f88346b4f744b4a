import Passes
import Testing

struct WorkShareTests {
  @Test func allSharesTogetherAreTheList() {
    for count in 1...7 {
      for length in 0...20 {
        let shares = (0..<count).map { WorkShare($0, of: count).range(of: length) }
        #expect(shares.flatMap(Array.init) == Array(0..<length))
      }
    }
  }
}
