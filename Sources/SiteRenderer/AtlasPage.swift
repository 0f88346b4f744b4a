/// The content of one page of an atlas: its index, or the page of a label, a layer or a neuron.
package struct AtlasPage: Sendable {
  /// A link with its words.
  package struct Link: Sendable, Equatable {
    /// The path of the file, relative to the page.
    package var href: String
    package var text: String

    package init(href: String, text: String) {
      self.href = href
      self.text = text
    }
  }

  /// A grade beside the title, such as `confirmed`.
  package struct Grade: Sendable, Equatable {
    package var tone: ReportPage.Tone
    package var label: String

    package init(tone: ReportPage.Tone, label: String) {
      self.tone = tone
      self.label = label
    }
  }

  /// How many folders the page lies below the site's root.
  package var depth: Int
  /// The pages above this one, the highest first.
  package var trail: [Link]
  package var title: String
  package var subtitle: String
  package var date: String?
  package var grade: Grade?
  package var notices: [String]
  /// The first sentence of the finding; below, its other sentences. Both are plain text.
  package var lead: String
  package var detail: String
  /// The folder with the data of the search, relative to the page; empty for no search.
  package var search: String
  /// All sections of the page, as HTML.
  package var body: String
  package var contents: [ReportPage.Heading]
  /// The pages before and after this one in their order.
  package var previous: Link?
  package var next: Link?

  package init(
    depth: Int, trail: [Link], title: String, subtitle: String = "", date: String? = nil,
    grade: Grade? = nil, notices: [String] = [], lead: String, detail: String = "",
    search: String = "", body: String, contents: [ReportPage.Heading] = [],
    previous: Link? = nil, next: Link? = nil
  ) {
    self.depth = depth
    self.trail = trail
    self.title = title
    self.subtitle = subtitle
    self.date = date
    self.grade = grade
    self.notices = notices
    self.lead = lead
    self.detail = detail
    self.search = search
    self.body = body
    self.contents = contents
    self.previous = previous
    self.next = next
  }
}

extension Site {
  /// A page of an atlas.
  package func atlasPage(_ page: AtlasPage) -> String {
    func link(_ link: AtlasPage.Link) -> [String: TemplateValue] {
      ["href": .path(link.href), "text": .text(link.text)]
    }
    return render(
      "atlas",
      [
        "root": .path(String(repeating: "../", count: page.depth)),
        "pageTitle": .text(page.title),
        "description": .text(page.detail.isEmpty ? page.lead : "\(page.lead) \(page.detail)"),
        "trail": .list(page.trail.map(link)),
        "title": .text(page.title),
        "subtitle": .text(page.subtitle),
        "date": .text(page.date ?? ""),
        "verdict": .list(
          page.grade.map { [["tone": .text($0.tone.rawValue), "label": .text($0.label)]] } ?? []),
        "notices": .list(page.notices.map { ["notice": .text($0)] }),
        "lead": .text(page.lead),
        "detail": .text(page.detail),
        "search": .path(page.search),
        "hasContents": .flag(!page.contents.isEmpty),
        "contents": .list(page.contents.map(\.values)),
        "body": .html(page.body),
        "hasNeighbours": .flag(page.previous != nil || page.next != nil),
        "previous": .list(page.previous.map { [link($0)] } ?? []),
        "next": .list(page.next.map { [link($0)] } ?? []),
      ])
  }
}
