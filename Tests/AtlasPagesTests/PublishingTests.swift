import Atlas
import AtlasPages
import Diagnostics
import Foundation
import Reporting
import Storage
import Testing

/// Atlases in a site, beside its reports.
struct PublishingTests {
  /// A site's publisher in a folder that lives as long as `body`.
  private func withSite(_ body: (SitePublisher, String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "atlas-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(SitePublisher(path: folder, pages: SampleAtlas.pages()), folder)
  }

  private static let provenance =
    "{\"version\": \"1\", \"study\": {\"path\": \"a\", \"sha256\": \"b\"}, "
    + "\"model\": \"m\", \"model_files\": [{\"path\": \"f\", \"sha256\": \"0a\"}], \"tokenizer_sha256\": \"t\", \"corpora\": [], "
    + "\"blas\": \"b\", \"kernels\": \"k\", \"threads\": 1, \"machine\": {\"system\": \"s\", "
    + "\"release\": \"1\", \"architecture\": \"a\"}, \"started\": \"2026\", \"phases\": [], "
    + "\"seeds\": [], \"operations\": 1, \"notes\": []}"

  @Test func anAtlasStandsInTheIndexAndIsIntact() throws {
    try withSite { publisher, folder in
      let published = try publisher.publish(SampleAtlas.report(), provenance: Self.provenance)
      #expect(published.faults.isEmpty)
      let index = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
      #expect(index.contains("<a href=\"atlases/small-atlas/index.html\">A small atlas</a>"))
      #expect(index.contains("1 of 3 labels has a confirmed neuron: Dutch."))
      #expect(!index.contains("No report is published yet."))
      let integrity = try ReportIntegrity(of: folder + "/atlases/small-atlas")
      #expect(integrity.faults.isEmpty && integrity.files > 20)
      // Workflow engines make the folder of an output before they call the program.
      try FileManager.default.createDirectory(
        atPath: publisher.atlasPath("other"), withIntermediateDirectories: true)
      #expect(try publisher.atlasSlugs() == ["small-atlas"])
      #expect(try publisher.atlas("small-atlas").findings == SampleAtlas.report().findings)
      // Rendered again without the model, every byte is the same.
      #expect(try publisher.render(atlases: ["small-atlas"]).isEmpty)
      #expect(
        try ReportIntegrity(of: folder + "/atlases/small-atlas").checksum == integrity.checksum)
    }
  }

  @Test func aChangedFileIsFound() throws {
    try withSite { publisher, folder in
      _ = try publisher.publish(SampleAtlas.report(), provenance: Self.provenance)
      let path = folder + "/atlases/small-atlas/neurons/L0N1.html"
      try "other".write(toFile: path, atomically: true, encoding: .utf8)
      try "{}".write(
        toFile: folder + "/atlases/small-atlas/labels/x.html", atomically: true, encoding: .utf8)
      let faults = try ReportIntegrity(of: folder + "/atlases/small-atlas").faults
      #expect(faults.map(\.path) == ["labels/x.html", "neurons/L0N1.html"])
      #expect(faults.map(\.kind) == [.extra, .changed])
    }
  }

  @Test func foreignFilesAreRefused() throws {
    for name in [
      "atlases/notes.txt", "atlases/small-atlas/mine.txt", "atlases/small-atlas/labels/a.md",
    ] {
      try withSite { publisher, folder in
        _ = try publisher.publish(SampleAtlas.report(), provenance: Self.provenance)
        try "mine".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        let fault = #expect(throws: Diagnostic.self, "\(name)") {
          try publisher.publish(SampleAtlas.report(), provenance: Self.provenance)
        }
        #expect(fault?.found.hasPrefix(name) == true, "\(fault?.found ?? "")")
        #expect(FileManager.default.fileExists(atPath: folder + "/" + name))
      }
    }
  }

  @Test func anUnreadableEntryIsListedByName() throws {
    try withSite { publisher, folder in
      _ = try publisher.publish(SampleAtlas.report(), provenance: Self.provenance)
      try "{".write(
        toFile: folder + "/atlases/small-atlas/entry.json", atomically: true, encoding: .utf8)
      let other = try SampleAtlas.report(SampleAtlas.findings(slug: "other"))
      let published = try publisher.publish(other, provenance: Self.provenance)
      #expect(published.faults.count == 1)
      let index = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
      #expect(index.contains("The entry of this atlas cannot be read."))
    }
  }

  @Test func aReportsCommandNamesTheSitesAtlases() throws {
    try withSite { publisher, folder in
      _ = try publisher.publish(SampleAtlas.report(), provenance: Self.provenance)
      let fault = #expect(throws: Diagnostic.self) {
        try SitePublisher.checkIsReport(folder, holding: FindingsFile.name)
      }
      #expect(fault?.found == "a site of 1 atlas")
      #expect(fault?.advice.contains("atlases/small-atlas") == true)
      #expect(SitePublisher.site(around: Place(folder + "/atlases/small-atlas/x")) != nil)
    }
  }
}
