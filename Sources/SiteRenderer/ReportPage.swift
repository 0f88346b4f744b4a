/// The content of the page of one report.
package struct ReportPage: Sendable {
  package enum Tone: String, Sendable {
    case strong, weak, none
  }

  /// How well the evidence supports the report's claim.
  package struct Verdict: Sendable {
    package var tone: Tone
    /// A word or two, such as `Strong evidence`.
    package var label: String
    /// The number of passed tests, such as `4 of 4 tests passed`; may be empty.
    package var passed: String
    /// The reason for the verdict, if there are no tests to show it.
    package var reason: String

    package init(tone: Tone, label: String, passed: String, reason: String = "") {
      self.tone = tone
      self.label = label
      self.passed = passed
      self.reason = reason
    }
  }

  /// One of the tests behind the verdict.
  package struct Test: Sendable {
    package var outcome: String
    /// The sign of the outcome: ✓, ✗ or –.
    package var sign: String
    package var name: String
    /// The test's number and its limit, in words.
    package var words: String

    package init(outcome: String, sign: String, name: String, words: String) {
      self.outcome = outcome
      self.sign = sign
      self.name = name
      self.words = words
    }
  }

  /// A key figure that has changed, with a small inline chart of its earlier values.
  package struct History: Sendable {
    package var label: String
    package var value: String
    package var chart: String

    package init(label: String, value: String, chart: String) {
      self.label = label
      self.value = value
      self.chart = chart
    }
  }

  /// A heading in the table of contents.
  package struct Heading: Sendable {
    package var id: String
    package var text: String
    /// The level: 2 for a part, 3 for a section.
    package var level: Int

    package init(id: String, text: String, level: Int) {
      self.id = id
      self.text = text
      self.level = level
    }
  }

  package var title: String
  package var subtitle: String
  /// The date that the study gives; the page has no other.
  package var date: String?
  package var verdict: Verdict?
  package var tests: [Test]
  package var notices: [String]
  /// The first sentence of the claim; below, its other sentences. Both are plain text.
  package var lead: String
  package var detail: String
  package var weakness: String
  /// The claim card, as HTML.
  package var card: String
  /// Sentences of the tests, the claim and the weakness as HTML with their terms explained, by
  /// their plain text; a sentence without an entry is shown as it is.
  package var explained: [String: String]
  package var history: [History]
  /// All parts of the report, as HTML.
  package var body: String
  package var contents: [Heading]

  package init(
    title: String, subtitle: String = "", date: String? = nil, verdict: Verdict? = nil,
    tests: [Test] = [], notices: [String] = [], lead: String, detail: String = "",
    weakness: String = "", card: String = "", explained: [String: String] = [:],
    history: [History] = [], body: String,
    contents: [Heading] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.date = date
    self.verdict = verdict
    self.tests = tests
    self.notices = notices
    self.lead = lead
    self.detail = detail
    self.weakness = weakness
    self.card = card
    self.explained = explained
    self.history = history
    self.body = body
    self.contents = contents
  }
}
