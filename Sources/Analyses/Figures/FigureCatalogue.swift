import Diagnostics
import StudyFile

/// All figures that a study can have, known before the model runs: the numbers that an address may
/// name, and the ids of charts and tables that notes may link.
package struct FigureCatalogue: Sendable {
  private let study: StudyFile
  private let layers: Int?

  /// What is wrong with a name. The caller adds where the name stands.
  package struct Fault: Error, Equatable {
    package let expected: String
    package let found: String
    package let advice: String
  }

  /// What an address has to name.
  package enum Kind: Sendable, Equatable {
    case number
    /// A list of at least this many numbers.
    case numbers(Int)
  }

  /// The figures of a study.
  ///
  /// - Parameter layers: the number of the model's layers; nil where it is not known, so that less
  ///   is checked
  package init(_ study: StudyFile, layers: Int?) {
    self.study = study
    self.layers = layers
  }

  // MARK: Addresses

  /// Checks that findings can have a number or list of numbers at `address`.
  ///
  /// - Throws: `Fault`.
  package func check(_ address: FigureAddress, is kind: Kind) throws(Fault) {
    let ids = Registry.all(of: study.subject).map(\.id)
    guard let first = address.steps.first else { return }
    let name = first.name
    guard let analysis = Registry.all.first(where: { $0.id == name }) else {
      throw Fault(
        expected: "a figure of the findings", found: "\"\(name.prefix(80))\"",
        advice: NearestName.advice(name, among: ids))
    }
    guard type(of: analysis).subjects.contains(study.subject) else {
      throw Fault(
        expected: "a figure of an analysis of \(study.subject.words)",
        found: "\"\(name)\"", advice: type(of: analysis).whyNot(study.subject))
    }
    guard study.isOn(name) else {
      throw Fault(
        expected: "a figure of an analysis that is run",
        found: "\"\(name)\", which `evidence:` leaves out",
        advice: "Leave this figure out, or the line `\(name): off`.")
    }
    try check(address, in: analysis, is: kind)
  }

  private func check<A: Analysis>(
    _ address: FigureAddress, in analysis: A, is kind: Kind
  ) throws(Fault) {
    try Self.check(
      address.steps.dropFirst(), in: FigureShape.of(A.Result.self),
      A.extents(of: study, layers: layers), is: kind, below: [analysis.id])
  }

  /// Checks the steps of an address against the shape of what they begin in.
  ///
  /// - Parameters:
  ///   - extents: what is known of the shape's lists and names
  ///   - start: the steps that lead to the shape, for the words of a fault
  /// - Throws: `Fault`.
  package static func check(
    _ steps: ArraySlice<FigureAddress.Step>, in whole: FigureShape, _ extents: [FigureExtent],
    is kind: Kind, below start: [String] = []
  ) throws(Fault) {
    var shape = whole
    var way: [String] = []
    func place() -> String {
      let steps = (start + way.map(FigureAddress.step)).joined(separator: ".")
      return steps.isEmpty ? "the findings" : steps
    }
    for step in steps {
      let contents = extents.filter { $0.fits(way) }.map(\.content)
      switch shape {
      case .list(let item):
        guard case .index(let index) = step else {
          throw Fault(
            expected: "a number after \(place())",
            found: "\"\(step.name.prefix(80))\"", advice: "A number indexes a list from 0.")
        }
        for case .items(let count) in contents where index >= count {
          throw Fault(
            expected: count == 0 ? "no item" : "an item from 0 to \(count - 1)",
            found: "\"\(index)\"",
            advice: count == 0
              ? "By the study's settings the list \(place()) is empty."
              : "By the study's settings \(place()) has "
                + (count == 1 ? "one item." : "at most \(count) items."))
        }
        shape = item
      case .object(let members):
        guard let member = members.first(where: { $0.name == step.name }) else {
          throw unknown(step, among: members.map(\.name))
        }
        shape = member.shape
      case .named(let member):
        for case .names(let names) in contents where !names.contains(step.name) {
          throw unknown(step, among: names)
        }
        shape = member
      case .number, .word:
        throw Fault(
          expected: "the address to end at \(place())",
          found: "\"\(step.name.prefix(80))\"", advice: "Leave out this step and what follows it.")
      case .unknown: return
      }
      way.append(step.name)
      for case .absent(let reason) in extents.filter({ $0.fits(way) }).map(\.content) {
        throw Fault(
          expected: "a figure that the study has", found: "\"\(place())\"",
          advice: reason)
      }
    }
    try check(
      shape, at: place(), is: kind,
      extents.filter { $0.fits(way) }.map(\.content))
  }

  private static func check(
    _ shape: FigureShape, at place: String, is kind: Kind, _ contents: [FigureExtent.Content]
  ) throws(Fault) {
    switch (shape, kind) {
    case (.number, .number), (.unknown, _): return
    case (.list(of: .number), .numbers(let count)), (.list(of: .unknown), .numbers(let count)):
      for case .items(let most) in contents where count > most {
        throw Fault(
          expected: "at most \(most) numbers for \(place)", found: "\(count)",
          advice: "By the study's settings the list is no longer.")
      }
    case (.list, .number):
      throw Fault(
        expected: "one number at \(place)", found: "a list",
        advice: "Add a number, which indexes it from 0.")
    case (.object(let members), _):
      throw Fault(
        expected: "\(kind.words) at \(place)", found: "several figures",
        advice: "Name one of them: \(members.prefix(20).map(\.name).joined(separator: ", ")).")
    case (.named, _):
      let names = contents.flatMap { content -> [String] in
        if case .names(let names) = content { names } else { [] }
      }
      throw Fault(
        expected: "\(kind.words) at \(place)", found: "several figures",
        advice: names.isEmpty
          ? "Name one of them."
          : "Name one of them: \(names.prefix(20).map(FigureAddress.step).joined(separator: ", "))."
      )
    case (.number, .numbers):
      throw Fault(
        expected: "a list of numbers at \(place)", found: "one number",
        advice: "Write one number, without brackets.")
    default:
      throw Fault(
        expected: "\(kind.words) at \(place)", found: "words",
        advice: "Only numbers can be compared or shown.")
    }
  }

  private static func unknown(_ step: FigureAddress.Step, among names: [String]) -> Fault {
    Fault(
      expected: "a figure of the findings", found: "\"\(step.name.prefix(80))\"",
      advice: NearestName.advice(step.name, among: names))
  }

  // MARK: Figures

  /// Checks that the report can have a chart or table with this id.
  ///
  /// - Throws: `Fault`.
  package func check(figure id: String) throws(Fault) {
    if figures.contains(id) || openPrefixes.contains(where: id.hasPrefix) { return }
    for analysis in Registry.all(of: study.subject) where !study.isOn(analysis.id) {
      guard type(of: analysis).figures(of: study)?.contains(id) ?? false else { continue }
      throw Fault(
        expected: "a figure of an analysis that is run",
        found: "\"\(id)\" of \(analysis.id), which `evidence:` leaves out",
        advice: "Leave the link out, or the line `\(analysis.id): off`.")
    }
    throw Fault(
      expected: "a figure of the report", found: "\"\(id.prefix(80))\"",
      advice: NearestName.advice(id, among: figures))
  }

  /// The ids of all charts and tables that the report may have, as far as the analyses declare
  /// them.
  package var figures: [String] {
    [ClaimFigure.id]
      + Registry.analyses(of: study).flatMap { type(of: $0).figures(of: study) ?? [] }
  }

  /// The beginnings of ids of analyses that do not declare their figures.
  private var openPrefixes: [String] {
    Registry.analyses(of: study).filter { type(of: $0).figures(of: study) == nil }
      .map { $0.id.replacing("_", with: "-") }
  }
}

extension FigureCatalogue.Kind {
  fileprivate var words: String { self == .number ? "one number" : "a list of numbers" }
}

extension FigureExtent {
  fileprivate func fits(_ way: [String]) -> Bool {
    steps.count == way.count && zip(steps, way).allSatisfy { $0 == "*" || $0 == $1 }
  }
}
