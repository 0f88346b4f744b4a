import Charts
import ReportModel
import StudyFile

/// The claim card: the one picture shown on the page, in the index, in a pull request and in a
/// notebook.
package enum ClaimFigure {
  package static let id = "claim-card"
  /// The most corpora that the card has room for.
  static let mostRows = 10

  /// The figure; nil where the findings hold neither activations nor changes of loss by corpus.
  package static func figure(_ findings: Findings) -> Figure? {
    let study = findings.study
    let languages = findings.result(of: Languages.self)
    let controls = findings.result(of: AblationControls.self)
    let set = findings.result(of: SetAblation.self)
    var names = [study.file.target] + study.file.other
    names = names.filter { name in
      languages?.corpora.contains { $0.name == name } == true || findings.change(on: name) != nil
        || controls?.corpora[name] != nil
    }
    guard names.contains(study.file.target) else { return nil }
    let rows = names.map { name -> ClaimCard.Row in
      let quantiles = languages?.corpora.first { $0.name == name }?.quantiles ?? []
      func quantile(_ index: Int) -> Double? { quantiles.at(index) ?? nil }
      return ClaimCard.Row(
        name, isTarget: name == study.file.target,
        activation: quantile(2).map { .init($0, low: quantile(0), high: quantile(4)) },
        change: findings.change(on: name)?.loss.percent.estimate)
    }
    let shown = Self.shown(rows)
    let card = ClaimCard(
      title: "The claim about \(study.subject)",
      pronoun: study.file.subject == .set ? "them" : "it", rows: shown,
      controls: controls.flatMap { band($0, study) }
        ?? set.flatMap { SetAblation.band($0, on: study.file.target) },
      controlName: controls.map { name($0, study) } ?? set.map(SetAblation.equalName) ?? "",
      neurons: findings.result(of: ProbeSweep.self).map(strip)
        ?? findings.result(of: SetProbe.self).map(strip))
    let omitted = rows.count - shown.count
    return Figure(
      id: id, caption: caption(rows, study),
      note: omitted == 0
        ? ""
        : "The \(omitted.of("corpus", plural: "corpora")) with the lowest medians "
          + "\(omitted == 1 ? "is" : "are") left to the data.",
      chart: .claim(card), data: data(rows))
  }

  /// The target and, if there are too many corpora, the others with the highest medians.
  private static func shown(_ rows: [ClaimCard.Row]) -> [ClaimCard.Row] {
    guard rows.count > mostRows else { return rows }
    let others = rows.enumerated().filter { !$0.element.isTarget }
      .sorted {
        ($0.element.activation?.value ?? -.infinity, $1.offset)
          > ($1.element.activation?.value ?? -.infinity, $0.offset)
      }
    let kept = Set(others.prefix(mostRows - 1).map(\.offset))
    return rows.enumerated().filter { $0.element.isTarget || kept.contains($0.offset) }
      .map(\.element)
  }

  /// The name of the controls, such as `80 edits of equal size`; with their number of documents if
  /// the target's change was measured on others.
  private static func name(
    _ result: AblationControls.Result, _ study: FindingsStudy
  ) -> String {
    let name = result.controls.count
    return result.controls.sample == result.corpora[study.file.target]?.sample
      ? name : name + " on \(result.controls.sample.documents.of("document"))"
  }

  /// The range of the controls' changes, in percent of the target's clean loss.
  private static func band(
    _ result: AblationControls.Result, _ study: FindingsStudy
  ) -> IntervalChart.Band? {
    guard let target = result.corpora[study.file.target],
      let clean = target.ablations[
        AblationControls.Kind(study.file.ablation.value).rawValue]?.clean, clean > 0,
      let low = result.controls.equal.min(), let high = result.controls.equal.max()
    else { return nil }
    return .init(100 * low / clean, 100 * high / clean)
  }

  /// All neurons of the model, this one, the best other, and what chance reaches. The MCC of a rule
  /// is above 0 whichever class it takes for the higher, so a neuron that is lower on the target
  /// says so.
  package static func strip(_ sweep: ProbeSweep.Result) -> StripChart {
    let studied = sweep.studied
    func name(_ neuron: ProbeSweep.Result.Neuron) -> String {
      NeuronAddress(layer: neuron.layer, neuron: neuron.neuron).description
        + (neuron.isLower ? ", lower on the target" : "")
    }
    let rival = sweep.top.first {
      $0.layer != studied.layer || $0.neuron != studied.neuron
    }
    var marks = [
      StripChart.Mark(
        name(studied),
        .init(
          studied.tokens.mcc.mean, low: sweep.interval.tokens.low,
          high: sweep.interval.tokens.high), .studied)
    ]
    if let rival { marks.append(.init(name(rival), .init(rival.tokens.mcc.mean), .rival)) }
    if let best = sweep.directions.best.max() {
      marks.append(.init("best random direction of any layer", .init(best), .null))
    }
    marks.append(.init("best with shuffled labels", .init(sweep.shuffled.best), .null))
    return StripChart(
      title: "Held-out MCC of all \(sweep.neurons.of("neuron"))", x: Axis("MCC on tokens"),
      rows: [.init("", values: sweep.layers.flatMap(\.tokens.mcc), marks: marks)])
  }

  /// A set's reading beside those of its neurons alone and of random sets.
  private static func strip(_ probe: SetProbe.Result) -> StripChart {
    let together = probe.together.mcc
    var marks = [
      StripChart.Mark(
        "all together", .init(together.value, low: together.low, high: together.high), .studied)
    ]
    if let best = probe.neurons.max(by: { $0.mcc.value < $1.mcc.value }) {
      marks.append(.init("\(best.address) alone", .init(best.mcc.value), .rival))
    }
    if let random = probe.random.map(\.mcc).max() {
      marks.append(.init("best random set", .init(random), .null))
    }
    return StripChart(
      title: "Held-out MCC beside \(probe.random.count.of("random set"))", x: Axis("MCC on tokens"),
      rows: [
        .init("", values: probe.neurons.map(\.mcc.value) + probe.random.map(\.mcc), marks: marks)
      ])
  }

  /// The figure's caption: one sentence for readers who do not see the picture.
  private static func caption(_ rows: [ClaimCard.Row], _ study: FindingsStudy) -> String {
    guard let own = rows.first(where: \.isTarget) else { return "" }
    let others = rows.filter { !$0.isTarget }
    let neuron = study.subject
    if let change = own.change {
      let measured = Measured(change.value, low: change.low, high: change.high)
      var text =
        "Without \(neuron) the loss on \(own.corpus) changes by \(measured.words) %"
      let values = others.compactMap { $0.change?.value }
      if let low = values.min(), let high = values.max() {
        let digits = NumberText.decimals(low: low, high: high)
        text +=
          values.count == 1
          ? ", on \(others[0].corpus) by \(Wording.signed(low, digits)) %"
          : ", on \(values.count) others by \(Wording.signed(low, digits)) to "
            + "\(Wording.signed(high, digits)) %"
      }
      return text + "."
    }
    guard let activation = own.activation else { return "" }
    var text =
      "The median activation of \(neuron) is \(Wording.number(activation.value)) on "
      + "\(own.corpus)"
    let medians = others.compactMap { $0.activation?.value }
    if let low = medians.min(), let high = medians.max() {
      text +=
        medians.count == 1
        ? ", \(Wording.number(low)) on \(others[0].corpus)"
        : ", \(Wording.number(low)) to \(Wording.number(high)) on \(medians.count) others"
    }
    return text + "."
  }

  private static func data(_ rows: [ClaimCard.Row]) -> DataTable {
    DataTable(
      header: [
        "corpus", "median activation", "5 %", "95 %", "change of loss, %", "low", "high",
      ],
      rows: rows.map { row in
        [.text(row.corpus)]
          + [row.activation?.value, row.activation?.low, row.activation?.high].map {
            $0.map { .number($0, decimals: 3) } ?? .missing
          }
          + [row.change?.value, row.change?.low, row.change?.high].map {
            $0.map { .number($0, decimals: 4) } ?? .missing
          }
      })
  }
}
