import SiteRenderer

/// The links above the pages below an atlas's index.
enum AtlasTrail {
  static func pages(_ report: AtlasReport) -> [AtlasPage.Link] {
    [
      .init(href: "../../../index.html", text: "All reports"),
      .init(href: "../index.html", text: report.title),
    ]
  }
}
