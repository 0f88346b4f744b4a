/// The five parts of a report, in the order of the page.
package enum ReportPart: Int, Sendable, CaseIterable {
  case response, need, mechanism, limits, record

  /// The anchor of the part on a page; it never changes.
  package var id: String {
    switch self {
    case .response: "what-it-fires-on"
    case .need: "whether-the-model-needs-it"
    case .mechanism: "how-it-works"
    case .limits: "limits"
    case .record: "the-record"
    }
  }

  package var title: String {
    switch self {
    case .response: "What it fires on"
    case .need: "Whether the model needs it"
    case .mechanism: "How it works"
    case .limits: "Limits and counter-examples"
    case .record: "The record"
    }
  }

  /// The question that the part answers.
  package var question: String {
    switch self {
    case .response: "Does it detect the target, and nothing else?"
    case .need: "What does the model lose without it, beside controls and on new text?"
    case .mechanism: "Does it act directly or through later layers? From what, and to what?"
    case .limits: "Where is the claim wrong, and what is open?"
    case .record: "What was done, and how is it done again?"
    }
  }
}
