import Diagnostics
import JSON
import StudyFile

/// The result of checking one expectation of the study.
package struct CheckResult: Sendable, Equatable {
  /// The figure's address, as the study writes it.
  package let figure: String
  package let bound: Expectation.Bound
  /// The value; nil if the findings have no number at this address.
  package let value: Double?
  /// The reason if there is no value: `expected a figure of the findings, found "acuracy"`.
  package let problem: String?

  package var holds: Bool { value.map(bound.holds) ?? false }

  /// Checks every expectation against `findings`, which is the `findings` object of
  /// `findings.json`.
  package static func all(_ expectations: [Expectation], findings: JSON) -> [CheckResult] {
    expectations.map { expectation in
      let figure = FigureLookup(expectation.figure, in: findings)
      let isNumber = figure.numbers.count == 1 && !figure.isList
      return CheckResult(
        figure: expectation.figure.text, bound: expectation.bound,
        value: isNumber ? figure.numbers[0] : nil,
        problem: isNumber ? nil : figure.problem ?? "expected one number")
    }
  }

  /// The bound in words, such as `at least 0.9`.
  package var expected: String {
    switch bound {
    case .atLeast(let least): "at least \(Self.digits(least))"
    case .atMost(let most): "at most \(Self.digits(most))"
    case .equals(let value, let tolerance):
      Self.digits(value) + (tolerance == 0 ? "" : " ± \(Self.digits(tolerance))")
    }
  }

  /// The value with all digits of the file, or the reason if there is none.
  package var found: String { value.map(Self.digits) ?? problem ?? "no number" }

  /// A line for a terminal: `pass  sparse_probe.test_accuracy: expected at least 0.9, found
  /// 0.946969697`.
  package var line: String {
    "\(holds ? "pass" : "FAIL")  \(figure): expected \(expected), found \(found)"
  }

  private static func digits(_ value: Double) -> String { SignificantDigits.text(value) ?? "–" }
}

/// Looks up the numbers at an address of the findings.
struct FigureLookup {
  var numbers: [Double] = []
  var isList = false
  /// The reason if there are no numbers.
  var problem: String?

  init(_ address: FigureAddress, in findings: JSON) {
    do {
      let value = try address.value(in: findings, file: FindingsFile.name)
      if let number = value.double {
        numbers = [number]
      } else if let items = value.array, case let values = items.compactMap(\.double),
        values.count == items.count
      {
        isList = true
        numbers = values
      } else {
        problem = "\(value.summary), which is no number"
      }
    } catch let diagnostic as Diagnostic {
      problem = "no such figure: \(diagnostic.found). \(diagnostic.advice)"
    } catch {
      problem = "no such figure"
    }
  }
}
