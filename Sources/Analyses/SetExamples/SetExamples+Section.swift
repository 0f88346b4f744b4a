import Charts
import ReportModel
import StudyFile

extension SetExamples {
  package func section(_ result: Result, in study: FindingsStudy) -> Section? {
    let figures = result.neurons.enumerated().compactMap { Self.figure($1, $0, study) }
    guard !figures.isEmpty else { return nil }
    let total = study.file.neurons?.count ?? result.neurons.count
    let prose = """
      One passage per document, about \(ExampleChoice.errorWindow) tokens around its strongest token, \
      from documents that the set was not fitted on where there are enough. A passage that shares \
      \(ExampleChoice.shingle) tokens in a row with one already shown is left out.\
      \(total > result.neurons.count
        ? " Shown are the first \(result.neurons.count) of \(total.of("neuron"))." : "")
      """
    let (shown, folded) = (figures.prefix(Self.open), figures.dropFirst(Self.open))
    return Section(
      id: Self.id, title: "Strongest passages of each neuron",
      part: .response,
      blocks: shown.map { .figure($0) }
        + [
          .fold(
            folded.isEmpty
              ? "How passages are chosen" : "How passages are chosen; the other neurons",
            [.prose(prose)] + folded.map { .figure($0) })
        ])
  }

  /// The number of neurons whose passages are not folded.
  private static let open = 2

  private static func figure(
    _ neuron: Result.Neuron, _ index: Int, _ study: FindingsStudy
  ) -> Figure? {
    let passages = neuron.classes.flatMap { side in
      side.passages.map { (side: side.name, passage: $0) }
    }
    guard !passages.isEmpty else { return nil }
    let strip = TokenStrip(
      title: "Strongest passages of \(neuron.address)",
      value: Axis("Activation of \(neuron.address)"),
      passages: passages.map { _, passage in
        TokenStrip.Passage(
          "\(passage.corpus) document \(passage.document)"
            + (passage.peak.map {
              ", \(Wording.number($0.activation)) at \(ReadableText.token($0.token))"
            } ?? ""),
          tokens: zip(passage.tokens, passage.activations).map { TokenStrip.Token($0, $1) })
      })
    let documents = neuron.classes.map(\.documents)
    return Figure(
      id: "set-examples-\(index + 1)", caption: caption(neuron),
      note: "\(documents.reduce(0, &+).of("document")) of both classes; one passage per document, "
        + "in the same colours.",
      chart: .tokens(strip), data: data(passages))
  }

  /// `L3N436 is highest on Dutch at “ van” (7.3); on the other class at “ de” (2.1).`
  package static func caption(_ neuron: Result.Neuron) -> String {
    let parts = neuron.classes.compactMap { side in
      side.passages.first.flatMap(\.peak).map { peak in
        "on \(side.name == CorpusReference.other.description ? "the other class" : side.name) at "
          + "“\(ReadableText.token(peak.token))” (\(Wording.number(peak.activation)))"
      }
    }
    return "\(neuron.address) is highest \(parts.joined(separator: "; "))."
  }

  private static func data(
    _ passages: [(side: String, passage: Examples.Result.Passage)]
  ) -> DataTable {
    DataTable(
      header: ["corpus", "document", "position", "token", "activation"],
      rows: passages.flatMap { _, passage in
        zip(passage.tokens, passage.activations).enumerated().map { offset, token in
          [
            .text(passage.corpus), .integer(passage.document),
            .integer(passage.first &+ offset), .text(token.0), .number(token.1, decimals: 3),
          ]
        }
      })
  }
}
