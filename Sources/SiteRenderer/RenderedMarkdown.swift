/// A Markdown text as HTML, with its headings for the table of contents.
package struct RenderedMarkdown: Sendable, Equatable {
  /// One heading of the text.
  package struct Heading: Sendable, Equatable {
    /// The level, 2 to 6; the page's title is its only heading of level 1.
    package var level: Int
    /// The heading's permanent anchor, unique on the page.
    package var id: String
    /// The text of the heading without markup.
    package var text: String
  }

  package var html: String
  /// The headings in reading order.
  package var headings: [Heading]
}
