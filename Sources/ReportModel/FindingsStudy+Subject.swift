import LanguageModel
import StudyFile

extension FindingsStudy {
  /// What the study is about, within a sentence: `L3N436`, `these 2 neurons`.
  package var subject: String {
    file.neurons.map { "these \($0.count) neurons" } ?? neuron.description
  }

  /// The same at a sentence's beginning.
  package var subjectFirst: String { subject.prefix(1).uppercased() + subject.dropFirst() }

  /// What the study is about, by name: `L3N436`, `L3N436 and L4N52`, `L3N436, L4N52, L4N7 and 5
  /// others`.
  package var subjectNames: String {
    guard let set = file.neurons else { return neuron.description }
    let names = set.neurons.map(\.description)
    guard names.count > 4 else {
      return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }
    return names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) others"
  }

  /// What the study is about, in a table or a title: `L3N436`, `set of 2 neurons`.
  package var subjectLabel: String {
    file.neurons.map { "set of \($0.count) neurons" } ?? neuron.description
  }
}
