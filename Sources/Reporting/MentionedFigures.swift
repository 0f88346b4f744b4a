import Analyses
import Diagnostics
import Passes
import StudyFile

/// The figures that a study names in `expect`, `published` and its notes, checked before the model
/// runs: a name that no run of the study can give is told while it costs nothing.
package struct MentionedFigures {
  private let study: StudyFile
  private let catalogue: FigureCatalogue

  /// - Parameter layers: of the model; nil where it is not known, and less can be told.
  package init(_ study: StudyFile, layers: Int?) {
    self.study = study
    catalogue = FigureCatalogue(study, layers: layers)
  }

  /// All that is wrong.
  ///
  /// - Parameter notes: the text of the notes, where there is one.
  package func faults(notes: String?) -> [Diagnostic] {
    let expected = study.expect.enumerated().compactMap { index, expectation in
      fault(expectation.figure, is: .number, in: "expect[\(index)].figure")
    }
    let published = study.published.enumerated().compactMap { index, figure in
      let kind: FigureCatalogue.Kind =
        switch figure.value {
        case .number: .number
        case .list(let numbers): .numbers(numbers.count)
        }
      return fault(figure.figure, is: kind, in: "published[\(index)].figure")
    }
    return expected + published + faults(inNotes: notes ?? "")
  }

  private func fault(
    _ address: FigureAddress, is kind: FigureCatalogue.Kind, in field: String
  ) -> Diagnostic? {
    do {
      try catalogue.check(address, is: kind)
      return nil
    } catch {
      return study.diagnostic(
        field, expected: error.expected, found: "\(error.found) in \(address.text.prefix(200))",
        advice: error.advice)
    }
  }

  private func faults(inNotes notes: String) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    _ = AuthorNotes.markdown(notes) { words, line in
      do {
        try check(words, line)
      } catch let fault as Diagnostic {
        faults.append(fault)
      } catch let fault as FigureCatalogue.Fault {
        faults.append(
          NotesReference.failure(
            study.notes, line, expected: fault.expected, found: "\(fault.found) in {{\(words)}}",
            advice: fault.advice))
      } catch {}
      return nil
    }
    return faults
  }

  private func check(_ words: String, _ line: Int) throws {
    switch try NotesReference(words, file: study.notes, line: line) {
    case .figure(let id): try catalogue.check(figure: id)
    case .number(let address, _): try catalogue.check(address, is: .number)
    }
  }
}

extension ResolvedStudy {
  /// Finds and checks all that a study names, its figures included, and tells of all that is wrong
  /// at once.
  ///
  /// - Throws: `Diagnostic`, or `Diagnostics` of several.
  package static func checked(
    _ file: StudyFile, corporaFolder folder: String? = nil, environment: [String: String]
  ) throws -> ResolvedStudy {
    var faults = FaultList()
    let study = faults.attempt {
      try ResolvedStudy(file, corporaFolder: folder, environment: environment)
    }
    // Notes that cannot be read are told above.
    let notes = study.map(\.notes) ?? (try? file.notesText())
    let mentioned = MentionedFigures(study?.file ?? file, layers: study?.architecture.layers)
    for fault in mentioned.faults(notes: notes ?? nil) { faults.add(fault) }
    try faults.check()
    guard let study else { preconditionFailure("a fault that was not told") }
    return study
  }
}
