import Corpora
import Passes
import ReportModel
import Statistics
import StudyFile

extension DocumentSample.Size {
  /// How the sample stands to the choice of the neuron, and whether it is small: `none of which the
  /// neuron was chosen on`.
  package var choice: String {
    "\(holdsSelection ? chosenOn.map(\.grouped) ?? "some" : "none") of which the neuron was chosen on"
      + Self.small(documents)
  }

  /// What so few documents mean for an interval over them, to go on a clause; empty where they are
  /// enough.
  package static func small(_ documents: Int) -> String {
    switch documents {
    case ..<DocumentIntervals.fewest:
      ", fewer than \(DocumentIntervals.fewest), which carry no interval"
    case ..<MeasuringSettings.fewest:
      ", fewer than \(MeasuringSettings.fewest), so that the interval is wide and one document can "
        + "move it"
    default: ""
    }
  }

  /// How the sample was taken, in Markdown.
  package func words(_ corpus: String) -> String {
    let corpus = Markdown.text(corpus)
    let cut = window.map { " and cut to \($0) tokens" } ?? ""
    var text =
      "Of the \(available.of("document")) of \(corpus), \(documents.grouped) "
      + "(\(tokens.of("token"))), drawn at random\(cut), are run"
    if leftOut > 0 {
      text +=
        ", after leaving out the \(leftOut.of("document")) set apart for choosing the neuron"
    } else if holdsSelection {
      text +=
        ". **The neuron was chosen on \(chosenOn.map(\.grouped) ?? "some") of them**: the corpus has "
        + "too few others, so these numbers are optimistic"
    } else {
      text += ", none of which the neuron was chosen on"
    }
    guard documents < MeasuringSettings.fewest else { return text + "." }
    return text + ". Measured are \(documents.of("document"))\(Self.small(documents))."
  }
}
