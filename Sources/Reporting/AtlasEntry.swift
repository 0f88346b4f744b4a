import JSON
import SiteRenderer
import Storage

/// The site's index's entry for one atlas, which lies beside its findings in a small file, so that the
/// index is made without reading the findings.
package struct AtlasEntry: Sendable, Codable, Equatable {
  package static let name = "entry.json"

  package var slug: String
  package var title: String
  package var model: String
  /// The finding in a sentence.
  package var finding: String
  package var date: String?

  package init(slug: String, title: String, model: String, finding: String, date: String?) {
    self.slug = slug
    self.title = title
    self.model = model
    self.finding = finding
    self.date = date
  }

  /// An entry for an atlas that cannot be read.
  init(unreadable slug: String) {
    self.init(
      slug: slug, title: slug, model: "", finding: "The entry of this atlas cannot be read.",
      date: nil)
  }

  /// - Throws: `Diagnostic` of kind `.data`.
  init(reading path: String) throws {
    self = try JSON.decode(AtlasEntry.self, from: FileBytes(reading: path))
  }

  /// The text of the file.
  ///
  /// - Throws: `Diagnostic` of kind `.data`.
  package var text: String {
    get throws { try JSON(encoding: self, file: Self.name).text }
  }

  var line: IndexPage.Atlas {
    .init(
      href: "\(SitePublisher.atlases)/\(slug)/index.html", title: title, words: finding,
      model: model, date: date ?? "")
  }
}
