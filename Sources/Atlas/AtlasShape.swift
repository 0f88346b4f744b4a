/// Checks that the columns of findings have the lengths and indices that pages rely on; the file may
/// come from anywhere.
struct AtlasShape {
  struct Fault: Equatable {
    let field: String
    let expected: String
    let found: String
  }

  /// The first fault; nil if there is none.
  private(set) var fault: Fault?
  private let neurons: Int
  private let labels: Int

  init(_ findings: AtlasFindings) {
    let model = findings.model
    // A claim of more neurons than any column has must not overflow.
    let (count, overflows) = model.layers.multipliedReportingOverflow(by: model.dMLP)
    neurons = overflows || model.layers < 1 ? 0 : count
    labels = findings.file.corpora.count
    guard neurons > 0 else {
      fault = Fault(field: "model", expected: "layers of neurons", found: "none")
      return
    }
    checkLabels(findings)
    checkNeurons(findings)
    for cells in findings.cells where fault == nil {
      check(cells, edges: findings.design.edges.count)
    }
    expect("pages", Set(findings.pages.map(\.place)).count, findings.pages.count)
    for page in findings.pages where fault == nil {
      check(page, edges: findings.design.edges.count)
    }
    for cluster in findings.clusters {
      expectIndices("clusters.members", cluster.members, 0..<neurons)
    }
    if let sets = findings.sets { check(sets) }
    for state in findings.checkpoints {
      expect("checkpoints.labels", state.labels.count, labels)
      expectIndices("checkpoints.best", state.labels.map(\.best), 0..<neurons)
      for figures in state.labels where !figures.change.isEmpty {
        expect("checkpoints.change", figures.change.count, findings.sets?.sizes.count ?? 0)
      }
    }
  }

  private mutating func add(_ new: Fault) {
    if fault == nil { fault = new }
  }

  private mutating func expect(_ field: String, _ found: Int, _ expected: Int) {
    guard found != expected else { return }
    add(Fault(field: field, expected: "\(expected) entries", found: "\(found)"))
  }

  private mutating func expectIndices(_ field: String, _ values: [Int], _ range: Range<Int>) {
    guard let value = values.first(where: { !range.contains($0) }) else { return }
    add(
      Fault(
        field: field, expected: "indices from \(range.lowerBound) to \(range.upperBound - 1)",
        found: "\(value)"))
  }

  private mutating func checkLabels(_ findings: AtlasFindings) {
    let names = Set(findings.file.corpora.map(\.name))
    if labels < 2 || names.count != labels || Set(findings.labels.keys) != names {
      add(
        Fault(
          field: "labels", expected: "the \(labels) corpora of the file, each once",
          found: "\(findings.labels.count) labels"))
    }
    for label in findings.labels.values {
      expectIndices("labels.best", [label.best], 0..<neurons)
    }
    expect("nulls", findings.nulls.count, labels + 1)
    for line in findings.nulls {
      expect("nulls.z", line.z.count, NullLine.shares.count)
      if !line.auc.isEmpty { expect("nulls.auc", line.auc.count, NullLine.shares.count) }
    }
    expect("cells", findings.cells.count, labels)
  }

  private mutating func checkNeurons(_ findings: AtlasFindings) {
    let found = findings.neurons
    expect("neurons.mean", found.mean.count, neurons)
    expect("neurons.deviation", found.deviation.count, neurons)
    expect("neurons.min", found.min.count, neurons)
    expect("neurons.max", found.max.count, neurons)
    expect("neurons.firing", found.firing.count, neurons)
    expect("neurons.entropy", found.entropy.count, neurons)
    expect("neurons.cluster", found.cluster.count, neurons)
    expectIndices("neurons.cluster", found.cluster, -1..<findings.clusters.count)
    expect("neurons.promoted", found.promoted.count, neurons)
    expect("neurons.fires", found.fires.count, neurons)
    for tokens in found.promoted {
      expectIndices("neurons.promoted", tokens, 0..<findings.tokens.count)
    }
    for tokens in found.fires { expectIndices("neurons.fires", tokens, 0..<findings.tokens.count) }
  }

  private mutating func check(_ cells: LabelColumns, edges: Int) {
    let numbers: [(String, [Double])] = [
      ("discovery", cells.discovery), ("auc", cells.auc), ("low", cells.low),
      ("high", cells.high), ("d", cells.d), ("mcc", cells.mcc), ("next_auc", cells.nextAUC),
      ("next_low", cells.nextLow), ("q", cells.q), ("firing", cells.firing),
    ]
    for (name, column) in numbers { expect("cells." + name, column.count, neurons) }
    let grades = LabelColumns.Grade.allCases.count
    let counts: [(String, [Int], Range<Int>)] = [
      ("rank", cells.rank, 1..<neurons + 1), ("threshold", cells.threshold, 0..<max(0, edges)),
      ("next", cells.next, 0..<labels), ("reached_label", cells.reachedLabel, 0..<Int.max),
      ("reached_atlas", cells.reachedAtlas, 0..<Int.max), ("lape", cells.lape, 0..<2),
      ("grade", cells.grade, 0..<grades),
    ]
    for (name, column, range) in counts {
      expect("cells." + name, column.count, neurons)
      expectIndices("cells." + name, column, range)
    }
  }

  private mutating func check(_ page: NeuronDetail, edges: Int) {
    expectIndices("pages.place", [page.place], 0..<neurons)
    expectIndices("pages.labels", page.labels, 0..<labels)
    expectIndices("pages.shown_for", [page.shownFor], 0..<labels)
    expect("pages.histograms", page.histograms.count, labels)
    // There is one bin more than edges.
    expectIndices("pages.first_bin", [page.firstBin], 0..<edges + 1)
    guard fault == nil else { return }
    let lengths = page.histograms.map(\.count)
    expectIndices("pages.histograms", lengths, 0..<edges + 2 - page.firstBin)
    expectIndices("pages.passages.label", page.passages.map(\.label), 0..<labels)
    for passage in page.passages {
      expect("pages.passages.values", passage.values.count, passage.tokens.count)
    }
  }

  private mutating func check(_ sets: SetEffects) {
    expect("sets.documents", sets.documents.count, labels)
    expect("sets.tokens", sets.tokens.count, labels)
    expect("sets.loss", sets.loss.count, labels)
    for effect in sets.effects {
      expectIndices("sets.effects.label", [effect.label], 0..<labels)
      expectIndices("sets.effects.neurons", effect.neurons, 0..<neurons)
      expect("sets.effects.change", effect.change.count, labels)
      expect("sets.effects.low", effect.low.count, labels)
      expect("sets.effects.high", effect.high.count, labels)
    }
  }
}
