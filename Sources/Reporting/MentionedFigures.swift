import Analyses
import Diagnostics
import Passes
import StudyFile

/// The figures that a study names in `expect`, `published` and its notes. They are checked before
/// the model runs, so that a name that no run can give is reported early.
package struct MentionedFigures {
  private let study: StudyFile
  private let catalogue: FigureCatalogue

  /// - Parameter layers: the model's number of layers; nil if it is unknown, and fewer names are
  ///   checked.
  package init(_ study: StudyFile, layers: Int?) {
    self.study = study
    catalogue = FigureCatalogue(study, layers: layers)
  }

  /// All errors in the names.
  ///
  /// - Parameter notes: the text of the notes; nil if there are none.
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
  /// Reads and checks everything that a study names, its analyses and figures included, and reports all faults
  /// together.
  ///
  /// - Throws: `Diagnostic`, or `Diagnostics` if there are several.
  package static func checked(
    _ file: StudyFile, corporaFolder folder: String? = nil, environment: [String: String]
  ) throws -> ResolvedStudy {
    var faults = FaultList()
    for fault in Registry.faults(of: file) { faults.add(fault) }
    let study = faults.attempt {
      try ResolvedStudy(file, corporaFolder: folder, environment: environment)
    }
    // An error in reading the notes has been added to the faults above.
    let notes = study.map(\.notes) ?? (try? file.notesText())
    let mentioned = MentionedFigures(study?.file ?? file, layers: study?.architecture.layers)
    for fault in mentioned.faults(notes: notes ?? nil) { faults.add(fault) }
    try faults.check()
    guard let study else { preconditionFailure("a fault that was not told") }
    return study
  }
}
