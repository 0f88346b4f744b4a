import Atlas
import AtlasPages
import Testing

/// Every sentence is true of the findings, also of those that are made to break it.
struct SentenceTests {
  /// The claim of a page of the atlas as plain text.
  private func claim(
    _ path: String, _ change: (inout AtlasFindings) -> Void = { _ in }
  ) throws -> String {
    var findings = try SampleAtlas.findings()
    change(&findings)
    let page = try #require(
      SampleAtlas.text(path, of: try SampleAtlas.site(findings)), "\(path) is there")
    let start = try #require(page.firstRange(of: "<p class=\"claim\">"))
    let rest = page[start.upperBound...]
    let end = try #require(rest.firstRange(of: "</p>"))
    return String(rest[..<end.lowerBound]).replacing("<strong>", with: "").replacing(
      "</strong>", with: ""
    )
    .replacing("\u{A0}", with: " ")
  }

  private func whole(
    _ path: String, _ change: (inout AtlasFindings) -> Void = { _ in }
  ) throws -> String {
    var findings = try SampleAtlas.findings()
    change(&findings)
    return try #require(SampleAtlas.text(path, of: try SampleAtlas.site(findings)))
      .replacing("\u{A0}", with: " ")
  }

  private static func confirm(_ labels: [Int], in findings: inout AtlasFindings) {
    for (index, name) in findings.labelNames.enumerated() {
      findings.labels[name]?.confirmed = labels.contains(index) ? 1 : 0
      findings.cells[index].grade = SampleAtlas.whole(0, labels.contains(index) ? [index: 2] : [:])
    }
  }

  @Test(arguments: [
    ([], "None of 3 labels has a confirmed neuron."),
    ([0], "1 of 3 labels has a confirmed neuron: Dutch."),
    ([0, 2], "2 of 3 labels have a confirmed neuron: Dutch and French."),
    ([0, 1, 2], "All 3 labels have a confirmed neuron."),
  ])
  func theIndexCountsLabels(_ labels: [Int], _ sentence: String) throws {
    let text = try claim("index.html") { Self.confirm(labels, in: &$0) }
    #expect(text.hasPrefix(sentence), "\(text)")
  }

  @Test func theIndexCountsANeuronOnceByItsBestGrade() throws {
    #expect(
      try claim("index.html").contains(
        "Of 8 neurons, 1 is confirmed for a label and 1 more is suggestive."))
    // L0N1 is suggestive for German, too: it is counted as confirmed alone.
    let text = try claim("index.html") { $0.cells[1].grade[1] = 1 }
    #expect(text.contains("1 is confirmed for a label and 1 more is suggestive."), "\(text)")
    let none = try claim("index.html") { findings in
      for label in findings.cells.indices { findings.cells[label].grade = SampleAtlas.whole(0) }
    }
    #expect(none.contains("none is confirmed for a label and none is suggestive."), "\(none)")
  }

  /// A model of very many neurons has no clusters because none were looked for.
  @Test func whatWasNotLookedForIsNotDenied() throws {
    let sentence = "Near repetitions among neurons were not looked for."
    for path in ["index.html", "layers/L0.html"] {
      #expect(try !whole(path).contains(sentence))
      let page = try whole(path) { $0.design.correlated = 0 }
      #expect(page.contains(sentence) && !page.contains("nearly repeats another"), "\(path)")
    }
    let layer = try claim("layers/L0.html") { $0.design.correlated = 0 }
    #expect(layer.hasSuffix(sentence), "\(layer)")
    let sets = "and the loss of every label is measured."
    #expect(try whole("index.html").contains(sets))
    #expect(try !whole("index.html") { $0.sets = nil }.contains(sets))
  }

  /// A bound that the file's digits round to its limit is no reason that could be told.
  @Test func aBoundAtItsLimitIsNoReason() throws {
    let path = "neurons/L1N2.html"
    #expect(try whole(path).contains("is not above 0.900"))
    let page = try whole(path) { findings in
      findings.cells[1].low[6] = 0.9
      findings.cells[1].nextLow[6] = 0.8
    }
    #expect(!page.contains("is not above 0.900") && !page.contains("is not above 0.800"))
  }

  @Test func aGatedNeuronsReadingIsItsLinearPart() throws {
    let path = "neurons/L0N1.html"
    #expect(try whole(path).contains("the cosine of its input with a token’s embedding."))
    #expect(
      try whole(path) { $0.model.isGated = true }.contains(
        "the cosine of W_in, its linear part, with a token’s embedding; its gate reads by W_gate"))
  }

  @Test func theIndexTellsWhatBecameOfTheFirstNeurons() throws {
    let start = "The neuron that the discovery documents rank first is confirmed for "
    #expect(try claim("index.html").contains(start + "1 of 3 labels."))
    let none = try claim("index.html") { $0.cells[0].grade[1] = 1 }
    #expect(none.contains(start + "no label."))
    let all = try claim("index.html") {
      $0.cells[1].grade[6] = 2
      $0.cells[2].grade[0] = 2
    }
    #expect(all.contains(start + "every label."))
  }

  @Test func theMapCountsConfirmedNeuronsWhereThereAreAny() throws {
    #expect(
      try whole("index.html").contains(
        "The largest number of confirmed neurons, 1, is that for Dutch in layer 0."))
    let two = try whole("index.html") { $0.cells[2].grade[7] = 2 }
    #expect(two.contains("confirmed neurons, 1, is reached 2 times, first for Dutch in layer 0."))
    let none = try whole("index.html") { $0.cells[0].grade[1] = 1 }
    #expect(none.contains(", 0.985, is that for Dutch in layer 0."))
    #expect(none.contains("No neuron is confirmed."))
  }

  @Test func aLayersFirstNeuronIsTheHighestOnlyAlone() throws {
    #expect(
      try whole("labels/dutch.html").contains(
        "Of the layers&#39; first neurons, L0N1 has the highest AUC, 0.985."))
    let tied = try whole("labels/dutch.html") { $0.cells[0].auc[6] = 0.985 }
    #expect(
      tied.contains(
        "The first neurons of 2 layers reach the highest AUC, 0.985; the earliest is L0N1."))
  }

  @Test(arguments: [
    (2, 0, 2, "Dutch has 2 confirmed neurons and no suggestive one."),
    (3, 1, 2, "Dutch has 3 confirmed neurons, which make 2 clusters, and 1 suggestive one."),
    (1, 12, 1, "Dutch has 1 confirmed neuron and 12 suggestive ones."),
    (0, 1, 0, "No neuron is confirmed for Dutch; 1 is suggestive."),
    (0, 0, 0, "No neuron is confirmed or suggestive for Dutch."),
  ])
  func aLabelCountsItsNeurons(
    _ confirmed: Int, _ suggestive: Int, _ clusters: Int, _ sentence: String
  ) throws {
    let text = try claim("labels/dutch.html") {
      $0.labels["Dutch"]?.confirmed = confirmed
      $0.labels["Dutch"]?.suggestive = suggestive
      $0.labels["Dutch"]?.clusters = clusters
    }
    #expect(text.hasPrefix(sentence), "\(text)")
  }

  @Test func aTieOnDiscoveryIsTold() throws {
    #expect(try claim("labels/dutch.html").contains("L0N1 ranks first of 8 neurons (AUC 0.990)"))
    let tied = try claim("labels/dutch.html") { $0.cells[0].discovery[7] = 0.99 }
    #expect(
      tied.contains("2 of 8 neurons share the AUC of the first, 0.990; by Cohen’s d that is L0N1."))
    #expect(!tied.contains("ranks first"))
  }

  @Test func theBestNeuronsGradeIsItsOwn() throws {
    #expect(try claim("labels/dutch.html").contains("its AUC is 0.985 [0.951, 0.998]: confirmed."))
    #expect(try claim("labels/german.html").contains("[0.780, 0.930]: suggestive."))
    #expect(try claim("labels/french.html").contains("[0.400, 0.600]: no grade."))
  }

  @Test func aNeuronsVerdictFollowsItsGrade() throws {
    #expect(
      try claim("neurons/L0N1.html").hasPrefix(
        "L0N1 is confirmed for Dutch: AUC 0.985 [0.951, 0.998] on confirmation documents. Against "
          + "German alone, the next best label, its AUC is 0.970, lower bound 0.910."))
    let suggestive = try claim("neurons/L1N2.html")
    #expect(suggestive.hasPrefix("L1N2 is suggestive for German"), "\(suggestive)")
    #expect(
      suggestive.contains(
        "It is not confirmed: its p of 0.121 is not below 0.050, and its lower bound of 0.780 is not "
          + "above 0.900, and its lower bound against Dutch of 0.400 is not above 0.800."))
    let none = try claim("neurons/L1N2.html") { $0.cells[1].grade[6] = 0 }
    #expect(
      none.hasPrefix(
        "L1N2 stands for no label; of the labels it ranks highest for German (1 of 8 on the discovery"
      ),
      "\(none)")
    // Its q is low and its AUC high enough: no reason is made up.
    #expect(!none.contains("It is not suggestive"))
    let weak = try claim("neurons/L1N2.html") {
      $0.cells[1].grade[6] = 0
      $0.cells[1].q[6] = 0.3
      $0.cells[1].auc[6] = 0.7
    }
    #expect(
      weak.contains(
        "It is not suggestive: its q of 0.300 is not below 0.050, and its AUC is not above 0.750."))
  }

  @Test func aNeuronThatNeverVariesStandsForNothing() throws {
    let text = try claim("neurons/L1N2.html") { $0.neurons.deviation[6] = 0 }
    #expect(text == "L1N2 has the same activation on every token.")
  }

  @Test func aNeuronNamesItsOtherGradesAndItsCluster() throws {
    let text = try claim("neurons/L0N1.html") { $0.cells[2].grade[1] = 1 }
    #expect(text.contains("It has a grade for French (suggestive), too."))
    #expect(text.contains("It says nearly the same (|r| ≥ 0.93 along the cluster) as L0N2."))
    #expect(try !claim("neurons/L1N2.html").contains("nearly the same"))
  }

  @Test func aLayerTellsItsDeadNeurons() throws {
    let first = try claim("layers/L0.html")
    #expect(
      first.hasPrefix(
        "Of 4 neurons in layer 0, 1 is confirmed for a label and none is suggestive."), "\(first)")
    #expect(first.contains("1 fires on no token; the median neuron fires on 40.0 % of tokens."))
    #expect(try claim("layers/L1.html").contains("Every neuron fires on some token"))
    let dead = try claim("layers/L1.html") { $0.neurons.firing = SampleAtlas.column(0) }
    #expect(dead.contains("No neuron fires on any token."))
    let often = try whole("layers/L1.html")
    #expect(often.contains("1 of 4 neurons fires on more than half of the tokens."))
    #expect(
      try whole("layers/L0.html").contains("No neuron fires on more than half of the tokens."))
  }

  @Test func theMatrixCountsLabelsThatLoseMostThemselves() throws {
    #expect(
      try whole("index.html").contains(
        "Without a label’s 4 best neurons, the loss of that label rises most for 2 of 3 labels."
          .replacing("’", with: "&#39;")))
    func turned(_ change: @escaping (inout SetEffects) -> Void) throws -> String {
      try whole("index.html") { if $0.sets != nil { change(&$0.sets!) } }
    }
    let none = try turned { sets in
      for index in sets.effects.indices { sets.effects[index].change = [-0.1, -0.1, -0.1] }
    }
    #expect(none.contains("no label is itself the one whose loss rises most."))
    let all = try turned { sets in
      for index in sets.effects.indices {
        var change = [0.0, 0, 0]
        change[sets.effects[index].label] = 0.3
        sets.effects[index].change = change
      }
    }
    #expect(all.contains("the loss of that label rises most, for all 3 labels."))
  }

  @Test func controlsAreBeatenOnlyWhereIntervalsAreApart() throws {
    #expect(
      try whole("index.html").contains("For all 3 labels the rise without the 4 best neurons"))
    let near = try whole("index.html") { findings in
      for index in findings.sets!.effects.indices
      where findings.sets!.effects[index].ranking == .random {
        findings.sets!.effects[index].high = [9, 9, 9]
      }
    }
    #expect(near.contains("For none of 3 labels the rise without the 4 best neurons"))
    let few = try whole("index.html") { findings in
      for index in findings.sets!.effects.indices {
        findings.sets!.effects[index].hasIntervals = false
      }
    }
    #expect(few.contains("there are too few documents for intervals."))
    #expect(few.contains("own loss in percent, without intervals; random"))
    #expect(!few.contains("intervals over documents"))
    #expect(
      try whole("index.html").contains("own loss in percent, with 95 % intervals over documents;"))
    let curve = try whole("labels/dutch.html")
    #expect(curve.contains("above both control sets, intervals apart."))
    let unclear = try whole("labels/dutch.html") { findings in
      for index in findings.sets!.effects.indices
      where findings.sets!.effects[index].ranking == .matched {
        findings.sets!.effects[index].high = [9, 9, 9]
      }
    }
    #expect(unclear.contains("that is not clear of the control sets."))
  }

  @Test func withoutSetsThereIsNoSectionOfThem() throws {
    #expect(try !whole("index.html") { $0.sets = nil }.contains("id=\"sets\""))
    #expect(try !whole("labels/dutch.html") { $0.sets = nil }.contains("id=\"sets\""))
  }

  @Test func chanceIsPassedByAsManyAsPassIt() throws {
    #expect(
      try whole("labels/dutch.html").contains(
        "1 of 8 neurons is beyond chance for Dutch (p below 0.050)."))
    #expect(
      try whole("labels/french.html").contains(
        "No neuron is beyond chance for French (p below 0.050)."))
    // 49 of 999 permutations are p = 0.05, which is not below it.
    let some = try whole("labels/french.html") {
      $0.cells[2].reachedLabel = SampleAtlas.whole(49, [0: 48, 5: 0])
    }
    #expect(some.contains("2 of 8 neurons are beyond chance for French (p below 0.050)."))
    #expect(try whole("labels/french.html") { $0.nulls[2].auc = [] }.contains("All neurons"))
  }

  @Test func theThresholdsSharesAreThoseAboveIt() throws {
    // The bins begin at 1: above the edge of index 1 are the second and third counts.
    #expect(
      try whole("neurons/L0N1.html").contains(
        "Above its threshold of 0.50 are 90.0 % of the tokens of Dutch and 17.5 % of all others."))
  }

  @Test func trainingIsToldByItsEnds() throws {
    #expect(try !whole("index.html").contains("id=\"checkpoints\""))
    func told(_ states: [AtlasCheckpoint]) throws -> String {
      try whole("index.html") { $0.checkpoints = states }
    }
    let grown = try told([
      SampleAtlas.checkpoint("step0"),
      SampleAtlas.checkpoint("step8", confirmed: 1, equals: "step4"),
    ])
    #expect(
      grown.contains(
        "From step0 to the atlas&#39;s own model, the labels with a confirmed neuron grow from 0 to 1."
      ))
    #expect(grown.contains("step8 has the weights of step4"))
    let shrunk = try told([SampleAtlas.checkpoint("step0", confirmed: 1)])
    #expect(shrunk.contains("the labels with a confirmed neuron shrink from 3 to 1."))
    #expect(!shrunk.contains("has the weights of"))
  }
}
