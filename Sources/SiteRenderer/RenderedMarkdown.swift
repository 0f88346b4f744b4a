/// A Markdown text as HTML, with what a page's contents list needs.
package struct RenderedMarkdown: Sendable, Equatable {
  /// One heading of the text.
  package struct Heading: Sendable, Equatable {
    /// 2 to 6; the page's own title is its only heading of level 1.
    package var level: Int
    /// The heading's permanent anchor, unique on the page.
    package var id: String
    /// The heading without its markup.
    package var text: String
  }

  package var html: String
  /// In reading order.
  package var headings: [Heading]
}
