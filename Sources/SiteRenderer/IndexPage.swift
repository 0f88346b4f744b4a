/// The content of the list of published reports.
package struct IndexPage: Sendable {
  /// The largest number of choices of a filter for which the style sheet has rules.
  package static let mostChoices = 12

  /// A number in a row with its interval, in words and as a small chart.
  package struct Cell: Sendable {
    package var number: String
    package var interval: String
    /// A small inline chart, as HTML.
    package var mark: String

    package init(number: String, interval: String, mark: String) {
      self.number = number
      self.interval = interval
      self.mark = mark
    }
  }

  /// The values by which a script sorts the rows and a style sheet filters them.
  package struct Keys: Sendable {
    package var verdict: Int
    package var mcc: Double?
    package var loss: Double?
    package var filterVerdict: String
    package var filterModel: String
    package var filterTarget: String

    package init(
      verdict: Int, mcc: Double?, loss: Double?, filterVerdict: String, filterModel: String,
      filterTarget: String
    ) {
      self.verdict = verdict
      self.mcc = mcc
      self.loss = loss
      self.filterVerdict = filterVerdict
      self.filterModel = filterModel
      self.filterTarget = filterTarget
    }
  }

  /// The row of one report.
  package struct Row: Sendable {
    package var href: String
    package var title: String
    package var tone: ReportPage.Tone
    package var verdict: String
    package var claim: String
    package var neuron: String
    package var model: String
    package var target: String
    package var mcc: Cell?
    package var loss: Cell?
    package var heldOut: String
    package var date: String
    package var keys: Keys

    package init(
      href: String, title: String, tone: ReportPage.Tone, verdict: String, claim: String,
      neuron: String, model: String, target: String, mcc: Cell?, loss: Cell?, heldOut: String,
      date: String, keys: Keys
    ) {
      self.href = href
      self.title = title
      self.tone = tone
      self.verdict = verdict
      self.claim = claim
      self.neuron = neuron
      self.model = model
      self.target = target
      self.mcc = mcc
      self.loss = loss
      self.heldOut = heldOut
      self.date = date
      self.keys = keys
    }
  }

  /// A filter that hides groups of reports without a script.
  package struct Filter: Sendable {
    package struct Choice: Sendable {
      /// The class of the rows that the choice shows.
      package var key: String
      package var label: String

      package init(key: String, label: String) {
        self.key = key
        self.label = label
      }
    }

    package var name: String
    package var choices: [Choice]

    package init(name: String, choices: [Choice]) {
      self.name = name
      self.choices = choices
    }
  }

  /// The line of one atlas.
  package struct Atlas: Sendable {
    package var href: String
    package var title: String
    /// The finding in a sentence.
    package var words: String
    package var model: String
    package var date: String

    package init(href: String, title: String, words: String, model: String, date: String) {
      self.href = href
      self.title = title
      self.words = words
      self.model = model
      self.date = date
    }
  }

  package var title: String
  package var introduction: String
  /// The atlases, which stand above the reports.
  package var atlases: [Atlas]
  /// The number of reports by verdict: `200 reports: 3 strong evidence, …`.
  package var counts: String
  package var filters: [Filter]
  /// A chart of all reports, as HTML; nil if there are too few.
  package var scatter: String?
  /// The reports in the order in which they are shown.
  package var reports: [Row]

  package init(
    title: String, introduction: String = "", atlases: [Atlas] = [], counts: String = "",
    filters: [Filter] = [], scatter: String? = nil, reports: [Row]
  ) {
    self.title = title
    self.introduction = introduction
    self.atlases = atlases
    self.counts = counts
    self.filters = filters
    self.scatter = scatter
    self.reports = reports
  }
}
