import Diagnostics
import Foundation
import JSON
import Storage
import Testing

struct JSONWriterTests {
  private func parse(_ text: String) throws -> JSON {
    try JSON(parsing: FileBytes(Array(text.utf8), name: "x.json"))
  }

  @Test func laysOutForReadersAndSortsByBytes() throws {
    let value = try parse(
      #"{"z": [1, 2.50, "a"], "é": {}, "Z": {"b": null, "a": [{"y": true, "x": -0}, {"w": []}]}}"#)
    #expect(
      value.text == """
        {
         "Z": {
          "a": [
           {"x": 0, "y": true},
           {
            "w": []
           }
          ],
          "b": null
         },
         "z": [1, 2.5, "a"],
         "é": {}
        }

        """)
  }

  @Test func packedTextKeepsLinesAndLeavesBlanksOut() throws {
    let value = try parse(
      #"{"b": [1, 2.50, "a, \": b"], "a": [{"y": {"z": []}}, {"x": 1, "w": 2}]}"#)
    #expect(
      value.packedText == """
        {
        "a":[
        {
        "y":{
        "z":[]
        }
        },
        {"w":2,"x":1}
        ],
        "b":[1,2.5,"a, \\": b"]
        }

        """)
    #expect(
      value.packedLine == #"{"b":[1,2.50,"a, \": b"],"a":[{"y":{"z":[]}},{"x":1,"w":2}]}"#)
    #expect(try parse(value.packedText).text == value.text)
  }

  @Test func equalValuesGiveEqualBytesAndReadingBackChangesNothing() throws {
    let a = try parse(#"{"a": 1, "b": [0.1234567891, 1e-7, 12345678901234567890]}"#)
    let b = try parse("{\"b\":[0.12345678910,1.0E-7,12345678901234567890],\"a\":1}")
    #expect(a.text == b.text)
    #expect(try parse(a.text).text == a.text)
    #expect(a.text.contains("[0.123456789, 1e-07, 12345678901234567890]"))
  }

  @Test func charactersThatHideAreEscaped() throws {
    let text = "\"\\\n\r\t\0\u{7F}\u{85}\u{200B}\u{2028}\u{202E}\u{FEFF} é😀"
    let written = JSON.string(text).text
    #expect(
      written == #""\"\\\n\r\t\u0000\u007f\u0085\u200b\u2028\u202e\ufeff é😀""# + "\n")
    #expect(try parse(written).string == text)
  }

  @Test func digitsAreThoseOfC() {
    var state: UInt64 = 20_250_917
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let small = Double(Int64(bitPattern: state)) / 0x1p63 * 1000
      for value in [Double(bitPattern: state), small, small.rounded() / 1000]
      where value.isFinite {
        let expected = String(format: "%.9g", value)
        #expect(SignificantDigits.text(value) == (expected == "-0" ? "0" : expected))
      }
    }
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-2.5, "-2.5"), (999_999_999.6, "1e+09"),
      (123_456_789, "123456789"), (1_234_567_890, "1.23456789e+09"), (0.0001, "0.0001"),
      (0.00001, "1e-05"), (1.7976931348623157e308, "1.79769313e+308"),
      (100, "100"), (0.9999999999, "1"), (Double(Float(0.1)), "0.100000001"),
    ] as [(Double, String)])
  func digits(value: Double, text: String) {
    #expect(SignificantDigits.text(value) == text)
  }

  @Test func fewerDigitsOnRequestAndNoneForWhatIsNoNumber() {
    #expect(SignificantDigits.text(0.0456789, 3) == "0.0457")
    #expect(SignificantDigits.text(99.96, 3) == "100")
    #expect(SignificantDigits.text(.nan) == nil)
    #expect(SignificantDigits.text(-.infinity) == nil)
  }

  @Test func aNumberThatIsNotFiniteIsNamed() {
    #expect {
      _ = try JSON(encoding: ["a": [1, Double.nan]], file: "findings.json")
    } throws: { error in
      let message = (error as? Diagnostic)?.message ?? ""
      return message.hasPrefix("error: findings.json: a.1: expected a finite number, found nan")
    }
  }

  @Test(arguments: [
    (#"{"a": "x"}"#, "a"), (#"{"a": ["x"]}"#, "a.0"), (#"{"a": [1.5]}"#, ""), ("[]", ""),
    (#"{"a": null}"#, "a"), (#"{"a": [99999999999999999999]}"#, ""), (#"{"b": [1]}"#, ""),
    (#"{"a": [1"#, "line 1"),
  ])
  func decodingNamesTheFieldAtFault(text: String, field: String) {
    struct Shape: Decodable { var a: [Int] }
    #expect {
      _ = try JSON.decode(Shape.self, from: FileBytes(Array(text.utf8), name: "findings.json"))
    } throws: { error in
      guard let diagnostic = error as? Diagnostic else { return false }
      return diagnostic.kind == .data && diagnostic.file == "findings.json"
        && diagnostic.field.hasPrefix(field)
    }
  }
}
