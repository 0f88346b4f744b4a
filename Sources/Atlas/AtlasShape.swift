/// Checks that the columns of findings have the lengths and indices that pages rely on; the file may
/// come from anywhere.
struct AtlasShape {
  struct Fault: Equatable {
    let field: String
    let expected: String
    let found: String
  }

  private let findings: AtlasFindings
  private let neurons: Int
  private let labels: Int

  init(_ findings: AtlasFindings) {
    self.findings = findings
    let model = findings.model
    // A claim of more neurons than any column has must not overflow.
    let (count, overflows) = model.layers.multipliedReportingOverflow(by: model.dMLP)
    neurons = overflows ? -1 : count
    labels = findings.file.corpora.count
  }

  /// The first fault, or none.
  var faults: [Fault] {
    let all =
      [header].flatMap(\.self) + columns + cells + details + groups + setFaults + checkpointFaults
    return Array(all.prefix(1))
  }

  private func count(_ field: String, _ found: Int, _ expected: Int) -> [Fault] {
    found == expected
      ? [] : [Fault(field: field, expected: "\(expected) entries", found: "\(found)")]
  }

  private func indices(
    _ field: String, _ values: some Sequence<Int>, _ range: Range<Int>
  ) -> [Fault] {
    values.first { !range.contains($0) }.map {
      [
        Fault(
          field: field, expected: "indices from \(range.lowerBound) to \(range.upperBound - 1)",
          found: "\($0)")
      ]
    } ?? []
  }

  private var header: [Fault] {
    guard findings.model.layers > 0, findings.model.dMLP > 0, neurons > 0 else {
      return [Fault(field: "model", expected: "layers of neurons", found: "none")]
    }
    let names = Set(findings.file.corpora.map(\.name))
    guard labels >= 2, names.count == labels, Set(findings.labels.keys) == names else {
      return [
        Fault(
          field: "labels", expected: "the \(labels) corpora of the file, each once",
          found: "\(findings.labels.count) labels")
      ]
    }
    return count("nulls", findings.nulls.count, labels + 1)
      + findings.nulls.flatMap { count("nulls.z", $0.z.count, NullLine.shares.count) }
      + findings.nulls.filter { !$0.auc.isEmpty }.flatMap {
        count("nulls.auc", $0.auc.count, NullLine.shares.count)
      }
      + findings.labels.values.flatMap { indices("labels.best", [$0.best], 0..<neurons) }
  }

  private var columns: [Fault] {
    let found = findings.neurons
    return [
      ("mean", found.mean.count), ("deviation", found.deviation.count), ("min", found.min.count),
      ("max", found.max.count), ("firing", found.firing.count), ("entropy", found.entropy.count),
      ("cluster", found.cluster.count), ("promoted", found.promoted.count),
      ("fires", found.fires.count),
    ].flatMap { count("neurons.\($0)", $1, neurons) }
      + indices("neurons.cluster", found.cluster, -1..<findings.clusters.count)
      + indices("neurons.promoted", found.promoted.joined(), 0..<findings.tokens.count)
      + indices("neurons.fires", found.fires.joined(), 0..<findings.tokens.count)
  }

  private var cells: [Fault] {
    count("cells", findings.cells.count, labels)
      + findings.cells.flatMap { found in
        [
          ("discovery", found.discovery.count), ("rank", found.rank.count),
          ("auc", found.auc.count), ("low", found.low.count), ("high", found.high.count),
          ("d", found.d.count), ("mcc", found.mcc.count), ("threshold", found.threshold.count),
          ("next", found.next.count), ("next_auc", found.nextAUC.count),
          ("next_low", found.nextLow.count), ("reached_label", found.reachedLabel.count),
          ("reached_atlas", found.reachedAtlas.count), ("q", found.q.count),
          ("firing", found.firing.count), ("lape", found.lape.count), ("grade", found.grade.count),
        ].flatMap { count("cells.\($0)", $1, neurons) }
          + indices("cells.next", found.next, 0..<labels)
          + indices("cells.threshold", found.threshold, 0..<findings.design.edges.count)
          + indices("cells.grade", found.grade, 0..<LabelColumns.Grade.allCases.count)
          + indices("cells.rank", found.rank, 1..<neurons + 1)
      }
  }

  private var details: [Fault] {
    count("pages", Set(findings.pages.map(\.place)).count, findings.pages.count)
      + findings.pages.flatMap { page in
        indices("pages.place", [page.place], 0..<neurons)
          + indices("pages.labels", page.labels + [page.shownFor], 0..<labels)
          + count("pages.histograms", page.histograms.count, labels)
          + indices("pages.first_bin", [page.firstBin], 0..<findings.design.edges.count + 1)
          + page.histograms.flatMap {
            indices(
              "pages.histograms", [$0.count], 0..<max(0, findings.design.edges.count + 2 - page.firstBin))
          }
          + page.passages.flatMap {
            indices("pages.passages.label", [$0.label], 0..<labels)
              + count("pages.passages.values", $0.values.count, $0.tokens.count)
          }
      }
  }

  private var groups: [Fault] {
    indices("clusters.members", findings.clusters.lazy.flatMap(\.members), 0..<neurons)
  }

  private var setFaults: [Fault] {
    guard let sets = findings.sets else { return [] }
    return [sets.documents.count, sets.tokens.count, sets.loss.count].flatMap {
      count("sets", $0, labels)
    }
      + sets.effects.flatMap { effect in
        indices("sets.effects.label", [effect.label], 0..<labels)
          + indices("sets.effects.neurons", effect.neurons, 0..<neurons)
          + [effect.change, effect.low, effect.high].flatMap {
            count("sets.effects.change", $0.count, labels)
          }
      }
  }

  private var checkpointFaults: [Fault] {
    findings.checkpoints.flatMap { state in
      count("checkpoints.labels", state.labels.count, labels)
        + state.labels.filter { !$0.change.isEmpty }.flatMap {
          count("checkpoints.change", $0.change.count, findings.sets?.sizes.count ?? 0)
        }
        + indices("checkpoints.best", state.labels.map(\.best), 0..<neurons)
    }
  }
}
