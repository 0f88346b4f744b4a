/// Everything that the page of one report shows.
package struct ReportPage: Sendable {
  /// One number of the strip below the finding.
  package struct KeyFigure: Sendable, Codable {
    package var label: String
    package var value: String
    /// An interval, a unit or a comparison; may be empty.
    package var note: String
    /// A small inline chart of what it was before.
    package var history: String?

    package init(label: String, value: String, note: String = "", history: String? = nil) {
      self.label = label
      self.value = value
      self.note = note
      self.history = history
    }
  }

  /// How far the evidence carries the report's claim.
  package struct Verdict: Sendable, Codable {
    package enum Tone: String, Sendable, Codable {
      case strong, weak, none
    }

    package var tone: Tone
    /// A word or two: `Strong evidence`.
    package var label: String
    /// The rule that gave it, in a sentence; may be empty.
    package var reason: String

    package init(tone: Tone, label: String, reason: String = "") {
      self.tone = tone
      self.label = label
      self.reason = reason
    }
  }

  /// A named fact below the title: model, revision, hook.
  package struct Fact: Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A file beside the page.
  package struct File: Sendable {
    /// Relative to the page.
    package var path: String
    package var description: String

    package init(path: String, description: String) {
      self.path = path
      self.description = description
    }
  }

  package var title: String
  /// One paragraph of plain text.
  package var finding: String
  package var verdict: Verdict?
  package var keyFigures: [KeyFigure]
  package var facts: [Fact]
  /// As the study gives it; the page has no other date.
  package var date: String?
  /// The report's text without its title; headings of level 1 become level 2.
  package var markdown: String
  /// Inline SVG by the path that the Markdown uses.
  package var charts: [String: String]
  package var files: [File]
  /// BibTeX.
  package var citation: String

  package init(
    title: String, finding: String, verdict: Verdict? = nil, keyFigures: [KeyFigure] = [],
    facts: [Fact] = [], date: String? = nil, markdown: String, charts: [String: String] = [:],
    files: [File] = [], citation: String = ""
  ) {
    self.title = title
    self.finding = finding
    self.verdict = verdict
    self.keyFigures = keyFigures
    self.facts = facts
    self.date = date
    self.markdown = markdown
    self.charts = charts
    self.files = files
    self.citation = citation
  }
}
