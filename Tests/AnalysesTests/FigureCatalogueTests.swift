import Analyses
import JSON
import StudyFile
import Testing

/// Figures are known by their names before the model runs.
struct FigureCatalogueTests {
  /// Holds a study's findings against its catalogue: every number must have been known, and every
  /// figure of the report.
  static func check(_ findings: Findings, json: JSON, layers: Int) throws {
    let study = findings.study.file
    let catalogue = FigureCatalogue(study, layers: layers)
    var addresses: [String] = []
    func collect(_ json: JSON, _ address: String) {
      let prefix = address.isEmpty ? "" : address + "."
      switch json {
      case .number: addresses.append(address)
      case .array(let items):
        for (index, item) in items.enumerated() { collect(item, prefix + String(index)) }
      case .object(let members):
        for member in members { collect(member.value, prefix + FigureAddress.step(member.key)) }
      default: break
      }
    }
    collect(json, "")
    #expect(addresses.count > 1000)
    let unknown = try addresses.compactMap { text -> String? in
      do {
        try catalogue.check(try FigureAddress.parse(text), is: .number)
        return nil
      } catch let fault as FigureCatalogue.Fault {
        return "\(text): \(fault)"
      }
    }
    #expect(unknown == [])
    let figures = findings.sections().flatMap(\.blocks).compactMap { block -> String? in
      if case .figure(let figure) = block { figure.id } else { nil }
    }
    #expect(!figures.isEmpty && Set(figures).subtracting(catalogue.figures) == [])
  }

  private static let yaml = """
    title: A study
    model: builtin:demo
    corpora:
      - {name: Dutch, path: nl.txt}
      - {name: "Old. German", path: de.txt}
      - {name: Stories, path: stories.txt, role: evaluation}
    target: Dutch
    layer: 3
    probe: {k: 4, splits: 2, candidates: 3}
    prompts:
      - {text: a, answers: [b, c]}
      - {text: d, answers: [e]}
    evidence: {effects: off}

    """

  private func fault(
    _ address: String, _ kind: FigureCatalogue.Kind = .number, extra: String = ""
  ) throws -> FigureCatalogue.Fault? {
    let catalogue = FigureCatalogue(try StudyFile(yaml: Self.yaml + extra), layers: 6)
    do {
      try catalogue.check(try FigureAddress.parse(address), is: kind)
      return nil
    } catch let fault as FigureCatalogue.Fault {
      return fault
    }
  }

  @Test func everyShapeIsKnownToItsEnds() throws {
    func ends(_ shape: FigureShape) -> [FigureShape] {
      switch shape {
      case .list(let item): ends(item)
      case .named(let member): ends(member)
      case .object(let members): members.flatMap { ends($0.shape) }
      case .number, .word, .unknown: [shape]
      }
    }
    func shape<A: Analysis>(_ analysis: A) -> FigureShape { .of(A.Result.self) }
    for analysis in Registry.all {
      let ends = ends(shape(analysis))
      #expect(!ends.isEmpty && !ends.contains(.unknown), "\(analysis.id)")
    }
  }

  @Test(arguments: [
    "sparse_probe.test_accuracy", "sparse_probe.neurons.3", "sparse_probe.rows.other",
    "neuron_accuracy.splits.1.neurons.2.test_accuracy", "activation_histogram.edges.70",
    "ablation.corpora.Dutch.masked.clean", "ablation.corpora.Stories.documents",
    "ablation_controls.corpora.\"Old. German\".ablations.zero.change.value",
    "prompts.1.answers.0.clean.rank", "logit_attribution.0.logit_difference.clean",
    "weight_similarity.cosine.1.values.9", "downstream.1.masked.selected.0",
    "examples.classes.1.passages.7.activations.3", "probe_sweep.layers.5.best.tokens.mcc.mean",
    "positions.0.masked.activation.40",
  ])
  func whatCanBeIsAccepted(address: String) throws { #expect(try fault(address) == nil) }

  @Test(arguments: [
    ("sparse_probe.test_acuracy", "Did you mean test_accuracy?"),
    ("sparse_prob.test_accuracy", "Did you mean sparse_probe?"),
    ("sparse_probe.neurons.4", "sparse_probe.neurons has at most 4 items."),
    ("sparse_probe.neurons.first", "indexes a list"), ("sparse_probe.neurons", "Add a number"),
    ("sparse_probe.rows", "Name one of them: target, other."), ("sparse_probe", "Name one of them"),
    ("sparse_probe.seed.0", "Leave out this step"),
    ("sparse_probe.rows.Dutch", "Known here: target, other."),
    ("neuron_accuracy.splits.2.seed", "has at most 2 items"),
    ("neuron_accuracy.splits.1.neurons.3.neuron", "has at most 3 items"),
    ("ablation.corpora.Duch.masked.clean", "Did you mean Dutch?"),
    ("ablation.corpora.\"Old. German\".masked.clean", "Known here: Dutch, Stories."),
    ("ablation.corpora", "Name one of them: Dutch, Stories."),
    ("ablation.corpora.Dutch.padded.clean", "The study has no `padded:`."),
    ("ablation_controls.corpora.\"Old. German\".ablations.mean_othr.change.value", "mean_other"),
    ("effects.total.value", "`effects: off`"), ("prompts.2.clean.0.logit", "at most 2 items"),
    ("prompts.0.answers.2.id", "prompts.0.answers has at most 2 items."),
    ("prompts.1.answers.1.id", "prompts.1.answers has one item."),
    ("prompts.0.clean.10.logit", "at most 10 items"), ("prompts.0.clean.0.token", "Only numbers"),
    ("prompts.0.text", "Only numbers"), ("logit_attribution.1.bias", "has one item"),
    ("weight_similarity.cosine.2.values.0", "at most 2 items"),
    ("downstream.2.masked.selected.0", "at most 2 items"),
    ("comparison.neurons.0.neuron", "no neurons to `compare:`"),
    ("positions.2.neuron", "at most 2 items"), ("objections.0.answered", "Only numbers"),
  ])
  func whatCannotBeIsToldWithTheNearestName(address: String, advice: String) throws {
    let fault = try fault(address)
    #expect(fault?.advice.contains(advice) == true, "\(String(describing: fault))")
  }

  @Test func listsAndNumbersAreToldApart() throws {
    #expect(try fault("sparse_probe.neurons", .numbers(4)) == nil)
    #expect(try fault("sparse_probe.neurons", .numbers(5))?.expected.contains("at most 4") == true)
    #expect(try fault("sparse_probe.test_accuracy", .numbers(1))?.found == "one number")
    #expect(try fault("weight_similarity.cosine.0.values", .numbers(11)) != nil)
    #expect(try fault("prompts.0.tokens", .numbers(1)) != nil)
    #expect(try fault("positions.0.masked.activation", .numbers(100)) == nil)
  }

  @Test func settingsDecideWhatIsThere() throws {
    let padded = "padded: {batch: 2}\n"
    #expect(try fault("ablation.corpora.Dutch.padded.clean", extra: padded) == nil)
    #expect(try fault("comparison.neurons.1.neuron", extra: "compare: [5]\n") == nil)
    #expect(try fault("comparison.neurons.2.neuron", extra: "compare: [5]\n") != nil)
    // Without the model's layers less is known, and nothing is refused for it.
    let open = FigureCatalogue(try StudyFile(yaml: Self.yaml), layers: nil)
    #expect(throws: Never.self) {
      try open.check(try FigureAddress.parse("probe_sweep.layers.90.layer"), is: .number)
    }
  }

  @Test(
    arguments: [
      ("prompt-2", nil), ("ablation", nil), ("logit-attribution-1", nil),
      ("prompt-3", "Did you mean prompt-1?"), ("abaltion", "Did you mean ablation?"),
      ("logit-attribution-2", "Did you mean logit-attribution-1?"), ("effects", "`effects: off`"),
      ("positions-corpus-1-loss", "Did you mean positions-"), ("", "Known here"),
    ] as [(String, String?)])
  func figuresAreKnownByTheirIds(id: String, advice: String?) throws {
    let catalogue = FigureCatalogue(try StudyFile(yaml: Self.yaml), layers: 6)
    var fault: FigureCatalogue.Fault?
    do { try catalogue.check(figure: id) } catch let found { fault = found }
    #expect((fault == nil) == (advice == nil))
    if let advice {
      #expect(fault?.advice.contains(advice) == true, "\(String(describing: fault))")
    }
  }
}
