import Diagnostics
import Foundation
import JSON
import Storage
import Testing

struct TreeCodingTests {
  struct Sample: Codable, Equatable {
    var flag = true
    var text = "é e\u{301} \u{202E} \"quoted\""
    var counts: [Int] = [0, -1, 9_007_199_254_740_992]
    var small: [UInt8] = [0, 255]
    var numbers: [Double] = [0, -0.0, 1, 0.1, 1e-300, 1.5e300, 123_456_789_012, 5e-324]
    var floats: [Float] = [0.1, 3.4e38, -1e-45]
    var missing: Int?
    var present: Int? = 3
    var holes: [Int?] = [1, nil, 3]
    var byName = ["b": [1], "a": []]
    var byNumber = [7: "seven"]
    var pairs = [[Choice.left(1)], [.right]]
    var nothing: [String: Int] = [:]

    enum Choice: Codable, Equatable {
      case left(Int)
      case right
    }
  }

  @Test func whatIsEncodedReadsBackAsItself() throws {
    let tree = try JSON(encoding: Sample(), file: "sample.json")
    #expect(try tree.decode(Sample.self, file: "sample.json") == Sample())
  }

  /// Foundation's coders are the reference: the same value gives the same text either way.
  @Test func itAgreesWithFoundation() throws {
    let data = try JSONEncoder().encode(Sample())
    let reference = try JSON(parsing: FileBytes(Array(data), name: "sample.json"))
    let tree = try JSON(encoding: Sample(), file: "sample.json")
    #expect(tree.text == reference.text)
    #expect(try JSONDecoder().decode(Sample.self, from: Data(tree.text.utf8)).counts.count == 3)
  }

  @Test(arguments: ["6", "6.0", "0.6e1", "60e-1"])
  func anIntegerMayBeSpelledAsAnyNumberOfItsValue(digits: String) throws {
    #expect(try JSON.array([.number(digits)]).decode([Int].self, file: "f") == [6])
  }

  @Test(arguments: ["256", "-1", "0.5", "1e9", "1e400"])
  func aNumberThatItsTypeCannotHoldIsNamed(digits: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      _ = try JSON.object([.init(key: "a", value: .array([.number(digits)]))])
        .decode([String: [UInt8]].self, file: "f")
    }
    #expect(error?.field == "a.0")
  }

  @Test(arguments: ["1e400", "-1e39"])
  func aFloatBeyondItsRangeIsNotInfinity(digits: String) {
    #expect(throws: Diagnostic.self) {
      _ = try JSON.array([.number(digits)]).decode([Float].self, file: "f")
    }
  }

  /// Two keys that Swift's strings take for equal are two members of a file.
  @Test func keysAreComparedByTheirBytes() throws {
    struct Keys: Decodable {
      var composed: Int
      var decomposed: Int
      enum CodingKeys: String, CodingKey {
        case composed = "\u{E9}"
        case decomposed = "e\u{301}x"
      }
    }
    let tree = JSON.object([
      .init(key: "e\u{301}", value: .number("1")), .init(key: "\u{E9}", value: .number("2")),
      .init(key: "e\u{301}x", value: .number("3")),
    ])
    let keys = try tree.decode(Keys.self, file: "f")
    #expect(keys.composed == 2 && keys.decomposed == 3)
  }
}
