import Diagnostics
import StudyFile

/// A number that a study can give to an analysis: `evidence: {effects: {resamples: 2000}}`.
package struct Setting: Sendable, Equatable {
  package let name: String
  /// The number that applies if the study does not give one.
  package let standard: Int
  package let range: ClosedRange<Int>

  package init(_ name: String, _ standard: Int, in range: ClosedRange<Int>) {
    precondition(range.contains(standard), "\(name): \(standard) outside of \(range)")
    (self.name, self.standard, self.range) = (name, standard, range)
  }

  /// A setting that counts what an analysis draws or runs.
  static func count(_ name: String, _ standard: Int, from least: Int = 1) -> Setting {
    Setting(name, standard, in: least...10_000)
  }

  /// The number of resamples behind each interval.
  static func resamples(_ standard: Int = 10_000) -> Setting {
    Setting("resamples", standard, in: 100...1_000_000)
  }
}

extension Analysis {
  /// A setting's value: the study's number, or the default.
  package static func size(_ name: String, in study: StudyFile) -> Int {
    guard let setting = settings.first(where: { $0.name == name }) else {
      preconditionFailure("\(id) has no setting \(name)")
    }
    return study.evidence?.number(name, of: id) ?? setting.standard
  }
}

extension StudyFile {
  /// The value of a setting of the analysis with this id: the study's number, or the default.
  package func size(of id: String, _ name: String) -> Int {
    guard let analysis = Registry.all.first(where: { $0.id == id }) else {
      preconditionFailure("\(id) is no analysis")
    }
    return type(of: analysis).size(name, in: self)
  }
}

extension Registry {
  /// The lines of a study file that give every setting with its default.
  package static func settingsLines(of analyses: [any Analysis] = all(of: .neuron)) -> [String] {
    optional(analyses).map { analysis in
      let numbers = type(of: analysis).settings.map { "\($0.name): \($0.standard)" }
      return "\(analysis.id): "
        + (numbers.isEmpty ? "on" : "{\(numbers.joined(separator: ", "))}")
    }
  }

  /// The faults of a study's `evidence:`, each with its line.
  package static func faults(
    of study: StudyFile, among analyses: [any Analysis] = all
  ) -> [Diagnostic] {
    let subject = study.subject
    let optional = optional(analyses.filter { type(of: $0).subjects.contains(subject) })
    let ids = optional.map(\.id)
    return study.namedAnalyses.flatMap { id, numbers -> [Diagnostic] in
      if let other = analyses.first(where: { $0.id == id }),
        !type(of: other).subjects.contains(subject)
      {
        return [
          study.diagnostic(
            "evidence.\(id)",
            expected: "an analysis of \(subject.words): "
              + ids.joined(separator: ", "), found: "\(id)",
            advice: type(of: other).whyNot(subject))
        ]
      }
      guard let analysis = optional.first(where: { $0.id == id }) else {
        // One that always runs may be said to.
        if study.isOn(id), numbers.isEmpty, analyses.contains(where: { $0.id == id }) { return [] }
        return [
          study.diagnostic(
            "evidence.\(id)",
            expected: "an analysis that can be left out: \(ids.joined(separator: ", "))",
            found: "\"\(id.prefix(80))\"", advice: NearestName.advice(id, among: ids))
        ]
      }
      return numbers.sorted { $0.key < $1.key }.compactMap { name, number in
        fault(of: name, number, type(of: analysis).settings, field: "evidence.\(id).\(name)", study)
      }
    }
  }

  private static func fault(
    of name: String, _ number: Int, _ settings: [Setting], field: String, _ study: StudyFile
  ) -> Diagnostic? {
    let names = settings.map(\.name)
    guard let setting = settings.first(where: { $0.name == name }) else {
      return study.diagnostic(
        field, expected: names.isEmpty ? "off or on" : "one of \(names.joined(separator: ", "))",
        found: "\"\(name.prefix(80))\"", advice: NearestName.advice(name, among: names))
    }
    guard !setting.range.contains(number) else { return nil }
    return study.diagnostic(
      field,
      expected: "an integer from \(setting.range.lowerBound) to \(setting.range.upperBound)",
      found: "\(number)", advice: "The default is \(setting.standard).")
  }
}
