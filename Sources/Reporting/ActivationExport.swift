import Passes
import ReportModel
import Storage
import StudyFile

/// Writes the neurons' activations at every token of a study's documents to a CSV file.
///
/// A line has one token after BOS and one neuron: the studied one, or another that the study
/// compares or shows by position. The loss is that of predicting this token, in nats; its change is
/// the effect of the study's ablation of the studied neuron.
package enum ActivationExport {
  static let header = [
    "corpus", "document", "position", "token", "id", "neuron", "activation", "loss", "loss_change",
  ]

  /// The file at `path`; its header identifies it as written by this program.
  package static func file(_ path: String) -> OutputFile {
    OutputFile(path, mark: CSV.line(header.map { .text($0) }))
  }

  /// Refuses a study of a set: a line of the file belongs to one studied neuron.
  ///
  /// - Throws: `Diagnostic` of kind `.study`.
  package static func check(_ study: StudyFile) throws {
    guard study.subject == .set else { return }
    throw study.diagnostic(
      "neurons", expected: "one neuron, with --export-activations", found: "a set",
      advice: "Leave the option out, or export the study of one of the neurons.")
  }

  /// The columns that the sweep must compute in addition to those of the analyses.
  package static func needs(_ study: ResolvedStudy) -> Needs {
    Needs(
      columns: Set(
        corpora(of: study).flatMap { corpus in
          Run.allCases.map { ColumnNeed(.loss($0), of: corpus) }
            + references(of: study).map { ColumnNeed(.activation($0), of: corpus) }
        }))
  }

  /// The target and the other class, then the evaluation corpora.
  private static func corpora(of study: ResolvedStudy) -> [CorpusReference] {
    [.target, .other] + study.corpora.evaluation.map { .named($0.name) }
  }

  private static func references(of study: ResolvedStudy) -> [NeuronReference] {
    [study.file.studied] + (study.file.compare ?? []) + study.file.positions.neurons
  }

  /// Writes the file, one document after the other.
  ///
  /// - Throws: `Diagnostic`; an earlier file at `path` is then unchanged.
  package static func write(_ evidence: Evidence, to path: String) throws {
    let study = evidence.study
    let file = try FileStream(Self.file(path))
    try file.write(CSV.line(header.map { .text($0) }))
    var seen: Set<Int> = []
    // Several references may name the same neuron.
    let neurons = references(of: study).map { ($0, evidence.probe.neuron($0)) }
      .filter { seen.insert($0.1).inserted }
    for corpus in corpora(of: study) {
      let columns = neurons.map { (neuron: $0.1, evidence.column(.activation($0.0), of: corpus)) }
      let losses = Run.allCases.map { evidence.column(.loss($0), of: corpus) }
      for (index, document) in study.documents(of: corpus).documents.enumerated() {
        let (clean, ablated) = (Array(losses[0][index]), Array(losses[1][index]))
        let activations = columns.map { ($0.neuron, Array($0.1[index])) }
        for (position, id) in document.ids.enumerated().dropFirst() {
          let (before, after) = (Double(clean[position - 1]), Double(ablated[position - 1]))
          let place: [DataTable.Cell] = [
            .text(document.corpus), .integer(document.index), .integer(position),
            .text(study.tokenizer.string(of: id)), .id(Int(id)),
          ]
          for (neuron, values) in activations {
            let address = NeuronAddress(layer: evidence.neuron.layer, neuron: neuron)
            let isStudied = neuron == evidence.neuron.neuron
            try file.write(
              CSV.line(
                place + [
                  .text(address.description), .number(Double(values[position]), decimals: 6),
                  .number(before, decimals: 6),
                  isStudied ? .number(after - before, decimals: 6) : .missing,
                ]))
          }
        }
      }
    }
    try file.finish()
  }
}
