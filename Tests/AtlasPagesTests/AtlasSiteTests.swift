import Atlas
import AtlasPages
import Diagnostics
import Foundation
import JSON
import Storage
import Testing

/// The files of an atlas: complete, within their budgets, linked, and the same each time.
struct AtlasSiteTests {
  @Test func everyLinkLeadsToAFileOfTheAtlas() throws {
    let site = try SampleAtlas.site(SampleAtlas.findings())
    let paths = Set(site.files.map(\.path) + ["provenance.json"])
    var count = 0
    for file in site.files where file.path.hasSuffix(".html") {
      for match in file.text.matches(of: /\s(?:href|src)="([^"#]+)"/) {
        let goal = URL(filePath: "/site/atlases/small-atlas/" + file.path)
          .deletingLastPathComponent().appending(path: String(match.1)).standardized.path
        count += 1
        guard !["/site/index.html", "/site/assets/"].contains(where: goal.hasPrefix) else {
          continue
        }
        #expect(
          paths.contains(String(goal.dropFirst("/site/atlases/small-atlas/".count))),
          "\(file.path): \(match.1)")
      }
    }
    #expect(count > 50)
  }

  @Test func thereIsAPageForEachLabelLayerAndNeuronWorthOne() throws {
    let paths = Set(try SampleAtlas.site(SampleAtlas.findings()).files.map(\.path))
    for path in [
      "index.html", "labels/dutch.html", "labels/german.html", "labels/french.html",
      "layers/L0.html", "layers/L1.html", "neurons/L0N1.html", "neurons/L1N2.html",
      "data/label-dutch.csv", "data/neurons.csv", "data/labels.csv", "data/sets.csv",
      "data/nulls.csv", "data/labels-by-layer.csv", "charts/labels-by-layer.svg", "findings.json",
      "entry.json", "summary.md", "search/index.js", "search/layer-1.js", "search/tokens-0.js",
    ] { #expect(paths.contains(path), "\(path)") }
  }

  @Test func labelsOfOneSpellingHaveFilesOfTheirOwn() throws {
    let findings = try SampleAtlas.findings(labels: ["Dutch", "dutch!", "dutch?"])
    let paths = Set(try SampleAtlas.site(findings).files.map(\.path))
    for name in ["dutch", "dutch-2", "dutch-3"] { #expect(paths.contains("labels/\(name).html")) }
  }

  @Test func aTableHoldsEveryNeuron() throws {
    let site = try SampleAtlas.site(SampleAtlas.findings())
    let lines = try #require(SampleAtlas.text("data/label-dutch.csv", of: site)).split(
      separator: "\n")
    #expect(lines.count == 9)
    #expect(lines[2].hasPrefix("L0N1,confirmed,0.985,0.951,0.998,0,"))
    #expect(lines[1].hasPrefix("L0N0,,0.5,0.4,"))
    #expect(lines[2].contains(",German,0.97,0.91,0.001,0.001,0.0002,"))
    for file in site.files where file.path.hasSuffix(".csv") {
      let commas = file.text.split(separator: "\n").filter { !$0.contains("\"") }
        .map { $0.count { $0 == "," } }
      #expect(Set(commas).count == 1, "\(file.path)")
    }
  }

  @Test func theFindingsComeBackAsTheyWere() throws {
    let findings = try SampleAtlas.findings()
    let site = try SampleAtlas.site(findings)
    let text = try #require(SampleAtlas.text("findings.json", of: site))
    let again = try AtlasReport(reading: FileBytes(Array(text.utf8), name: "findings.json"))
    #expect(try again.findings == SampleAtlas.report(findings).findings)
    #expect(
      try AtlasSite(again, pages: SampleAtlas.pages()).files == site.files)
  }

  // MARK: Budgets

  @Test func passagesGiveWayToTheBudget() throws {
    var limits = AtlasSite.Limits()
    let findings = try SampleAtlas.findings()
    let full = try #require(
      SampleAtlas.text("neurons/L0N1.html", of: SampleAtlas.site(findings)))
    #expect(full.matches(of: /<li><b>/).count == 10)
    limits.neuron = full.utf8.count - 1
    let cut = try #require(
      SampleAtlas.text("neurons/L0N1.html", of: SampleAtlas.site(findings, limits: limits)))
    #expect(cut.matches(of: /<li><b>/).count == 5)
    limits.neuron = 1
    limits.neuronMost = 2000
    let fault = #expect(throws: Diagnostic.self) { try SampleAtlas.site(findings, limits: limits) }
    #expect(fault?.kind == .resources && fault?.file == "small-atlas/neurons/L0N1.html")
  }

  @Test func rowsGiveWayToTheBudget() throws {
    var limits = AtlasSite.Limits()
    limits.list = 3000
    let fault = #expect(throws: Diagnostic.self) {
      try SampleAtlas.site(SampleAtlas.findings(), limits: limits)
    }
    #expect(fault?.expected == "at most 3,000 bytes")
    #expect(fault?.file.hasPrefix("small-atlas/labels/") == true)
  }

  @Test func anIndexThatIsTooLargeLoadsItsCharts() throws {
    var limits = AtlasSite.Limits()
    let findings = try SampleAtlas.findings()
    let full = try #require(SampleAtlas.text("index.html", of: SampleAtlas.site(findings)))
    #expect(full.contains("<svg") && !full.contains("<img"))
    limits.index = full.utf8.count - 1
    let site = try SampleAtlas.site(findings, limits: limits)
    let less = try #require(SampleAtlas.text("index.html", of: site))
    #expect(!less.contains("<svg") && less.contains("<img src=\"charts/labels-by-layer.svg\" alt="))
    // A phone loads charts that are drawn for it, whose words can be read.
    for match in less.matches(of: #/srcset="([^"]*)"/#) {
      let chart = try #require(SampleAtlas.text(String(match.1), of: site), "\(match.1)")
      #expect(chart.contains("viewBox=\"0 0 340 "))
    }
    #expect(
      less.components(separatedBy: "<source media=").count
        == less.components(separatedBy: "<img ").count)
    limits.index = 1000
    let fault = #expect(throws: Diagnostic.self) {
      try SampleAtlas.site(findings, limits: limits)
    }
    #expect(fault?.file == "small-atlas/index.html")
  }

  @Test func whatASiteHasNoRoomForIsSaid() throws {
    var limits = AtlasSite.Limits()
    // 4 files a label, 3 a layer and 100 others leave room for one neuron.
    limits.files = 4 * 3 + 3 * 2 + 100 + 1
    let site = try SampleAtlas.site(SampleAtlas.findings(), limits: limits)
    #expect(site.leftOut == 1)
    let paths = site.files.map(\.path)
    #expect(paths.contains("neurons/L0N1.html") && !paths.contains("neurons/L1N2.html"))
    let index = try #require(SampleAtlas.text("index.html", of: site))
    #expect(index.contains("1 neuron that would have a page has none"))
    #expect(!index.contains("L1N2.html"))
    let label = try #require(SampleAtlas.text("labels/german.html", of: site))
    #expect(!label.contains("L1N2.html") && label.contains(">L1N2<"))
    let full = try SampleAtlas.site(SampleAtlas.findings())
    #expect(full.leftOut == 0)
    #expect(!(try #require(SampleAtlas.text("index.html", of: full))).contains("would have a page"))
  }

  // MARK: Findings from anywhere

  @Test func findingsThatDoNotFitTogetherAreRefused() throws {
    let changes: [(String, (inout AtlasFindings) throws -> Void)] = [
      ("nulls.auc", { $0.nulls[0].auc = [0.5] }),
      ("pages", { $0.pages.append($0.pages[0]) }),
      ("pages.passages.values", { $0.pages[1].passages[0].values = [] }),
      (
        "checkpoints.change",
        {
          $0.checkpoints = [try SampleAtlas.checkpoint("step0", change: [1])]
        }
      ),
      ("file.slug", { $0.file.slug = "../x" }),
    ]
    for (field, change) in changes {
      var findings = try SampleAtlas.findings()
      try change(&findings)
      let fault = #expect(throws: Diagnostic.self, "\(field)") {
        try SampleAtlas.report(findings)
      }
      #expect(fault?.field == field && fault?.kind == .data, "\(field): \(fault?.field ?? "")")
    }
  }

  /// Numbers that no real atlas has, in columns of the right length.
  @Test func numbersBeyondReasonStopNothing() throws {
    var findings = try SampleAtlas.findings()
    for label in findings.cells.indices {
      findings.cells[label].auc = SampleAtlas.column(1e300, [2: -1e300])
      findings.cells[label].low = SampleAtlas.column(-1e300)
      findings.cells[label].q = SampleAtlas.column(1e-300)
    }
    findings.neurons.firing = SampleAtlas.column(1e300, [1: -1e300])
    findings.neurons.max = SampleAtlas.column(0)
    findings.file.documents = 1 << 53
    for page in findings.pages.indices {
      findings.pages[page].histograms = Array(repeating: [1 << 53, 1 << 53, 0], count: 3)
    }
    findings.sets?.loss = [0, 1e-300, 4]
    #expect(try SampleAtlas.site(findings).files.count > 20)
  }

  @Test func hostileNamesAndTokensAreTextEverywhere() throws {
    let hostile = SampleAtlas.hostile
    let findings = try SampleAtlas.findings(
      labels: [hostile, "German " + hostile, "French"], title: hostile, token: hostile)
    let site = try SampleAtlas.site(findings)
    for file in site.files {
      if file.path.hasSuffix(".html") || file.path.hasSuffix(".svg") {
        #expect(!file.text.contains("<script>"), "\(file.path)")
        #expect(!file.text.contains("\u{202E}"), "\(file.path)")
        let scripts = file.text.matches(of: /<script/).count
        #expect(scripts == (file.path.hasSuffix(".html") ? 2 : 0), "\(file.path)")
      }
      if file.path.hasSuffix(".js") {
        #expect(!file.text.contains("<"), "\(file.path)")
        #expect(!file.text.dropLast().contains { $0.isNewline }, "\(file.path)")
        #expect(file.text.hasPrefix("atlasShard(\"") && file.text.hasSuffix(");\n"))
      }
    }
  }

  // MARK: Search

  @Test func theSearchFindsTokensByWhatAReaderTypes() throws {
    let site = try SampleAtlas.site(SampleAtlas.findings())
    let tokens = try #require(SampleAtlas.text("search/tokens-0.js", of: site))
    let json = try JSON(
      parsing: FileBytes(
        Array(tokens.dropFirst("atlasShard(\"tokens-0\", ".count).dropLast(3).utf8), name: "shard"))
    let first = try #require(json.array?.first?.array)
    #expect(first[0].string == " het")
    // Neurons of even places promote it, those of odd places fire on it.
    #expect(first[1].array?.compactMap(\.integer) == [0, 2, 4, 6])
    #expect(first[2].array?.compactMap(\.integer) == [1, 3, 5, 7])
  }

  @Test func aDeadNeuronIsNobodysInTheSearch() throws {
    let site = try SampleAtlas.site(SampleAtlas.findings())
    let layer = try #require(SampleAtlas.text("search/layer-0.js", of: site))
    #expect(layer.contains("\"best\":[2,0,2,-1]"))
    #expect(layer.contains("\"grade\":[0,2,0,0]"))
    #expect(layer.contains("\"auc\":[500,985,500,500]"))
  }
}
