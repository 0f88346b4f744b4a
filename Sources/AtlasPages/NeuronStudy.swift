import Atlas
import Diagnostics
import JSON
import StudyFile

/// The study file that makes the full report of a neuron, or of several together, with the atlas's own
/// split of the documents.
package struct NeuronStudy {
  package let slug: String
  /// The YAML text.
  package let text: String

  /// - Parameters:
  ///   - places: the places of the neurons; several make the study of a set
  ///   - target: the index of the label that the report is about; nil takes the one that the first
  ///     neuron stands for most.
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(_ report: AtlasReport, places: [Int], target: Int? = nil) throws {
    let findings = report.findings
    let file = findings.file
    let neurons = places.map { findings.address($0) }
    let label = target ?? findings.mainLabel(places[0])
    let names = findings.labelNames
    func quoted(_ text: String) -> String { JSON.string(text).line }
    let shown = neurons.prefix(4).map(\.description)
    let rest = neurons.count - shown.count
    slug = Slug.from(
      ([file.slug] + shown + (rest > 0 ? ["and \(rest)"] : [])).joined(separator: " "))
    let subject = shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    var lines = [
      "# The full report of \(subject): reportgen build THIS-FILE.yml, saved beside the atlas's file.",
      "title: \(quoted("\(subject) of \(findings.model.name) and \(names[label])"))",
      "slug: \(slug)",
      "model: \(quoted(file.model))",
    ]
    if file.revision != "main" { lines.append("revision: \(quoted(file.revision))") }
    if let bos = file.bos { lines.append("bos: \(bos ? "yes" : "no")") }
    lines.append("corpora:")
    for corpus in file.corpora {
      var entry = corpus
      entry.note = nil
      lines.append("  - \(try JSON(encoding: entry, file: "the study").line)")
    }
    lines.append("target: \(quoted(names[label]))")
    lines +=
      neurons.count == 1
      ? ["layer: \(neurons[0].layer)", "neuron: \(neurons[0].neuron)"]
      : ["neurons: [\(neurons.map(\.description).joined(separator: ", "))]"]
    lines += [
      // So many of a class that no document of the other labels is left out.
      "documents: \(min(file.documents, 1_000_000) * (names.count - 1))",
      "# What chose the neuron in the atlas is not measured again.",
      "choosing: \(Self.split(file))",
    ]
    text = lines.joined(separator: "\n") + "\n"
  }

  /// The study of one neuron.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(_ report: AtlasReport, place: Int, target: Int? = nil) throws {
    try self.init(report, places: [place], target: target)
  }

  /// The rule by which the atlas divided the documents.
  private static func split(_ file: AtlasFile) -> String {
    let rule = file.division
    return "{atlas: {confirmation: \(rule.confirmation), similarity: \(rule.similarity), "
      + "parallel: \(rule.parallel ? "yes" : "no"), seed: \(rule.seed), documents: \(rule.documents)"
      + (rule.window.map { ", window: \($0)" } ?? "") + "}}"
  }
}
