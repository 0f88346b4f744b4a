import Atlas
import Diagnostics
import JSON
import StudyFile

/// The study file that makes a neuron's full report, with the atlas's own split of the documents.
package struct NeuronStudy {
  package let slug: String
  /// The YAML text.
  package let text: String

  /// - Parameter target: the index of the label that the report is about; nil takes the one that the
  ///   neuron stands for most.
  /// - Throws: `Diagnostic` of kind `.data`.
  package init(_ report: AtlasReport, place: Int, target: Int? = nil) throws {
    let findings = report.findings
    let file = findings.file
    let address = findings.address(place)
    let label = target ?? findings.mainLabel(place)
    let names = findings.labelNames
    func quoted(_ text: String) -> String { JSON.string(text).line }
    slug = Slug.from("\(file.slug) \(address)")
    var lines = [
      "# The full report of \(address): reportgen build THIS-FILE.yml, saved beside the atlas's file.",
      "title: \(quoted("\(address) of \(findings.model.name) and \(names[label])"))",
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
    lines += [
      "target: \(quoted(names[label]))",
      "layer: \(address.layer)",
      "neuron: \(address.neuron)",
      // So many of a class that no document of the other labels is left out.
      "documents: \(min(file.documents, 1_000_000) * (names.count - 1))",
      "# What chose the neuron in the atlas is not measured again.",
      "choosing: \(Self.split(file))",
    ]
    text = lines.joined(separator: "\n") + "\n"
  }

  /// The rule by which the atlas divided the documents.
  private static func split(_ file: AtlasFile) -> String {
    let rule = file.division
    return "{atlas: {confirmation: \(rule.confirmation), similarity: \(rule.similarity), "
      + "parallel: \(rule.parallel ? "yes" : "no"), seed: \(rule.seed), documents: \(rule.documents)"
      + (rule.window.map { ", window: \($0)" } ?? "") + "}}"
  }
}
