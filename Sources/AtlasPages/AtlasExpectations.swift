import Analyses
import Atlas
import Diagnostics
import StudyFile

/// Checks the addresses of an atlas's expectations before the model runs.
package enum AtlasExpectations {
  /// - Throws: `Diagnostic` of kind `.study` for an address that no findings of the atlas could have.
  package static func check(_ file: AtlasFile) throws {
    let shape = AtlasSchema.shape
    for (index, expectation) in file.expect.enumerated() {
      if let fault = fault(expectation.figure, shape, labels: file.corpora.map(\.name)) {
        throw file.diagnostic(
          "expect[\(index)].figure", expected: fault.expected, found: fault.found,
          advice: fault.advice)
      }
    }
  }

  private typealias Fault = (expected: String, found: String, advice: String)

  /// What is wrong with an address; nil if it can name a number.
  private static func fault(
    _ address: FigureAddress, _ shape: FigureShape, labels: [String]
  ) -> Fault? {
    var shape = shape
    for step in address.steps {
      let found = "\"\(step.name.prefix(80))\""
      func unknown(_ names: [String]) -> Fault {
        (
          "a figure of the atlas's findings", found,
          NearestName.advice(step.name, among: names)
        )
      }
      switch shape {
      case .object(let members):
        guard let member = members.first(where: { $0.name == step.name }) else {
          return unknown(members.map(\.name))
        }
        shape = member.shape
      case .named(let member):
        guard labels.contains(step.name) else { return unknown(labels) }
        shape = member
      case .list(let item):
        guard case .index = step else {
          return ("a number from 0, which indexes a list", found, "Write the item's index.")
        }
        shape = item
      case .number, .word:
        return ("the address to end before this step", found, "Leave out what follows the figure.")
      case .unknown: return nil
      }
    }
    switch shape {
    case .number, .unknown: return nil
    case .object(let members):
      return (
        "one number", "several figures",
        "Name one of them: \(members.prefix(20).map(\.name).joined(separator: ", "))."
      )
    case .named:
      return (
        "one number", "several figures",
        "Name one of them: \(labels.prefix(20).map(FigureAddress.step).joined(separator: ", "))."
      )
    case .list: return ("one number", "a list", "Add a number, which indexes it from 0.")
    case .word: return ("one number", "words", "Only numbers can be compared.")
    }
  }
}
