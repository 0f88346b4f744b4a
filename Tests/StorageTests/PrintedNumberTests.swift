import Diagnostics
import Foundation
import Testing

/// Numbers are written as C's `printf` writes them.
struct PrintedNumberTests {
  @Test(arguments: [
    0, -0.0, 0.5, 1.5, 2.5, -1234.5678, 9.995, 1e-7, 123_456_789, 1e22, .pi, 5e-324,
  ])
  func aNumberIsWrittenAsByPrintf(value: Double) {
    for (form, letter) in [(PrintedNumber.Form.fixed, "f"), (.scientific, "e"), (.general, "g")] {
      for digits in [0, 1, 3, 9, 17] {
        #expect(
          PrintedNumber.text(value, form, digits: digits)
            == String(format: "%.\(digits)\(letter)", value))
      }
    }
  }

  @Test func theLargestNumberFits() {
    let text = PrintedNumber.text(-.greatestFiniteMagnitude, digits: 17)
    #expect(text.count == 328 && text.hasSuffix(".00000000000000000"))
  }

  @Test func columnsAreOneWidth() {
    #expect("ab".column(4) == "ab  ")
    #expect("abcdef".column(4) == "abcd")
    #expect("".column(2) == "  ")
  }
}
