import Atlas
import Diagnostics
import Reporting
import StudyFile

/// Checks that the columns of findings, which may come from anywhere, fit together, so that no page
/// reads beyond the end of one.
struct AtlasShape {
  let findings: AtlasFindings
  let file: String

  init(_ findings: AtlasFindings, file: String) {
    self.findings = findings
    self.file = file
  }

  /// - Throws: `Diagnostic` of kind `.data` that names the first field that does not fit.
  func check() throws {
    guard findings.kind == AtlasFile.kind, findings.format == AtlasFindings.format else {
      throw fault(
        "format", "\(AtlasFile.kind), format \(AtlasFindings.format)",
        "\(findings.kind), format \(findings.format)")
    }
    guard Slug.isValid(findings.file.slug) else {
      throw fault(
        "file.slug", "lower-case letters, digits and dashes",
        "\"\(findings.file.slug.prefix(80))\"")
    }
    let model = findings.model
    guard (1...10_000).contains(model.layers), (1...10_000_000).contains(model.dMLP) else {
      throw fault("model", "layers and neurons", "\(model.layers) layers of \(model.dMLP)")
    }
    try checkLabels()
    try checkNeurons()
    for (index, column) in findings.cells.enumerated() { try check(column, "cells.\(index)") }
    try checkPages()
    try checkSets()
    for (index, checkpoint) in findings.checkpoints.enumerated() {
      let field = "checkpoints.\(index).labels"
      try equal(checkpoint.labels.count, findings.file.corpora.count, field)
      for label in checkpoint.labels { try places([label.best], field) }
      let sizes = Set(checkpoint.labels.map(\.change.count))
      guard sizes.isSubset(of: [0, findings.sets?.sizes.count ?? 0]) else {
        throw fault(field, "as many changes as there are sizes of sets", "\(sizes.sorted())")
      }
    }
  }

  private func checkLabels() throws {
    let names = findings.labelNames
    guard names.count >= 2, Set(names).count == names.count else {
      throw fault("file.corpora", "two labels or more with names of their own", "\(names.count)")
    }
    for name in names where findings.labels[name] == nil {
      throw fault("labels", "an entry for each label", "none for \"\(name.prefix(80))\"")
    }
    try equal(findings.labels.count, names.count, "labels")
    try equal(findings.cells.count, names.count, "cells")
    try equal(findings.nulls.count, names.count + 1, "nulls")
    for (index, null) in findings.nulls.enumerated() {
      try equal(null.z.count, NullLine.shares.count, "nulls.\(index).z")
      guard null.auc.isEmpty || null.auc.count == NullLine.shares.count else {
        throw fault(
          "nulls.\(index).auc", "none or \(NullLine.shares.count) numbers", "\(null.auc.count)")
      }
    }
    try places(findings.orderedLabels.map(\.best), "labels")
  }

  private func checkNeurons() throws {
    let neurons = findings.neurons
    let columns = [
      ("mean", neurons.mean.count), ("deviation", neurons.deviation.count),
      ("min", neurons.min.count), ("max", neurons.max.count), ("firing", neurons.firing.count),
      ("entropy", neurons.entropy.count), ("cluster", neurons.cluster.count),
      ("promoted", neurons.promoted.count), ("fires", neurons.fires.count),
    ]
    for (name, count) in columns { try equal(count, findings.model.neurons, "neurons.\(name)") }
    try within(neurons.cluster, -1..<findings.clusters.count, "neurons.cluster")
    try within(neurons.promoted.joined(), 0..<findings.tokens.count, "neurons.promoted")
    try within(neurons.fires.joined(), 0..<findings.tokens.count, "neurons.fires")
    for (index, cluster) in findings.clusters.enumerated() {
      try places(cluster.members, "clusters.\(index).members")
    }
  }

  private func check(_ column: LabelColumns, _ field: String) throws {
    let counts = [
      ("discovery", column.discovery.count), ("auc", column.auc.count), ("low", column.low.count),
      ("high", column.high.count), ("d", column.d.count), ("mcc", column.mcc.count),
      ("threshold", column.threshold.count), ("next", column.next.count),
      ("next_auc", column.nextAUC.count), ("next_low", column.nextLow.count),
      ("reached_label", column.reachedLabel.count), ("reached_atlas", column.reachedAtlas.count),
      ("q", column.q.count), ("firing", column.firing.count), ("lape", column.lape.count),
      ("grade", column.grade.count),
    ]
    for (name, count) in counts { try equal(count, findings.model.neurons, "\(field).\(name)") }
    try within(column.next, 0..<findings.cells.count, "\(field).next")
    try within(column.grade, 0..<LabelColumns.Grade.allCases.count, "\(field).grade")
    try within(column.threshold, 0..<max(1, findings.design.edges.count), "\(field).threshold")
  }

  private func checkPages() throws {
    for (index, page) in findings.pages.enumerated() {
      let field = "pages.\(index)"
      try places([page.place], "\(field).place")
      try within(page.labels, 0..<findings.cells.count, "\(field).labels")
      try equal(page.histograms.count, findings.cells.count, "\(field).histograms")
      let bins = findings.design.edges.count + 1
      guard page.firstBin >= 0, page.histograms.allSatisfy({ page.firstBin + $0.count <= bins })
      else { throw fault("\(field).histograms", "at most \(bins) bins", "more") }
      for passage in page.passages {
        try within([passage.label], 0..<findings.cells.count, "\(field).passages")
        try equal(passage.values.count, passage.tokens.count, "\(field).passages")
      }
    }
    guard Set(findings.pages.map(\.place)).count == findings.pages.count else {
      throw fault("pages", "each neuron once", "one twice")
    }
  }

  private func checkSets() throws {
    guard let sets = findings.sets else { return }
    let labels = findings.cells.count
    for (name, count) in [
      ("documents", sets.documents.count), ("tokens", sets.tokens.count),
      ("loss", sets.loss.count),
    ] { try equal(count, labels, "sets.\(name)") }
    for (index, effect) in sets.effects.enumerated() {
      let field = "sets.effects.\(index)"
      try within([effect.label], 0..<labels, "\(field).label")
      try places(effect.neurons, "\(field).neurons")
      for (name, count) in [
        ("change", effect.change.count), ("low", effect.low.count), ("high", effect.high.count),
      ] { try equal(count, labels, "\(field).\(name)") }
    }
  }

  private func places(_ places: some Sequence<Int>, _ field: String) throws {
    try within(places, 0..<findings.model.neurons, field)
  }

  private func within(
    _ values: some Sequence<Int>, _ range: Range<Int>, _ field: String
  ) throws {
    if let value = values.first(where: { !range.contains($0) }) {
      throw fault(field, "numbers from \(range.lowerBound) to \(range.upperBound - 1)", "\(value)")
    }
  }

  private func equal(_ count: Int, _ expected: Int, _ field: String) throws {
    guard count == expected else { throw fault(field, "\(expected) values", "\(count)") }
  }

  private func fault(_ field: String, _ expected: String, _ found: String) -> Diagnostic {
    Diagnostic(
      .data, file: file, field: field, expected: expected, found: found,
      advice: "Build the atlas again; its findings were changed or are another version's.")
  }
}
